"""The public shape of an event: one shape in every list, room and timeline entry."""

from django.db.models import Prefetch, Q

from dispatch.models import LIMITED, RUNNING_STATES, Assignment, Deadline, DeadlineState, Stage
from events.attachments import as_json
from events.entry import stamp
from events.models import Attachment
from events.timeline import POLYGONS

SHOWN_DEADLINES = [
    DeadlineState.LIVE,
    DeadlineState.PAUSED,
    DeadlineState.MET,
    DeadlineState.MISSED,
]
# The rows of Deadline that an event's shape, or a change of it, needs.
SHOWN = Q(stage__in=LIMITED, state__in=SHOWN_DEADLINES) | Q(state__in=RUNNING_STATES)


def named(thing):
    """{code, name}, or None."""
    return {"code": thing.code, "name": thing.name} if thing else None


def with_parts(events):
    """The queryset of events with everything their shape needs: four queries, whatever the rows."""
    return (
        events.select_related(
            "category",
            "log",
            "district",
            "street",
            "community",
            "merged_into",
        )
        .defer(*POLYGONS)
        .prefetch_related(
            Prefetch("assignments", Assignment.objects.select_related("department").order_by("pk")),
            Prefetch("deadlines", Deadline.every.filter(SHOWN).order_by("pk"), to_attr="timers"),
            Prefetch(
                "attachments",
                Attachment.objects.select_related("uploader__officer").order_by("created_at", "pk"),
            ),
        )
    )


def assignment_json(assignment):
    """A department's part in the event."""
    department = assignment.department
    return {
        "department": {**named(department), "kind": department.kind},
        "role": assignment.role,
        "required": assignment.required,
        "state": assignment.state,
        "claimed_by": assignment.claimed_by_name or None,
        "dispatched_at": stamp(assignment.dispatched_at),
        "claimed_at": stamp(assignment.claimed_at),
        "claim_expired_at": stamp(assignment.claim_expired_at),
        "arrived_at": stamp(assignment.arrived_at),
        "done_at": stamp(assignment.done_at),
        "ended_at": stamp(assignment.ended_at),
    }


def deadline_json(deadline):
    """By when a stage must be done; from `warn_at` on it is 临期, unless that was never reckoned.

    `uncertain`: the holidays of a year that it reaches into are not known yet.
    """
    return {
        "stage": deadline.stage,
        "started_at": stamp(deadline.started_at),
        "warn_at": stamp(deadline.warn_at),
        "due_at": stamp(deadline.due_at),
        "state": deadline.state,
        "limit": deadline.limit_text,
        "uncertain": deadline.uncertain,
    }


def attachment_json(attachment):
    """A file of an event, with the name of who uploaded it, or of the system that sent it."""
    officer = getattr(attachment.uploader, "officer", None)
    return as_json(attachment, officer.name if officer else attachment.source or None)


def reporter_json(event):
    """Who reported, by name and department; never a telephone."""
    if not event.reporter_name:
        return None
    return {"name": event.reporter_name, "department": event.reporter_department or None}


def main_json(event):
    """How far the event has come into which another is merged; no more of it than that."""
    return {
        "number": event.number,
        "state": event.state,
        "responded_at": stamp(event.responded_at),
        "handled_at": stamp(event.handled_at),
        "closed_at": stamp(event.closed_at),
    }


def facts(event, assignments, deadlines):
    """The event's shape without its attachments; `deadlines` are the SHOWN rows."""
    placed = event.district or event.street
    stages = [row for row in deadlines if row.stage in LIMITED and row.state in SHOWN_DEADLINES]
    asked = [row for row in deadlines if row.stage == Stage.ANSWER and row.running]
    return {
        "number": event.number,
        "tracking_code": event.tracking_code,
        "state": event.state,
        "priority": event.priority,
        "category": {"code": event.category.qualified, "name": event.category.name},
        "condition": event.condition,
        "title": event.title,
        "text": event.text,
        "location": {"lon": event.lon, "lat": event.lat} if event.lon is not None else None,
        "accuracy_m": event.accuracy_m,
        "address": event.address,
        "area": {
            "district": named(event.district),
            "street": named(event.street),
            "community": named(event.community),
        }
        if placed
        else None,
        "locate": {
            "method": event.locate_method,
            "confidence": round(event.locate_confidence, 3),
        },
        "source": event.source,
        "external_id": event.external_id,
        "reporter": reporter_json(event),
        "assignments": [assignment_json(row) for row in assignments],
        "deadlines": [deadline_json(row) for row in stages],
        "unanswered": len(asked),
        "occurred_at": stamp(event.occurred_at),
        "registered_at": stamp(event.registered_at),
        "responded_at": stamp(event.responded_at),
        "handled_at": stamp(event.handled_at),
        "closed_at": stamp(event.closed_at),
        "version": event.version,
        "seq": event.last_seq,
        "on_hold": event.on_hold,
        "held_until": stamp(event.held_until),
        "supervision": event.supervision,
        "escalation": event.escalation,
        "reopened": event.reopened,
        "reworked": event.reworked,
        "returned": event.returned,
        "fallback": event.fallback,
        "merged_into": event.merged_into.number if event.merged_into_id else None,
        "main": main_json(event.merged_into) if event.merged_into_id else None,
        "absorbed": event.absorbed,
    }


def event_json(event):
    """The whole shape of an event fetched by `with_parts`."""
    shape = facts(event, event.assignments.all(), event.timers)
    shape["attachments"] = [attachment_json(row) for row in event.attachments.all()]
    return shape
