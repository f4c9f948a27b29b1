"""Whether who gets a message may see what it is about, now: people leave, events leave them."""

from dispatch import access
from dispatch.models import Assignment


def theirs(channel, contact, events):
    """The ids of those `events` (with log, street, community) that the recipient may be told of.

    `contact` is a person's address, None a group's: then the departments of the channel count, and
    a channel of none is everybody's.
    """
    events = {event.pk: event for event in events}
    codes = {pk: set() for pk in events}
    current = Assignment.objects.filter(event__in=events, current=True)
    for event_id, code in current.values_list("event_id", "department__code"):
        codes[event_id].add(code)
    if contact is None:
        own = set(channel.departments.values_list("code", flat=True))
        return {pk for pk in events if not own or own & codes[pk]}
    scope = access.scope_of(contact.user)
    return {pk for pk, event in events.items() if access.may_see(scope, event, codes[pk])}
