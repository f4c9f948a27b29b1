"""Limits, deadlines, and requests to move or stop them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Category, Event


class Stage(models.TextChoices):
    """What a deadline is for."""

    RESPOND = "respond", _("响应")
    HANDLE = "handle", _("处置")
    VERIFY = "verify", _("核查")


class LimitType(models.TextChoices):
    """How a limit's clock runs; the working calendar stands still outside working hours."""

    URGENT_MINUTE = "urgent_minute", _("紧急分钟")
    URGENT_HOUR = "urgent_hour", _("紧急小时")
    URGENT_DAY = "urgent_day", _("自然日")
    WORK_HOUR = "work_hour", _("工作小时")
    WORK_DAY = "work_day", _("工作日")


class LimitRule(models.Model):
    """How long a stage may take for a class; the condition tells rows of a class apart."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="limits")
    stage = models.CharField(max_length=8, choices=Stage)
    condition = models.CharField(_("立案条件"), max_length=300, blank=True)
    closing = models.CharField(_("结案条件"), max_length=300, blank=True)
    value = models.FloatField(_("时限"))
    limit_type = models.CharField(_("时限类型"), max_length=14, choices=LimitType)
    default = models.BooleanField(_("默认"), default=False)

    class Meta:
        verbose_name = _("时限规则")
        verbose_name_plural = _("时限规则")
        ordering = ["category", "stage", "-default", "id"]

    def __str__(self):
        return f"{self.category} {self.get_stage_display()} {self.value:g}"


class Holiday(models.Model):
    """A day that differs from the weekly pattern: a day off, or a make-up workday (调休)."""

    day = models.DateField(unique=True)
    working = models.BooleanField(_("上班"), default=False)
    name = models.CharField(_("名称"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("节假日")
        verbose_name_plural = _("节假日")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.name}"


class DeadlineState(models.TextChoices):
    """Live and paused run; the others are ends, kept because indicators need them."""

    LIVE = "live", _("计时中")
    PAUSED = "paused", _("暂停")
    MET = "met", _("按时")
    MISSED = "missed", _("超时")
    SUPERSEDED = "superseded", _("已更换")


class Deadline(models.Model):
    """By when a stage of an event must be done. `next_at` is when the clock looks at it again."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="deadlines")
    stage = models.CharField(max_length=8, choices=Stage)
    state = models.CharField(max_length=10, choices=DeadlineState, default=DeadlineState.LIVE)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    limit_text = models.CharField(max_length=60, blank=True)
    # Flagged when the limit reaches past the years whose holidays are known.
    uncertain = models.BooleanField(default=False)
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    remaining_seconds = models.FloatField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "stage"],
                condition=Q(state__in=["live", "paused"]),
                name="deadline_one_running",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="live"), name="deadline_next"),
            models.Index(fields=["event"], name="deadline_event"),
        ]

    def __str__(self):
        return f"{self.stage} {self.due_at}"


class EscalationStep(models.Model):
    """At `percent` of a stage's limit, who is told."""

    class Notify(models.TextChoices):
        GROUP = "group", _("工作群")
        STREET = "street", _("街道督导")
        DISTRICT = "district", _("区级督导")

    stage = models.CharField(max_length=8, choices=Stage)
    percent = models.PositiveIntegerField()
    notify = models.CharField(max_length=10, choices=Notify)

    class Meta:
        verbose_name = _("升级步骤")
        verbose_name_plural = _("升级步骤")
        ordering = ["stage", "percent"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "percent"], name="escalation_percent")
        ]

    def __str__(self):
        return f"{self.stage} {self.percent}% → {self.notify}"


class PauseRequest(models.Model):
    """A department's request for more time (extension) or for a stop of the clock (hold)."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("延期")
        HOLD = "hold", _("挂账")

    class State(models.TextChoices):
        PENDING = "pending", _("待审批")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")

    event = models.ForeignKey(Event, models.PROTECT, related_name="pause_requests")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=500)
    until = models.DateTimeField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(state="pending"), name="pause_one_pending"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.state}"


class Heartbeat(models.Model):
    """When a background process was last seen alive."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    def __str__(self):
        return self.name
