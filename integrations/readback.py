"""What a source may read back of its own events: the public stage, never another source's."""

from dispatch.models import Assignment
from events.entry import stamp
from events.models import State, TimelineEntry
from integrations.context import main
from integrations.masking import masked
from integrations.models import ExternalId

# Entries whose text is meant for the one who reported.
RESULTS = ("completed",)


def stage_of(source, external_id):
    """The stage of the source's event by its own id, or None. Four queries.

    {external_id, number, state, stage, registered_at, responded_at, handled_at, closed_at,
    departments: [name], replies: [{at, text}], merged_into}; of a merged event the stage is that of
    its main event. No names of people, no telephones.
    """
    known = (
        ExternalId.objects.select_related("event__merged_into__merged_into")
        .filter(source=source, value=external_id[:200])
        .first()
    )
    if known is None:
        return None
    own, event = known.event, main(known.event)
    return {
        "external_id": known.value,
        "number": own.number,
        "state": event.state,
        "stage": str(State(event.state).label),
        "registered_at": stamp(own.registered_at),
        "responded_at": stamp(event.responded_at),
        "handled_at": stamp(event.handled_at),
        "closed_at": stamp(event.closed_at),
        "departments": _departments(event),
        "replies": _replies(event),
        "merged_into": event.number if event.pk != own.pk else None,
    }


def _departments(event):
    rows = Assignment.objects.filter(event=event, current=True).order_by("role", "pk")
    return list(rows.values_list("department__name", flat=True))


def _replies(event):
    rows = TimelineEntry.objects.filter(event=event, kind__in=("posted", *RESULTS)).order_by("seq")
    return [
        {"at": stamp(row.at), "text": masked(row.data.get("text", ""))}
        for row in rows
        if row.kind in RESULTS or row.data.get("public")
    ]
