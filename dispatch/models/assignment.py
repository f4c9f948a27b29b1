"""A department's part in an event."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.models.people import Department
from events.models import Event


class AssignmentRole(models.TextChoices):
    """Lead is responsible; there is exactly one while an event is open."""

    LEAD = "lead", _("主办")
    SUPPORT = "support", _("协办")


class AssignmentState(models.TextChoices):
    """Where a department stands with an event; the last four are ends."""

    DISPATCHED = "dispatched", _("待签收")
    CLAIMED = "claimed", _("已签收")
    ARRIVED = "arrived", _("已到场")
    DONE = "done", _("已处置")
    RETURNED = "returned", _("已退回")
    TRANSFERRED = "transferred", _("已转派")
    RELEASED = "released", _("已解除协办")
    RECALLED = "recalled", _("已收回")


CURRENT_STATES = (
    AssignmentState.DISPATCHED,
    AssignmentState.CLAIMED,
    AssignmentState.ARRIVED,
    AssignmentState.DONE,
)


class Assignment(models.Model):
    """A department's part in an event. Ended ones stay as history; `current` is what counts."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=8, choices=AssignmentRole)
    state = models.CharField(
        max_length=12, choices=AssignmentState, default=AssignmentState.DISPATCHED
    )
    current = models.BooleanField(default=True)
    # A required support must be done before the event counts as handled.
    required = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    dispatched_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    claimed_by_name = models.CharField(max_length=60, blank=True)
    claimed_at = models.DateTimeField(null=True)
    # Nothing was heard after the claim: a colleague may claim in the claimer's place.
    claim_expired_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "department"],
                condition=Q(current=True),
                name="assignment_current_department",
            ),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(current=True, role="lead"),
                name="assignment_one_lead",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "event"],
                condition=Q(current=True),
                name="assignment_department",
            )
        ]

    def __str__(self):
        return f"{self.department_id}:{self.role}"
