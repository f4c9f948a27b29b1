"""The curve of an event's stations: what they read before, while and after it."""

from datetime import timedelta

from django.db.models import Q

from events.entry import stamp
from integrations.flood.overview import alarm_json, level_json, station_head, warning_json
from integrations.flood.quantities import DEGREE
from integrations.models import Alarm, Reading

AROUND = timedelta(hours=1)
# Points of a curve, and rows that are looked at for them: the newest.
POINTS, ROWS = 400, 20_000


def curves(event, now):
    """[{station, alarm, readings, warnings, levels}] of the alarms that made the event, and of
    those whose events were merged into it."""
    alarms = (
        Alarm.objects.filter(Q(event=event) | Q(event__merged_into=event))
        .select_related("station", "event")
        .prefetch_related("warnings", "levels")
        .order_by("opened_at")
    )
    return [_curve(alarm, now) for alarm in alarms]


def _curve(alarm, now):
    # A station's clock may be a little ahead of ours.
    station, begin = alarm.station, alarm.opened_at - AROUND
    end = alarm.ended_at or max(now, alarm.last_at)
    if alarm.cleared_at:
        end = min(end, alarm.cleared_at + AROUND)
    quantity, rows = station.quantity, _rows(station, station.quantity, begin, end)
    if not rows:
        quantity, rows = DEGREE, _rows(station, DEGREE, begin, end)
    return {
        "station": station_head(station),
        "alarm": alarm_json(alarm, alarm.event.number),
        "quantity": quantity,
        "since": stamp(begin),
        "until": stamp(end),
        "readings": [[stamp(at), value] for at, value in thin(rows, POINTS)],
        "warnings": [
            {**warning_json(one), "in_force": one.current and one.expires > now}
            for one in alarm.warnings.all()
        ],
        "levels": [
            {**level_json(one), "in_force": one.current and one.level > 0}
            for one in alarm.levels.all()
        ],
    }


def _rows(station, quantity, begin, end):
    rows = Reading.objects.filter(station=station, quantity=quantity, at__range=(begin, end))
    return list(rows.order_by("-at").values_list("at", "value")[:ROWS])[::-1]


def thin(rows, most):
    """At most `most` of the (at, value) rows: of each stretch of time the highest, and the ends."""
    if len(rows) <= most:
        return rows
    size = -(-(len(rows) - 2) // (most - 2))
    middle = rows[1:-1]
    tops = [
        max(middle[at : at + size], key=lambda row: row[1]) for at in range(0, len(middle), size)
    ]
    return [rows[0], *tops, rows[-1]]
