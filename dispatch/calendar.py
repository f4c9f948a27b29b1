"""The working clock: when is a limit due, and how much of it has passed.

Urgent limits never stop. Working limits run in the slots of working days, Asia/Shanghai.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db.models import Subquery

from dispatch.models import CalendarEdition, Holiday, LimitType

URGENT = {
    LimitType.URGENT_MINUTE: timedelta(minutes=1),
    LimitType.URGENT_HOUR: timedelta(hours=1),
    LimitType.URGENT_DAY: timedelta(days=1),
}
WORKING = {LimitType.WORK_HOUR, LimitType.WORK_DAY}
SATURDAY = 5
# A limit that is not due within this many days is a mistake in the data.
HORIZON_DAYS = 3660


class LimitError(ValueError):
    """A limit that cannot be reckoned: negative, not a number, endless, or of an unknown type."""


@dataclass(frozen=True)
class Calendar:
    """The slots of a working day, and `exceptions`: {date: is it a working day}, for days that
    differ from the weekly pattern."""

    exceptions: dict = field(default_factory=lambda: MappingProxyType({}))
    slots: tuple = ((time(8), time(12)), (time(14), time(18)))
    zone: ZoneInfo = ZoneInfo("Asia/Shanghai")

    def works(self, day):
        """Whether `day` is a working day."""
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def spans(self, day):
        """The day's working slots as [(start, end)] in UTC; none on a day off."""
        if not self.works(day):
            return []
        return [
            tuple(datetime.combine(day, edge, self.zone).astimezone(UTC) for edge in slot)
            for slot in self.slots
        ]

    @cached_property
    def day_length(self):
        """How much work a whole working day holds."""
        return sum(
            (datetime.combine(date.min, b) - datetime.combine(date.min, a) for a, b in self.slots),
            timedelta(),
        )

    @cached_property
    def known_years(self):
        """The years whose notice is in: the days around National Day are in every notice, and a
        single day off that somebody entered does not make a year known."""
        return {day.year for day in self.exceptions if day.month == 10 and day.day <= 8}

    def day_of(self, moment):
        """The local date of a moment."""
        return moment.astimezone(self.zone).date()


class StoredCalendar(Calendar):
    """The calendar of the Holiday rows, read (one query) when a working limit first needs them.

    `edition` is the number of the CalendarEdition that it was read in.
    """

    def __init__(self):
        """Nothing is read yet."""

    @cached_property
    def _rows(self):
        edition = Subquery(CalendarEdition.objects.values("number")[:1])
        return list(Holiday.objects.values_list("day", "working", edition))

    @cached_property
    def exceptions(self):
        """{date: is it a working day}."""
        return {day: working for day, working, _edition in self._rows}

    @cached_property
    def edition(self):
        """Which edition this is; 0 before the first change that was counted."""
        if self._rows:
            return self._rows[0][2] or 0
        return CalendarEdition.objects.values_list("number", flat=True).first() or 0


def due(start, value, limit_type, calendar=None, gaps=()):
    """(the first moment by which `value` units have run since `start`, in UTC; is it uncertain).

    The clock does not run in `gaps` [(since, until)], which are in order and do not overlap.
    Uncertain: the working clock ran through a year whose holidays are not known. A limit that ends
    exactly at the end of a slot is due then, not when the next slot begins. The stored calendar
    counts when none is given. Raises LimitError.
    """
    return moments(start, [value], limit_type, calendar, gaps)[0]


def moments(start, values, limit_type, calendar=None, gaps=()):
    """`due` of several values, in one walk through the calendar."""
    calendar = calendar or StoredCalendar()
    start = _utc(start)
    amounts = [_amount(value, limit_type, calendar) for value in values]
    waiting = sorted(range(len(amounts)), key=amounts.__getitem__, reverse=True)
    found, ran = [None] * len(amounts), timedelta()
    while waiting and not amounts[waiting[-1]]:
        found[waiting.pop()] = start, False
    # Nothing is read, and no day is looked at, for a limit of nothing.
    spells = _spells(start, limit_type, calendar, gaps) if waiting else ()
    for opens, closes, uncertain in spells:
        while waiting and (closes is None or closes - opens >= amounts[waiting[-1]] - ran):
            index = waiting.pop()
            found[index] = opens + (amounts[index] - ran), uncertain
        if not waiting:
            return found
        ran += closes - opens
    if waiting:
        value = values[waiting[-1]]
        raise LimitError(f"{value} {limit_type} is not due within {HORIZON_DAYS} days")
    return found


def elapsed(start, end, limit_type, calendar=None, gaps=()):
    """How many units of `limit_type` have run from `start` to `end`, a float, never negative."""
    calendar = calendar or StoredCalendar()
    start, end = _utc(start), _utc(end)
    unit, ran = _amount(1, limit_type, calendar), timedelta()
    if end <= start:
        return 0.0
    for opens, closes, _uncertain in _spells(start, limit_type, calendar, gaps):
        if opens >= end:
            break
        ran += min(closes or end, end) - opens
    return ran / unit


def _spells(start, limit_type, calendar, gaps):
    """When the clock runs from `start` on: (opens, closes or None for ever, is it uncertain)."""
    if limit_type in URGENT:
        spells = [(start, None, False)]
    else:
        spells = _working_spells(start, calendar)
    return _without(spells, gaps) if gaps else spells


def _working_spells(start, calendar):
    first, uncertain = calendar.day_of(start), False
    for day in (first + timedelta(days=n) for n in range(HORIZON_DAYS)):
        uncertain = uncertain or day.year not in calendar.known_years
        for opens, closes in calendar.spans(day):
            if closes > start:
                yield max(opens, start), closes, uncertain


def _without(spells, gaps):
    for opens, closes, uncertain in spells:
        for since, until in gaps:
            if until <= opens or (closes is not None and since >= closes):
                continue
            if since > opens:
                yield opens, since, uncertain
            opens = until
            if closes is not None and opens >= closes:
                break
        else:
            yield opens, closes, uncertain


def _amount(value, limit_type, calendar):
    if limit_type in URGENT:
        unit = URGENT[limit_type]
    elif limit_type in WORKING:
        unit = timedelta(hours=1) if limit_type == LimitType.WORK_HOUR else calendar.day_length
    else:
        raise LimitError(f"unknown limit type {limit_type!r}")
    try:
        amount = unit * value
    except (OverflowError, ValueError):
        raise LimitError(f"not a limit: {value!r}") from None
    if amount < timedelta() or amount > timedelta(days=HORIZON_DAYS):
        raise LimitError(f"not a limit: {value!r} {limit_type}")
    return amount


def _utc(moment):
    if moment.tzinfo is None:
        raise LimitError(f"a time without a zone: {moment}")
    return moment.astimezone(UTC)
