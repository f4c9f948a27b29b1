"""What is in force, and where: warnings and response levels, linked to the alarms among them."""

import shapely

from integrations.models import Alarm, ResponseLevel, Warning

# Division codes say where they end by zeros: 44 0100 0000 00 is a province's city.
PARTS = (2, 4, 6, 9, 12)


def warnings(now):
    """The warnings that are in force, the newest first."""
    return Warning.objects.filter(current=True, expires__gt=now).order_by("-sent", "-pk")


def levels():
    """The response levels that are in force, the most severe first."""
    return ResponseLevel.objects.filter(current=True, level__gt=0).order_by("level", "track")


def link(alarm, now):
    """Tell a new alarm what is in force at its place."""
    station = alarm.station
    alarm.warnings.set([one for one in warnings(now) if touches(one, station)])
    alarm.levels.set([one for one in levels().filter(here=True) if covers(one, station)])


def link_warning(warning):
    """Tell the alarms that run in a warning's area of it."""
    warning.alarms.add(*(one for one in _running() if touches(warning, one.station)))


def link_level(level):
    """Tell the alarms that run in a level's area of it."""
    if level.here:
        level.alarms.add(*(one for one in _running() if covers(level, one.station)))


def _running():
    return (
        Alarm.objects.filter(ended_at=None, cleared_at=None)
        .select_related("station__area")
        .defer("station__area__polygon")
    )


def touches(warning, station):
    """Whether a station lies in a warning's area. One that does not say where it is, is for all."""
    if warning.here is None:
        return True
    if warning.geometry and station.lon is not None:
        shape = shapely.geometry.shape(warning.geometry)
        if shape.intersects(shapely.Point(station.lon, station.lat)):
            return True
    code = station.area.code if station.area else ""
    return any(same_place(code, one) for one in warning.codes)


def covers(level, station):
    """Whether a response level is for a station's area."""
    code = station.area.code if station.area else ""
    return not level.covers or same_place(code, level.covers)


def stem(code):
    """A division code up to its last part that is not zero: 440104000000 → 440104."""
    return next((code[:end] for end in PARTS if not code[end:].strip("0")), code)


def same_place(code, wide):
    """Whether the area with `code` lies in the one with the stem `wide`, or around it."""
    return bool(code) and (code.startswith(wide) or wide.startswith(code))
