"""A service request as the public sees it: no names, no telephones, no door.

Decision: docs/decisions (Open311). Points are WGS-84 degrees.
"""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from events.models import State
from geo import knowledge
from integrations.masking import masked
from integrations.models.open311 import PRIVATE_SCHEMES

CLOSED = {State.CLOSED, State.CANCELLED}
# A point that was reported is shown to a metre; one found by an address only to about 100 m, or it
# would tell the door.
REPORTED_DIGITS, FOUND_DIGITS = 6, 3
REPORTED = "gps"


def request_json(event, service, roads):
    """The GeoReport shape of an event fetched by published.with_parts.

    `roads` tells the roads that an address mentions (`Gazetteer.roads`).
    """
    main = event.merged_into or event
    digits = REPORTED_DIGITS if event.locate_method == REPORTED else FOUND_DIGITS
    placed = event.lon is not None
    return {
        "service_request_id": event.number,
        "status": "closed" if main.state in CLOSED else "open",
        "status_notes": notes(event, main),
        "service_name": service.name,
        "service_code": service.code,
        "description": description(event),
        "agency_responsible": main.leads[0].department.name if main.leads else None,
        "service_notice": service.notice or None,
        "requested_datetime": stamp(event.registered_at),
        "updated_datetime": stamp(updated_at(event, main)),
        "expected_datetime": stamp(main.promises[-1].due_at) if main.promises else None,
        "address": address(event, roads),
        "address_id": None,
        "zipcode": None,
        "lat": round(event.lat, digits) if placed else None,
        "long": round(event.lon, digits) if placed else None,
        "media_url": None,
    }


def notes(event, main):
    """The public replies, oldest first; without any, why it ended where that is not obvious."""
    entries = [*event.replies]
    if main is not event and main.category.scheme not in PRIVATE_SCHEMES:
        entries += main.replies
    texts = [masked(entry.data["text"], event.reporter_name) for entry in entries]
    if texts:
        return "\n".join(texts)
    if main is not event:
        return _("已与同一地点的另一个请求合并处理。")
    return _("未予受理。") if event.state == State.CANCELLED else None


def description(event):
    """The citizen's words as far as they may be shown; None for what came by other doors."""
    request = getattr(event, "open311", None)
    return (request.description if request else "") or None


def updated_at(event, main):
    """When it was closed, else when anything last happened to it."""
    if main.state == State.CLOSED:
        return main.closed_at
    return event.touched_at or event.registered_at


def address(event, roads):
    """The roads that the address names and the areas around, the smallest first; or None."""
    areas = [area.name for area in (event.community, event.street, event.district) if area]
    return ", ".join([*roads(event.address)[:2], *areas]) or None


def stamp(moment):
    """W3C date and time with the offset of the local zone, to the second; or None."""
    return moment and localtime(moment).isoformat(timespec="seconds")


def roads_of():
    """The function that tells the roads in an address: {text: [name]}. One query."""
    return knowledge.current().roads
