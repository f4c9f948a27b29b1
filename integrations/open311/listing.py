"""`GET requests` and `GET requests/{id}`: what the public may see."""

from django.db.models import Q
from django.utils.translation import gettext as _

from integrations.open311 import query, shape
from integrations.open311.faults import Fault
from integrations.open311.published import Published, with_parts

ENDED = Q(state__in=shape.CLOSED) | Q(merged_into__state__in=shape.CLOSED)


def found(asked):
    """The service requests of a query.Query: newest first, or in the order of the ids."""
    published = Published.now()
    if asked.numbers:
        numbers = [number for number in asked.numbers if query.NUMBER.fullmatch(number)]
        rows = {event.number: event for event in _shown(published, Q(number__in=numbers))}
        return _shapes(published, [rows[number] for number in numbers if number in rows])
    wanted = Q(registered_at__range=(asked.start, asked.end))
    if asked.codes is not None:
        wanted &= published.of_service(asked.codes)
    if asked.statuses == {"open"}:
        wanted &= ~ENDED
    elif asked.statuses == {"closed"}:
        wanted &= ENDED
    first = (asked.page - 1) * asked.page_size
    return _shapes(published, _shown(published, wanted)[first : first + asked.page_size])


def one(number):
    """[The service request with that id]. Raises Fault."""
    shapes = found(query.Query(numbers=(number,)))
    if not shapes:
        raise Fault(_("没有这个 service_request_id。"), status=404)
    return shapes


def _shown(published, wanted):
    return with_parts(published.events().filter(wanted)).order_by("-registered_at", "-pk")


def _shapes(published, events):
    roads = shape.roads_of()
    return [shape.request_json(event, published.service_of(event), roads) for event in events]
