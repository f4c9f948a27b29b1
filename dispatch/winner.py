"""Who was first: what a refused request is told."""

from events.entry import stamp
from events.models import TimelineEntry

# Entries that decide an event's state, so that the loser of a race can be told who won.
DECIDING = (
    "claimed",
    "completed",
    "returned",
    "transferred",
    "verified",
    "reworked",
    "closed",
    "reopened",
    "held",
    "resumed",
    "merged",
    "unmerged",
    "cancelled",
)


def claimer(assignment):
    """{name, department, at} of who claimed an assignment."""
    return {
        "name": assignment.claimed_by_name,
        "department": assignment.department.name,
        "at": stamp(assignment.claimed_at),
    }


def last_decider(event):
    """{name, department, at} of the last deciding entry by a person, or None. One query."""
    entry = (
        TimelineEntry.objects.filter(event=event, kind__in=DECIDING, actor__isnull=False)
        .order_by("-seq")
        .first()
    )
    if entry is None:
        return None
    return {"name": entry.actor_name, "department": entry.actor_department, "at": stamp(entry.at)}
