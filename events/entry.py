"""The public shape of a timeline entry, and of a moment."""

from datetime import UTC

from events import kinds


def stamp(moment):
    """ISO 8601 in UTC with a Z and milliseconds, or None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def entry_json(entry, number):
    """A timeline entry of the event with that number, as every list and socket shows it."""
    return {
        "event": number,
        "seq": entry.seq,
        "offset": entry.offset,
        "kind": entry.kind,
        "label": str(kinds.KINDS[entry.kind].label),
        "at": stamp(entry.at),
        "actor": {"name": entry.actor_name, "department": entry.actor_department or None}
        if entry.actor_id
        else None,
        "data": entry.data,
        "summary": kinds.summary(entry.kind, entry.data),
        "changes": entry.changes,
    }
