"""How flood control stands: stations with their alarms, what is warned of, at which level."""

from django.db.models import Prefetch, Q

from dispatch.access import access_events
from dispatch.shape import named
from events.entry import stamp
from integrations.flood import force
from integrations.flood.quantities import degree_name, quantities
from integrations.flood.watch import Sample, level_of
from integrations.models import Alarm, Station


def overview(scope, now, parts):
    """{part: […]} of the parts "stations", "warnings" and "levels", for a person's scope.

    Numbers of events are those that the person may see.
    """
    rows = {
        "stations": lambda: stations(scope),
        "warnings": lambda: [
            warning_json(one, numbers(one)) for one in with_alarms(force.warnings(now), scope)
        ],
        "levels": lambda: [
            level_json(one, numbers(one)) for one in with_alarms(force.levels(), scope)
        ],
    }
    return {part: rows[part]() for part in parts}


def stations(scope):
    """Every station, those under alarm with it: two queries."""
    open_alarms = Alarm.objects.filter(ended_at=None).select_related("event")
    rows = (
        Station.objects.select_related("source", "area")
        .defer("area__polygon")
        .prefetch_related(Prefetch("alarms", open_alarms, to_attr="running"))
        .order_by("-active", "code")
    )
    rows = list(rows)
    seen = _seen(scope, [alarm.event_id for row in rows for alarm in row.running])
    return [station_json(row, row.running[0] if row.running else None, seen) for row in rows]


def station_json(station, alarm=None, seen=frozenset()):
    """A station as the API shows it; values in its unit, WGS-84 degrees."""
    last = Sample(station.last_at, station.last_value, station.last_degree)
    return {
        **station_head(station),
        "source": station.source.code,
        "active": station.active,
        "area": named(station.area),
        "heard_at": stamp(station.heard_at),
        "fault": station.fault or None,
        "last": {
            "at": stamp(station.last_at),
            "value": station.last_value,
            "degree": None if last.degree is None else degree_name(last.degree),
            "level": level_of(station, last),
        }
        if station.last_at
        else None,
        "alarm": alarm_json(alarm, alarm.event.number if alarm.event_id in seen else None)
        if alarm
        else None,
    }


def station_head(station):
    """What a station is, and its lines."""
    quantity = quantities().get(station.quantity)
    return {
        "code": station.code,
        "name": station.name,
        "kind": station.kind,
        "location": {"lon": station.lon, "lat": station.lat} if station.lon is not None else None,
        "quantity": station.quantity or None,
        "label": quantity.name if quantity else None,
        "unit": quantity.unit if quantity else None,
        "warn": station.warn,
        "red": station.red,
        "clear": station.clear,
    }


def alarm_json(alarm, number):
    """An alarm; `number` is its event's, or None for whom may not see it."""
    return {
        "event": number,
        "level": alarm.level,
        "opened_at": stamp(alarm.opened_at),
        "peak": alarm.peak,
        "peak_at": stamp(alarm.peak_at),
        "cleared_at": stamp(alarm.cleared_at),
        "ended_at": stamp(alarm.ended_at),
    }


def warning_json(warning, events=()):
    """A warning; `here` is whether it touches the district, None when it does not say where."""
    return {
        "id": warning.pk,
        "name": warning.name,
        "colour": warning.colour or None,
        "severity": warning.severity or None,
        "issuer": warning.issuer or warning.sender,
        "headline": warning.headline,
        "description": warning.description,
        "instruction": warning.instruction,
        "sent": stamp(warning.sent),
        "effective": stamp(warning.effective),
        "expires": stamp(warning.expires),
        "places": [place["name"] for place in warning.places],
        "geometry": warning.geometry,
        "here": warning.here,
        "notes": warning.notes,
        "events": list(events),
    }


def level_json(level, events=()):
    """A response level: 1 (I) to 4 (IV)."""
    return {
        "track": level.track,
        "level": level.level,
        "highest": level.highest,
        "area": level.area_name,
        "here": level.here,
        "started_at": stamp(level.started_at),
        "at": stamp(level.at),
        "events": list(events),
    }


def with_alarms(queryset, scope):
    """The rows with `mine`, the alarms among them whose events the person may see: two queries."""
    mine = Alarm.objects.filter(event__in=access_events(scope)).select_related("event")
    return queryset.prefetch_related(Prefetch("alarms", mine, to_attr="mine"))


def numbers(row):
    """The numbers of a row's events, in order, once each."""
    return sorted({alarm.event.number for alarm in row.mine})


def _seen(scope, ids):
    """Those of the events with these ids that the person may see."""
    if not ids:
        return frozenset()
    return frozenset(access_events(scope).filter(Q(pk__in=ids)).values_list("pk", flat=True))
