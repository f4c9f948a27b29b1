"""The states of an event and the one function that moves it between them."""

from events.models import Event, State

# From each state, where an event may go. Everything else is refused.
MOVES = {
    State.REGISTERED: {State.RESPONDED, State.HANDLED, State.CANCELLED, State.MERGED},
    State.RESPONDED: {State.REGISTERED, State.HANDLED, State.CANCELLED, State.MERGED},
    State.HANDLED: {State.RESPONDED, State.CLOSED, State.MERGED},
    State.CLOSED: {State.RESPONDED, State.REGISTERED},
    State.CANCELLED: {State.REGISTERED},
    State.MERGED: {State.REGISTERED, State.RESPONDED, State.HANDLED},
}
# The stamp that entering a state sets. A stamp is never earlier than the one before it.
STAMPS = {State.RESPONDED: "responded_at", State.HANDLED: "handled_at", State.CLOSED: "closed_at"}


class IllegalMove(Exception):
    """The lifecycle has no such transition; `event` is as it stands."""

    def __init__(self, event, to):
        super().__init__(f"{event.number}: {event.state} → {to}")
        self.event = event
        self.to = to


def move(event, to, at):
    """Set `event.state` and its stamp, in memory; `save` writes it. Raises IllegalMove.

    A first response is stamped once; handled and closed are stamped anew after rework. Who leaves a
    merge is as before it, stamps and all.
    """
    if to not in MOVES[event.state]:
        raise IllegalMove(event, to)
    left, event.state = event.state, to
    if left == State.MERGED:
        return
    stamp = STAMPS.get(to)
    if stamp and not (stamp == "responded_at" and event.responded_at):
        setattr(event, stamp, at)
    if to in (State.REGISTERED, State.RESPONDED):
        event.handled_at = event.closed_at = None
    elif to == State.HANDLED:
        event.closed_at = None
        event.responded_at = event.responded_at or at


class StaleWrite(Exception):
    """The event changed since it was read; nothing was written."""


def save(event, read_version):
    """Write every field of `event` if it still has `read_version`; raises StaleWrite if not.

    The conditional UPDATE is the transition: of two writers who read the same version, one wins.
    """
    event.version = read_version + 1
    fields = {
        field.attname: getattr(event, field.attname)
        for field in Event._meta.concrete_fields
        if not field.primary_key
    }
    if not Event.objects.filter(pk=event.pk, version=read_version).update(**fields):
        raise StaleWrite(event.number)


def save_followers(events):
    """Write what a main event's change altered in the merged `events`; one statement for all.

    They must be locked by this transaction, so that nobody else can have written them.
    """
    for event in events:
        event.version += 1
    Event.objects.bulk_update(events, ["version", "last_seq", "merged_into"], batch_size=500)
