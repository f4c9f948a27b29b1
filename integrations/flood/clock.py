"""What flood control does by itself: water that is gone, stations that have gone quiet."""

from django.db.models import Q

from events import moment, timeline
from events.models import OPEN_STATES, State
from integrations.context import Context
from integrations.flood import alarms
from integrations.flood.rules import rules_of
from integrations.flood.watch import Watch
from integrations.models import Alarm, Station

BATCH = 200


def tick():
    """Look at the alarms whose stations say nothing; returns how many rooms were told."""
    now = moment.now()
    running = Alarm.objects.filter(
        Q(below_since__isnull=False) | Q(silence_told=False),
        ended_at=None,
        cleared_at=None,
        event__state__in=(*OPEN_STATES, State.MERGED),
    ).select_related("station__source")
    due = [one for one in running.order_by("pk")[:BATCH] if _news(one, one.station, now)]
    return sum(_settle(alarm, now) for alarm in due)


def _news(alarm, station, now):
    """What of it is due: a function of Watch, or None."""
    rules, silent = rules_of(station.source), now - station.heard_at
    if alarm.below_since and silent >= rules.clear:
        return Watch.clear
    return Watch.quiet if silent >= rules.silent and not alarm.silence_told else None


def _settle(alarm, now):
    """Look again with the station locked, and tell; whether it was still so."""
    with timeline.change() as change:
        station = (
            Station.objects.select_for_update(of=("self",))
            .select_related("source")
            .get(pk=alarm.station_id)
        )
        alarm = (
            alarms.with_events(Alarm.objects)
            .filter(pk=alarm.pk, ended_at=None, cleared_at=None)
            .first()
        )
        news = _news(alarm, station, now) if alarm and not alarms.is_over(alarm.event) else None
        if news is None:
            return False
        watch = Watch(station, rules_of(station.source), alarm)
        news(watch, now)
        alarms.settle(Context(station.source, None, change), [watch])
        return True
