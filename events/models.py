"""The nouns of an event. Points are WGS-84 degrees, times are aware datetimes."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Priority(models.TextChoices):
    """How urgent; P1 is the most urgent. Shown as shape, word and colour."""

    P1 = "P1", _("特急")
    P2 = "P2", _("紧急")
    P3 = "P3", _("一般")
    P4 = "P4", _("低")


class State(models.TextChoices):
    """Where an event stands. On hold, supervised and reopened are facts beside the state."""

    REGISTERED = "registered", _("待签收")
    RESPONDED = "responded", _("处置中")
    HANDLED = "handled", _("待核查")
    CLOSED = "closed", _("已办结")
    CANCELLED = "cancelled", _("已作废")
    MERGED = "merged", _("已合并")


OPEN_STATES = (State.REGISTERED, State.RESPONDED, State.HANDLED)


class Supervision(models.TextChoices):
    """The pressure ladder of 督办; a lower card cannot follow a higher one."""

    NONE = "", _("无")
    PLAIN = "plain", _("普通督办")
    YELLOW = "yellow", _("黄牌督办")
    RED = "red", _("红牌督办")


class Category(models.Model):
    """A class of events in a scheme, e.g. GB/T 30428.2 or the district's own emergency list."""

    scheme = models.CharField(_("分类体系"), max_length=40)
    version = models.CharField(_("版本"), max_length=20, default="1")
    code = models.CharField(_("代码"), max_length=80)
    qualified = models.CharField(_("全码"), max_length=130, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=120)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    path = models.CharField(max_length=600, editable=False, db_index=True)
    priority = models.CharField(
        _("默认优先级"), max_length=2, choices=Priority, default=Priority.P3
    )
    selectable = models.BooleanField(_("可选"), default=True)
    active = models.BooleanField(_("启用"), default=True)
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("事件分类")
        verbose_name_plural = _("事件分类")
        ordering = ["scheme", "code"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "version", "code"], name="category_code")
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.qualified = self.qualify(self.scheme, self.code)
        before = self.path
        self.path = f"{self.parent.path if self.parent else '/'}{self.qualified}/"
        super().save(*args, **kwargs)
        if before and before != self.path:
            # What stands below moves along, or rules would look for it in the old place.
            for child in self.children.all():
                child.parent = self
                child.save()

    @staticmethod
    def qualify(scheme, code):
        """The code by which the API names a category: `scheme.code`."""
        return f"{scheme}.{code}"


class Log(models.Model):
    """A district's log: `top` is the last offset given; `epoch` changes when a backup is restored.

    `access_version` grows whenever somebody's rights change, so that open sockets look again.
    """

    code = models.CharField(max_length=12, unique=True)
    prefix = models.CharField(max_length=4, default="YX")
    epoch = models.UUIDField(default=uuid.uuid4)
    top = models.BigIntegerField(default=0)
    access_version = models.BigIntegerField(default=0)

    def __str__(self):
        return self.code


