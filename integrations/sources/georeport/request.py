"""A service request of another server: what it says to us."""

from django.utils.translation import gettext as _

from integrations.items import Picture, Progress
from integrations.reading.document import document
from integrations.reading.incident import incident
from integrations.reading.records import records
from integrations.reading.whereabouts import whereabouts
from integrations.sources.kind import Unreadable

ID = "service_request_id"


def requests_of(source, delivery):
    """[Fields] of the service requests in an answer, JSON or XML. Raises Unreadable."""
    return list(records(document(source, delivery), lambda fields: fields.any(ID)))


def items(source, delivery):
    """The items of a delivery: each request, its picture, and how far the server says it is.

    Raises Unreadable, also when there is no request in it.
    """
    found = requests_of(source, delivery)
    if not found:
        raise Unreadable(_("没有 service_request_id，不是 GeoReport 的请求。"))
    return [item for fields in found for item in _said(source, fields)]


def closed(fields):
    """Whether the other server has ended it."""
    return fields.get("status").lower() == "closed"


def _said(source, fields):
    number, text = fields.get(ID), fields.text("description")
    yield incident(
        source,
        ids=[number],
        place=whereabouts(
            source,
            x=fields.raw("long"),
            y=fields.raw("lat"),
            point=fields.get("address"),
            text=text,
        ),
        text=text,
        words=[fields.get("service_code"), fields.get("service_name")],
        occurred=fields.get("requested_datetime"),
    )
    if url := fields.get("media_url"):
        yield Picture(number, "media_url", url=url)
    notes = fields.text("status_notes")
    if closed(fields):
        yield Progress(number, "：".join(filter(None, [_("对方已办结"), notes])))
    elif notes:
        yield Progress(number, notes)
