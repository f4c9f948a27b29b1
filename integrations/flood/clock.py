"""What flood control does by itself: water that is gone, stations that have gone quiet."""

from datetime import UTC, datetime, timedelta

from django.db.models import Q

from events import moment, timeline
from events.models import OPEN_STATES, State
from integrations.context import Context
from integrations.flood import alarms
from integrations.flood.quantities import quantities
from integrations.flood.rules import rules_of
from integrations.flood.watch import Watch
from integrations.models import Alarm, Reading, Station

BATCH = 200
FORGET_EVERY = timedelta(hours=1)
# Rows at a time, so that nobody waits long for the table.
FORGOTTEN_AT_ONCE = 5_000


class _Due:
    at = datetime(2000, 1, 1, tzinfo=UTC)


def forget(now):
    """Delete readings that are older than their source keeps them; the messages that brought them
    stay. Returns how many."""
    deleted = 0
    for station in Station.objects.select_related("source"):
        # By station and quantity: the index of the readings begins with them.
        old = Reading.objects.filter(
            station=station,
            quantity__in=list(quantities()),
            at__lt=now - rules_of(station.source).kept,
        ).values_list("pk", flat=True)
        while rows := list(old[:FORGOTTEN_AT_ONCE]):
            deleted += Reading.objects.filter(pk__in=rows).delete()[0]
    return deleted


def tick():
    """Look at the alarms whose stations say nothing, and once an hour at what is too old; returns
    how many rooms were told."""
    now = moment.now()
    if now >= _Due.at:
        _Due.at = now + FORGET_EVERY
        forget(now)
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