def tracking_code():
    """A public code that cannot be guessed: 80 random bits without look-alike letters."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _i in range(16))


class Event(models.Model):
    """Something that happened somewhere in the district and that somebody must handle."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="events")
    number = models.CharField(max_length=40, unique=True)
    tracking_code = models.CharField(max_length=20, unique=True, default=tracking_code)
    state = models.CharField(max_length=12, choices=State, default=State.REGISTERED)
    priority = models.CharField(max_length=2, choices=Priority, default=Priority.P3)
    category = models.ForeignKey(Category, models.PROTECT, related_name="events")
    # Which of the class's conditions of filing (立案条件) was found to hold; it chooses the limits.
    condition = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)

    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    address = models.CharField(max_length=300, blank=True)
    reported_lon = models.FloatField(null=True)
    reported_lat = models.FloatField(null=True)
    reported_crs = models.CharField(max_length=10, blank=True)
    locate_method = models.CharField(max_length=30, blank=True)
    locate_confidence = models.FloatField(default=0)
    district = models.ForeignKey("geo.Area", models.PROTECT, null=True, related_name="+")
    street = models.ForeignKey("geo.Area", models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey("geo.Area", models.PROTECT, null=True, related_name="+")

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120, blank=True)
    client_id = models.UUIDField(null=True)
    content_digest = models.CharField(max_length=64, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reported_events"
    )
    reporter_name = models.CharField(max_length=60, blank=True)
    reporter_department = models.CharField(max_length=80, blank=True)
    reporter_phone = models.CharField(max_length=40, blank=True)

    occurred_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    on_hold = models.BooleanField(default=False)
    held_since = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    held_seconds = models.PositiveIntegerField(default=0)
    supervision = models.CharField(
        max_length=8, choices=Supervision, default=Supervision.NONE, blank=True
    )
    escalation = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    reworked = models.PositiveSmallIntegerField(default=0)
    returned = models.PositiveSmallIntegerField(default=0)
    fallback = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    # How many events are merged into this one.
    absorbed = models.PositiveIntegerField(default=0)
    # What a merge has set aside: an unmerge puts it back.
    state_before_merge = models.CharField(max_length=12, blank=True)
    before_merge = models.JSONField(default=dict, blank=True)
    routing_trace = models.JSONField(default=dict)

    version = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("事件")
        verbose_name_plural = _("事件")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="event_external_id",
            ),
            models.UniqueConstraint(
                fields=["reporter", "client_id"],
                condition=Q(client_id__isnull=False),
                name="event_client_id",
            ),
        ]
        indexes = [
            models.Index("registered_at", "id", name="event_registered"),
            models.Index("street", "registered_at", "id", name="event_street"),
            models.Index("community", "registered_at", "id", name="event_community"),
            models.Index("reporter", "registered_at", "id", name="event_reporter"),
            models.Index(
                fields=["state", "registered_at", "id"],
                condition=Q(state__in=["registered", "responded", "handled"]),
                name="event_open",
            ),
            models.Index(fields=["held_until"], condition=Q(on_hold=True), name="event_held_until"),
            # What is open around a point, and what was closed lately: see dispatch/similar.
            models.Index(
                fields=["lat", "lon"],
                condition=Q(state__in=["registered", "responded", "handled"]),
                name="event_open_place",
            ),
            models.Index(fields=["closed_at"], condition=Q(state="closed"), name="event_closed_at"),
        ]

    def __str__(self):
        return self.number


class TimelineEntry(models.Model):
    """One change, written in the transaction that made it. Append-only.

    `seq` is gapless within the event, `offset` gapless within the log. `changes` holds the fields
    of the event's public shape that this change altered. `audience` are the access tokens that may
    see the entry, `leavers` those that lost the event with it.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="timeline")
    seq = models.PositiveIntegerField()
    log = models.ForeignKey(Log, models.PROTECT, related_name="entries")
    offset = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60, blank=True)
    actor_department = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    audience = models.JSONField(default=list)
    leavers = models.JSONField(default=list)

    class Meta:
        verbose_name = _("时间线")
        verbose_name_plural = _("时间线")
        constraints = [
            models.UniqueConstraint(fields=["event", "seq"], name="entry_seq"),
            models.UniqueConstraint(fields=["log", "offset"], name="entry_offset"),
        ]
        indexes = [models.Index(fields=["log", "at"], name="entry_at")]

    def __str__(self):
        return f"{self.kind} #{self.seq}"


class AttachmentKind(models.TextChoices):
    """What a file is."""

    PHOTO = "photo", _("照片")
    VOICE = "voice", _("语音")
    VIDEO = "video", _("视频")


class AttachmentRole(models.TextChoices):
    """What a picture shows: the scene from afar or near, before or after handling."""

    NONE = "", _("未标明")
    NEAR = "near", _("近景")
    FAR = "far", _("远景")
    BEFORE = "before", _("处置前")
    AFTER = "after", _("处置后")


class Attachment(models.Model):
    """A file of an event, re-encoded, under a random name; without an event until it is bound.

    A person uploaded it, or another system sent it: then `source` is that system's name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="attachments")
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    source = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=AttachmentKind)
    role = models.CharField(max_length=8, choices=AttachmentRole, blank=True)
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", max_length=200, blank=True)
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_s = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    taken_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    client_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        constraints = [
            models.UniqueConstraint(
                fields=["uploader", "client_id"],
                condition=Q(client_id__isnull=False),
                name="attachment_client_id",
            ),
            models.UniqueConstraint(
                fields=["source", "client_id"],
                condition=Q(client_id__isnull=False, uploader__isnull=True),
                name="attachment_source_client_id",
            ),
            models.CheckConstraint(
                condition=Q(uploader__isnull=False) ^ ~Q(source=""), name="attachment_one_origin"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(event__isnull=True), name="attachment_unbound"
            )
        ]

    def __str__(self):
        return str(self.id)
