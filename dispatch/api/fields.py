"""Serializer fields and bodies: what each POST takes."""

import math

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from events.models import Priority, Supervision
from events.report import clean

CRS = ("WGS84", "GCJ02", "BD09", "CGCS2000")


class CleanText(serializers.CharField):
    """Text without control characters; blank allowed unless told otherwise."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 5000)
        if not kwargs.get("required", True):
            kwargs.setdefault("allow_blank", True)
        super().__init__(**kwargs)

    def run_validation(self, data=serializers.empty):
        """The cleaned text, checked for length and blankness after cleaning."""
        if isinstance(data, str):
            data = clean(data)
        return super().run_validation(data)


class NumberField(serializers.FloatField):
    """A number that JSON and the database can hold: neither NaN nor infinite."""

    def to_internal_value(self, data):
        """The float; raises ValidationError."""
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class LocationBody(serializers.Serializer):
    """A point in its own coordinate system, degrees, longitude first."""

    lon = NumberField()
    lat = NumberField()
    crs = serializers.ChoiceField(choices=CRS, default="WGS84")
    accuracy_m = NumberField(required=False, allow_null=True, min_value=0)


class TokenBody(serializers.Serializer):
    """Name and password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class ReportBody(serializers.Serializer):
    """`POST reports/`."""

    client_id = serializers.UUIDField()
    text = CleanText(required=False, default="")
    category = serializers.CharField(max_length=130, required=False, allow_blank=True, default="")
    condition = CleanText(max_length=300, required=False, default="")
    priority = serializers.ChoiceField(choices=Priority.values, required=False, allow_blank=True)
    location = LocationBody(required=False, allow_null=True)
    address = CleanText(max_length=300, required=False, default="")
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=20, required=False, default=list
    )


class LocateBody(serializers.Serializer):
    """`POST geo/locate/`."""

    location = LocationBody(required=False, allow_null=True)
    address = CleanText(max_length=300, required=False, default="")


class SimilarQuery(serializers.Serializer):
    """`GET similar/`."""

    lon = NumberField()
    lat = NumberField()
    crs = serializers.ChoiceField(choices=CRS, default="WGS84")
    category = serializers.CharField(max_length=130, required=False, allow_blank=True, default="")


class SuggestBody(serializers.Serializer):
    """`POST categories/suggest/`."""

    text = CleanText()


class EmptyBody(serializers.Serializer):
    """claim, arrive, resume."""


class NoteBody(serializers.Serializer):
    """close, urge, escalate."""

    text = CleanText(required=False, default="")


class InstructBody(serializers.Serializer):
    """instruct."""

    text = CleanText()


class ConditionBody(serializers.Serializer):
    """choose_limit: a condition of the class, empty for its default."""

    condition = CleanText(max_length=300, required=False, default="")


class FilesBody(serializers.Serializer):
    """Text with files."""

    text = CleanText(required=False, default="")
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=20, required=False, default=list
    )


class PostBody(FilesBody):
    """post: text or files, internal unless said otherwise."""

    public = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs):
        """There must be something to say."""
        if not attrs["text"] and not attrs["attachments"]:
            raise serializers.ValidationError({"text": _("请输入内容或添加附件。")})
        return attrs


class AttachBody(serializers.Serializer):
    """attach: files already uploaded."""

    attachments = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20)


class ReasonBody(serializers.Serializer):
    """return, reopen, reroute, cancel."""

    reason = CleanText(max_length=500)


class TransferBody(ReasonBody):
    """transfer."""

    department = serializers.CharField(max_length=40)


class SupportBody(ReasonBody):
    """request_support."""

    departments = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=20
    )


class ReleaseBody(SupportBody):
    """release_support."""

    reason = CleanText(max_length=500, required=False, default="")


class VerifyBody(NoteBody):
    """verify."""

    passed = serializers.BooleanField()


class HoldBody(ReasonBody):
    """hold."""

    until = serializers.DateTimeField(required=False, allow_null=True)


class ExtensionBody(ReasonBody):
    """request_extension."""

    until = serializers.DateTimeField()


class DecisionBody(NoteBody):
    """decide_extension."""

    granted = serializers.BooleanField()


class SuperviseBody(NoteBody):
    """supervise."""

    level = serializers.ChoiceField(choices=[level for level in Supervision.values if level])


class ReclassifyBody(serializers.Serializer):
    """reclassify."""

    category = serializers.CharField(max_length=130)
    reason = CleanText(max_length=500, required=False, default="")


class RelocateBody(LocateBody):
    """relocate."""

    reason = CleanText(max_length=500, required=False, default="")


class MergeBody(serializers.Serializer):
    """merge."""

    into = serializers.CharField(max_length=40)


class UnmergeBody(serializers.Serializer):
    """unmerge."""

    number = serializers.CharField(max_length=40)


BODIES = {
    "claim": EmptyBody,
    "arrive": EmptyBody,
    "resume": EmptyBody,
    "post": PostBody,
    "attach": AttachBody,
    "complete": FilesBody,
    "return": ReasonBody,
    "transfer": TransferBody,
    "request_support": SupportBody,
    "release_support": ReleaseBody,
    "verify": VerifyBody,
    "close": NoteBody,
    "reopen": ReasonBody,
    "hold": HoldBody,
    "request_extension": ExtensionBody,
    "decide_extension": DecisionBody,
    "urge": NoteBody,
    "supervise": SuperviseBody,
    "escalate": NoteBody,
    "instruct": InstructBody,
    "choose_limit": ConditionBody,
    "reclassify": ReclassifyBody,
    "relocate": RelocateBody,
    "reroute": ReasonBody,
    "merge": MergeBody,
    "unmerge": UnmergeBody,
    "cancel": ReasonBody,
}
