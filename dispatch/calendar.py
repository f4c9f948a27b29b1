"""The working clock: when is a limit due, and how much of it has passed.

Urgent limits never stop. Working limits run in the slots of working days, Asia/Shanghai.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dispatch.models import Holiday, LimitType

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
    """The calendar of the Holiday rows, read (one query) when a working limit first needs them."""

    def __init__(self):
        """Nothing is read yet."""

    @cached_property
    def exceptions(self):
        """{date: is it a working day}."""
        return dict(Holiday.objects.values_list("day", "working"))


def due(start, value, limit_type, calendar=None):
    """(the first moment by which `value` units have run since `start`, in UTC; is it uncertain).

    Uncertain: the working clock ran through a year whose holidays are not known. A limit that ends
    exactly at the end of a slot is due then, not when the next slot begins. The stored calendar
    counts when none is given. Raises LimitError.
    """
    calendar = calendar or StoredCalendar()
    start = _utc(start)
    amount = _amount(value, limit_type, calendar)
    if limit_type in URGENT or not amount:
        return start + amount, False
    uncertain = False
    first = calendar.day_of(start)
    for day in (first + timedelta(days=n) for n in range(HORIZON_DAYS)):
        uncertain = uncertain or day.year not in calendar.known_years
        for opens, closes in calendar.spans(day):
            opens = max(opens, start)
            if closes - opens >= amount:
                return opens + amount, uncertain
            amount -= max(closes - opens, timedelta())
    raise LimitError(f"{value} {limit_type} is not due within {HORIZON_DAYS} days")


def elapsed(start, end, limit_type, calendar=None):
    """How many units of `limit_type` have run from `start` to `end`, a float, never negative."""
    calendar = calendar or StoredCalendar()
    start, end = _utc(start), _utc(end)
    unit = _amount(1, limit_type, calendar)
    if end <= start:
        return 0.0
    if limit_type in URGENT:
        return (end - start) / unit
    ran = timedelta()
    day, last = calendar.day_of(start), calendar.day_of(end)
    while day <= last:
        for opens, closes in calendar.spans(day):
            ran += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    return ran / unit


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
