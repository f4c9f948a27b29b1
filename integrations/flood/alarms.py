"""Alarms and their events: opened, told of, cleared; linked to what is in force around them."""

from django.utils.timezone import localtime

from dispatch import deadlines, intake
from dispatch.case import Case
from events.models import OPEN_STATES, Priority
from events.report import Report
from integrations.context import main
from integrations.flood import force, wording
from integrations.flood.rows import write
from integrations.flood.watch import RED, News
from integrations.models import Alarm

# What changes in a row that is there.
CHANGING = [
    field.name
    for field in Alarm._meta.concrete_fields
    if field.name not in {"id", "station", "event", "opened_at"}
]
# What of an event takes long to read, and nobody here needs.
LONG = ("text", "routing_trace", "before_merge")


def with_events(rows):
    """The alarms with their events, and those that these were merged into; without what is long in
    an event."""
    return rows.select_related("event__merged_into").defer(
        *(f"{event}__{name}" for event in ("event", "event__merged_into") for name in LONG)
    )


def is_over(event):
    """Whether people have ended the event, or the one that it was merged into."""
    return main(event).state not in OPEN_STATES


def settle(context, watches):
    """Write what the watches found, as a part of `context.change`; returns an Event or None.

    Events that are there are locked first, new ones come after.
    """
    told = [watch for watch in watches if watch.news and not watch.opened]
    if told:
        _tell_all(context, told)
    there = [watch.alarm for watch in watches if watch.alarm and not watch.opened]
    write(Alarm, [*there, *(watch.past for watch in watches if watch.past)], CHANGING)
    opened = [_open(context, watch) for watch in watches if watch.opened]
    return next(iter([*opened, *(watch.alarm.event for watch in told)]), None)


def _tell_all(context, told):
    cases = Case.lock(context.change, *{main(watch.alarm.event).number for watch in told})
    # Who has just ended one needs no news of it.
    cases = {number: case for number, case in cases.items() if case.open}
    for watch in told:
        if case := cases.get(main(watch.alarm.event).number):
            _tell(case, watch, context.actor)
    for case in cases.values():
        case.finish(attachments=[])


def _tell(case, watch, actor):
    """The news in the room: what happened last, and whether the water is gone.

    Of a whole delivery of readings one sentence is told, not every step.
    """
    station, alarm, news = watch.station, watch.alarm, watch.news
    if News.RAISED in news or News.BACK in news:
        _raise_priority(case, alarm)
    rises = [kind for kind in news if kind != News.GONE]
    if rises:
        text = wording.news(station, alarm, rises[-1])
        case.record("updated", actor, text=text, source=actor.name)
    if news[-1] == News.GONE:
        _say_gone(case, station, alarm, actor)


def _say_gone(case, station, alarm, actor):
    """The water is gone: people look, and close."""
    text = wording.news(station, alarm, News.GONE)
    case.record("receded", actor, text=text, source=actor.name)


def _raise_priority(case, alarm):
    """Over the red line it is critical; nothing makes it less so but people."""
    if alarm.level == RED and case.event.priority != Priority.P1:
        case.event.priority = Priority.P1
        deadlines.restart(case)


def _open(context, watch):
    """The new event of an alarm; returns it."""
    station, alarm = watch.station, watch.alarm
    report = Report(
        source=context.source.code,
        text=wording.opening(station, alarm),
        category=station.category.qualified if station.category else "",
        priority=Priority.P1 if alarm.level == RED else Priority.P2,
        location=_point(station),
        address=station.address or station.name,
        occurred_at=alarm.opened_at,
        external_id=external_id(alarm),
        reporter_name=station.name[:60],
        reporter_department=context.source.name,
    )
    alarm.event = intake.enter(context.change, report, context.actor).event
    alarm.save()
    force.link(alarm, context.change.at)
    if alarm.cleared_at:
        # It came and went before anybody heard of it.
        number = alarm.event.number
        case = Case.lock(context.change, number)[number]
        _say_gone(case, station, alarm, context.actor)
        case.finish(attachments=[])
    return alarm.event


def external_id(alarm):
    """The id of an alarm's event for its source: the station, and since when."""
    return f"{alarm.station.code}@{localtime(alarm.opened_at):%Y%m%dT%H%M%S}"


def _point(station):
    if station.lon is None or station.lat is None:
        return None
    return {"lon": station.lon, "lat": station.lat, "crs": "WGS84", "accuracy_m": None}
