"""The shapes that the API answers with, for its OpenAPI schema and for the tests."""

from rest_framework import serializers as s

from dispatch.models import LIMITED, AssignmentRole, AssignmentState, LimitType, Role
from events.models import AttachmentKind, AttachmentRole, Priority, State, Supervision


class NamedShape(s.Serializer):
    code = s.CharField()
    name = s.CharField()


class DepartmentShape(NamedShape):
    kind = s.CharField()


class LocationShape(s.Serializer):
    """WGS-84 degrees."""

    lon = s.FloatField()
    lat = s.FloatField()


class AreaChainShape(s.Serializer):
    district = NamedShape(allow_null=True)
    street = NamedShape(allow_null=True)
    community = NamedShape(allow_null=True)


class LocateShape(s.Serializer):
    method = s.CharField(allow_blank=True)
    confidence = s.FloatField()


class ReporterShape(s.Serializer):
    name = s.CharField()
    department = s.CharField(allow_null=True)


class AssignmentShape(s.Serializer):
    department = DepartmentShape()
    role = s.ChoiceField(AssignmentRole.choices)
    required = s.BooleanField()
    state = s.ChoiceField(AssignmentState.choices)
    claimed_by = s.CharField(allow_null=True)
    dispatched_at = s.DateTimeField()
    claimed_at = s.DateTimeField(allow_null=True)
    claim_expired_at = s.DateTimeField(allow_null=True)
    arrived_at = s.DateTimeField(allow_null=True)
    done_at = s.DateTimeField(allow_null=True)
    ended_at = s.DateTimeField(allow_null=True)


class DeadlineShape(s.Serializer):
    stage = s.ChoiceField(LIMITED)
    started_at = s.DateTimeField()
    warn_at = s.DateTimeField(allow_null=True)
    due_at = s.DateTimeField()
    state = s.ChoiceField(["live", "paused", "met", "missed"])
    limit = s.CharField(allow_blank=True)
    uncertain = s.BooleanField()


class AttachmentShape(s.Serializer):
    id = s.UUIDField()
    kind = s.ChoiceField(AttachmentKind.choices)
    role = s.ChoiceField(AttachmentRole.choices, allow_blank=True)
    url = s.CharField()
    thumbnail = s.CharField(allow_null=True)
    content_type = s.CharField()
    size = s.IntegerField()
    width = s.IntegerField(allow_null=True)
    height = s.IntegerField(allow_null=True)
    duration_s = s.FloatField(allow_null=True)
    by = s.CharField(allow_null=True)
    at = s.DateTimeField()
    taken_at = s.DateTimeField(allow_null=True)
    location = LocationShape(allow_null=True)


class MainShape(s.Serializer):
    """How far the event has come into which another is merged."""

    number = s.CharField()
    state = s.ChoiceField(State.choices)
    responded_at = s.DateTimeField(allow_null=True)
    handled_at = s.DateTimeField(allow_null=True)
    closed_at = s.DateTimeField(allow_null=True)


class EventShape(s.Serializer):
    """An event, wherever it is shown."""

    number = s.CharField()
    tracking_code = s.CharField()
    state = s.ChoiceField(State.choices)
    priority = s.ChoiceField(Priority.choices)
    category = NamedShape()
    condition = s.CharField(allow_blank=True)
    title = s.CharField()
    text = s.CharField(allow_blank=True)
    location = LocationShape(allow_null=True)
    accuracy_m = s.FloatField(allow_null=True)
    address = s.CharField(allow_blank=True)
    area = AreaChainShape(allow_null=True)
    locate = LocateShape()
    source = s.CharField()
    external_id = s.CharField(allow_blank=True)
    reporter = ReporterShape(allow_null=True)
    assignments = AssignmentShape(many=True)
    deadlines = DeadlineShape(many=True)
    unanswered = s.IntegerField()
    attachments = AttachmentShape(many=True)
    occurred_at = s.DateTimeField()
    registered_at = s.DateTimeField()
    responded_at = s.DateTimeField(allow_null=True)
    handled_at = s.DateTimeField(allow_null=True)
    closed_at = s.DateTimeField(allow_null=True)
    version = s.IntegerField()
    seq = s.IntegerField()
    on_hold = s.BooleanField()
    held_until = s.DateTimeField(allow_null=True)
    supervision = s.ChoiceField(Supervision.choices, allow_blank=True)
    escalation = s.IntegerField()
    reopened = s.IntegerField()
    reworked = s.IntegerField()
    returned = s.IntegerField()
    fallback = s.BooleanField()
    merged_into = s.CharField(allow_null=True)
    main = MainShape(allow_null=True)
    absorbed = s.IntegerField()


