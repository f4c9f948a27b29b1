"""Registering an event: the row and its first timeline entries."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from events.models import Event, Log, State
from events.timeline import SYSTEM
from geo.models import Area

LEVELS = ("district", "street", "community")


class NoDistrict(Exception):
    """There is no district yet: import areas and create a log (manage.py demo)."""


def log_for(district_code):
    """The log of a district, else the first one; raises NoDistrict without any."""
    logs = {log.code: log for log in Log.objects.order_by("-pk")}
    if not logs:
        raise NoDistrict
    return logs.get(district_code) or list(logs.values())[-1]


def register(change, report, located, category, *, actor):
    """The new event, its row inserted, its entries `registered` and `located` recorded.

    `located` is geo's answer (points WGS-84). The caller finishes it (number, version) by its case.
    """
    log = log_for(located.district.code if located.district else None)
    reported = report.location or {}
    event = Event(
        log=log,
        state=State.REGISTERED,
        priority=report.priority or category.priority,
        category=category,
        condition=report.condition,
        text=report.text,
        address=report.address,
        reported_lon=reported.get("lon"),
        reported_lat=reported.get("lat"),
        reported_crs=reported.get("crs", ""),
        source=report.source,
        external_id=report.external_id,
        client_id=report.client_id,
        content_digest=report.digest,
        reporter_id=report.reporter_id,
        reporter_name=report.reporter_name,
        reporter_department=report.reporter_department,
        reporter_phone=report.reporter_phone,
        occurred_at=min(report.occurred_at or change.at, change.at),
        registered_at=change.at,
    )
    place(event, located)
    event.title = title(event)
    event.number = event.tracking_code
    event.save(force_insert=True)
    event.number = f"{log.prefix}{localtime(change.at):%Y%m%d}-{event.pk:06d}"
    change.record(
        event, "registered", actor, title=event.title, source=report.source, text=report.text
    )
    change.record(
        event,
        "located",
        SYSTEM,
        place=place_name(event),
        method=event.locate_method,
        confidence=round(event.locate_confidence, 3),
    )
    return event


def place(event, located):
    """Set the event's point and areas from geo's answer, in memory."""
    event.lon, event.lat, event.accuracy_m = located.lon, located.lat, located.accuracy_m
    refs = {level: getattr(located, level) for level in LEVELS}
    rows = Area.objects.defer("polygon").in_bulk([ref.id for ref in refs.values() if ref])
    for level, ref in refs.items():
        setattr(event, level, rows.get(ref.id) if ref else None)
    event.locate_method = located.method
    event.locate_confidence = located.confidence


def place_name(event):
    """The place in words: street and community, else the address, else that it is unknown."""
    names = [area.name for area in (event.street, event.community) if area]
    return " ".join(names) or event.address or _("位置待核实")


def title(event):
    """Class and place; the text's beginning where the class says nothing."""
    what = event.category.name
    if event.text and event.category.attributes.get("unclassified"):
        what = event.text.splitlines()[0][:24]
    where = event.community or event.street
    return f"{what} · {where.name if where else place_name(event)}"[:200]
