"""What goes out: channels, whom they reach, and every message until somebody has it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from dispatch.models import Department
from events.models import Event, Log
from integrations.models.source import Source


class Channel(models.Model):
    """A way to reach people or systems; `kind` is a folder of integrations/channels.

    `options` are what the kind needs (address, secrets); `departments` whose notices go here, none
    means everybody's. `kinds` are the timeline kinds it carries, empty means the kind's own choice.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=20)
    active = models.BooleanField(_("启用"), default=True)
    options = models.JSONField(_("参数"), default=dict, blank=True)
    departments = models.ManyToManyField(
        Department, related_name="+", blank=True, verbose_name=_("部门")
    )
    kinds = models.JSONField(_("时间线种类"), default=list, blank=True)
    per_minute = models.PositiveIntegerField(_("每分钟上限（0 为类型默认）"), default=0)
    # Nothing goes out before this moment: the other side asked us to wait.
    blocked_until = models.DateTimeField(null=True, editable=False)
    blocked_why = models.CharField(max_length=200, blank=True, editable=False)
    # Who changed which setting; options hold keys, the others are written by processes.
    history = HistoricalRecords(excluded_fields=["options", "blocked_until", "blocked_why"])

    class Meta:
        verbose_name = _("通道")
        verbose_name_plural = _("通道")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Contact(models.Model):
    """Where a person is reached by a kind of channel: a WeCom user id, a telephone, a browser."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contacts")
    kind = models.CharField(_("通道类型"), max_length=20)
    address = models.CharField(_("地址"), max_length=600)
    # For Web Push the browser's keys.
    options = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("联系方式")
        verbose_name_plural = _("联系方式")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "address"], name="contact_once")
        ]

    def __str__(self):
        return f"{self.kind}: {self.user_id}"


class Purpose(models.TextChoices):
    """What a message is for."""

    NOTICE = "notice", _("通知")
    WRITE_BACK = "write_back", _("回写")
    WEBHOOK = "webhook", _("推送")
    # Many notices in one, so that a storm does not ring the same telephone forty times.
    BUNDLE = "bundle", _("合并通知")
    TEST = "test", _("测试")


class OutboundState(models.TextChoices):
    """Where a message stands. `sending` is claimed by a process; a crash there means `unknown`."""

    PENDING = "pending", _("待发")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已送达")
    UNKNOWN = "unknown", _("结果未知")
    DEAD = "dead", _("失败")
    BUNDLED = "bundled", _("已合并")


class OutboundMessage(models.Model):
    """One message to one recipient. `key` makes it the same message, however often it is made."""

    key = models.CharField(max_length=200, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="messages")
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="answers")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="outbound")
    recipient = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="messages")
    urgent = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=OutboundState, default=OutboundState.PENDING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    # After this moment it helps nobody any more.
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    bundled_in = models.ForeignKey("self", models.SET_NULL, null=True, related_name="bundles")

    class Meta:
        verbose_name = _("去件")
        verbose_name_plural = _("去件")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=False) ^ Q(source__isnull=False),
                name="outbound_one_way",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="pending"), name="outbound_pending"),
            models.Index(
                fields=["expires_at"], condition=Q(state="pending"), name="outbound_expiring"
            ),
            models.Index(fields=["state", "created_at"], name="outbound_state"),
            models.Index(fields=["-created_at", "-id"], name="outbound_newest"),
            models.Index(fields=["channel", "ended_at"], name="outbound_channel"),
            models.Index(
                fields=["channel", "recipient", "created_at"],
                condition=Q(purpose="notice", urgent=False),
                name="outbound_quiet",
            ),
            models.Index(
                fields=["source", "event"],
                condition=Q(purpose="write_back", state__in=["pending", "sending"]),
                name="outbound_answers",
            ),
        ]

    def __str__(self):
        return self.key


class OutboxCursor(models.Model):
    """How far the outbox has read a district's log; moved in the transaction that made messages."""

    log = models.OneToOneField(Log, models.CASCADE, related_name="+")
    offset = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.log_id}: {self.offset}"


class OutboxTally(models.Model):
    """How many messages by a channel or source ended how, since the beginning; for /metrics."""

    purpose = models.CharField(max_length=10, choices=Purpose)
    name = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "name", "verdict"], name="outbox_tally")
        ]

    def __str__(self):
        return f"{self.purpose} {self.name} {self.verdict}: {self.count}"
