"""Deadlines as they run and as they ran, and requests to move or stop them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.models.assignment import Assignment
from dispatch.models.limit import LIMITED, LimitType, Stage
from events.models import Event


class DeadlineState(models.TextChoices):
    """Live and paused run; the others are ends, kept because indicators need them."""

    LIVE = "live", _("计时中")
    PAUSED = "paused", _("暂停")
    MET = "met", _("按时")
    MISSED = "missed", _("超时")
    SUPERSEDED = "superseded", _("已更换")


RUNNING_STATES = (DeadlineState.LIVE, DeadlineState.PAUSED)


class LimitManager(models.Manager):
    """The deadlines of the stages of events; `Deadline.every` has the other waits too."""

    def get_queryset(self):
        """Only LIMITED stages."""
        return super().get_queryset().filter(stage__in=LIMITED)

    def in_force(self, at):
        """Those that were in force at a moment: one for each event and stage at most.

        From its `paused_at` on a deadline stands still: nothing can fall due by it.
        """
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=at), in_force_from__lte=at)


class Deadline(models.Model):
    """By when a stage of an event must be done, or what the clock waits for beside the stages.

    It counts `value` units of `limit_type` from `started_at`, without the `gaps` [[since, until]]
    of holds; what was reckoned so is `due_at`, `warn_at` (临期) and the `at` of each of `steps`,
    the plan of whom to tell (dispatch/escalation.py): a copy, which no change of a policy alters.
    `step` is the next of them and `next_at` its moment.

    A row never changes by when it is due: a new row takes its place, and `in_force_from` to
    `ended_at` tells which was in force. `assignment` is the part whose sign of life is awaited,
    `asked_seq` the entry that asks for an answer.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="deadlines")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_seq = models.PositiveIntegerField(null=True)
    stage = models.CharField(max_length=8, choices=Stage)
    state = models.CharField(max_length=10, choices=DeadlineState, default=DeadlineState.LIVE)
    started_at = models.DateTimeField()
    value = models.FloatField(null=True)
    limit_type = models.CharField(max_length=14, choices=LimitType, blank=True)
    limit_text = models.CharField(max_length=60, blank=True)
    gaps = models.JSONField(default=list)
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    # Somebody has set it: no change of the calendar moves it.
    fixed = models.BooleanField(default=False)
    # Flagged when the limit reaches past the years whose holidays are known.
    uncertain = models.BooleanField(default=False)
    # The edition of the calendar that a working limit was reckoned by.
    edition = models.PositiveIntegerField(null=True)
    steps = models.JSONField(default=list)
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    in_force_from = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = LimitManager()
    every = models.Manager()  # noqa: DJ012 - a manager too

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "stage"],
                condition=Q(
                    state__in=["live", "paused"],
                    stage__in=["respond", "handle", "verify", "close"],
                    assignment=None,
                ),
                name="deadline_one_running",
            ),
            models.UniqueConstraint(
                fields=["assignment", "stage"],
                condition=Q(state__in=["live", "paused"]),
                name="deadline_one_of_part",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="live"), name="deadline_next"),
            models.Index(fields=["event"], name="deadline_event"),
            models.Index(
                fields=["edition"],
                condition=Q(state__in=["live", "paused"], edition__isnull=False),
                name="deadline_edition",
            ),
        ]

    def __str__(self):
        return f"{self.stage} {self.due_at}"

    @property
    def running(self):
        """Whether it runs or stands on hold."""
        return self.state in RUNNING_STATES


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