class PositionShape(s.Serializer):
    epoch = s.CharField()
    offset = s.IntegerField()


class EventDetailShape(EventShape):
    """An event with the log position read before its rows."""

    position = PositionShape()


class EntryShape(s.Serializer):
    event = s.CharField()
    seq = s.IntegerField()
    offset = s.IntegerField()
    kind = s.CharField()
    label = s.CharField()
    at = s.DateTimeField()
    actor = ReporterShape(allow_null=True)
    data = s.DictField()
    summary = s.CharField(allow_blank=True)
    changes = s.DictField()


class PageShape(s.Serializer):
    next = s.CharField(allow_null=True)


class EventPage(PageShape):
    results = EventShape(many=True)


class EntryPage(PageShape):
    results = EntryShape(many=True)


class MeShape(s.Serializer):
    username = s.CharField()
    name = s.CharField()
    role = s.ChoiceField(Role.choices, allow_blank=True)
    department = NamedShape(allow_null=True)
    areas = NamedShape(many=True)


class DeskShape(EventPage):
    position = PositionShape()
    now = s.DateTimeField()
    me = MeShape()


class LogShape(s.Serializer):
    """Entries after an offset that this person may see; `lost` are events no longer theirs."""

    position = PositionShape()
    recovered = s.BooleanField()
    results = EntryShape(many=True)
    lost = s.ListField(child=s.CharField())
    next = s.IntegerField(allow_null=True)


class TokenShape(s.Serializer):
    token = s.CharField()
    expires_at = s.DateTimeField()


class ActionShape(s.Serializer):
    name = s.CharField()
    label = s.CharField()
    allowed = s.BooleanField()
    why = s.CharField(allow_null=True)


class ActionsShape(s.Serializer):
    actions = ActionShape(many=True)


class NearestStreetShape(NamedShape):
    distance_m = s.FloatField()


class LocatedShape(s.Serializer):
    location = LocationShape(allow_null=True)
    area = AreaChainShape(allow_null=True)
    inside = s.BooleanField()
    nearest_street = NearestStreetShape(allow_null=True)
    method = s.CharField()
    confidence = s.FloatField()


class PlaceShape(s.Serializer):
    name = s.CharField()
    kind = s.CharField()
    location = LocationShape()
    distance_m = s.FloatField()
    attributes = s.DictField()


class PlacesShape(s.Serializer):
    results = PlaceShape(many=True)


class AreaShape(NamedShape):
    level = s.CharField()
    parent = s.CharField(allow_null=True)
    geometry = s.DictField(required=False)


class AreasShape(s.Serializer):
    results = AreaShape(many=True)


class CategoryShape(NamedShape):
    scheme = s.CharField()
    priority = s.ChoiceField(Priority.choices)
    selectable = s.BooleanField()
    children = s.ListField(child=s.DictField())


class CategoriesShape(s.Serializer):
    results = CategoryShape(many=True)


class LimitShape(s.Serializer):
    stage = s.ChoiceField(LIMITED)
    condition = s.CharField(allow_blank=True)
    closing = s.CharField(allow_blank=True)
    limit = s.CharField()
    value = s.FloatField()
    limit_type = s.ChoiceField(LimitType.choices)
    default = s.BooleanField()


class LimitsShape(s.Serializer):
    results = LimitShape(many=True)


class DepartmentsShape(s.Serializer):
    results = DepartmentShape(many=True)


class ProblemShape(s.Serializer):
    """RFC 9457."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField()
    errors = s.DictField(required=False)
    winner = s.DictField(required=False)
