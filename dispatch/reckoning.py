"""Reckoning a deadline: from what it counts to when it is due, 临期, and its steps."""

from datetime import datetime, timedelta

from django.conf import settings

from dispatch import calendar, escalation
from dispatch.models import LimitType

UNITS_PER_HOUR = {
    LimitType.URGENT_MINUTE: 60,
    LimitType.URGENT_HOUR: 1,
    LimitType.URGENT_DAY: 1 / 24,
    LimitType.WORK_HOUR: 1,
}


def reckon(row, days):
    """Set due_at, warn_at, uncertain, edition and the plan of a Deadline from what it counts.

    What somebody has fixed is due when it is due: the working clock may have stopped before.
    `days` is the calendar; an urgent limit does not read it. Raises calendar.LimitError.
    """
    shares = sorted(escalation.percents(row))
    warned = _warned(row, days)
    values = [row.value, warned, *(row.value * share / 100 for share in shares)]
    found = calendar.moments(row.started_at, values, row.limit_type, days, gaps_of(row))
    (due_at, row.uncertain), (row.warn_at, _sure) = found[:2]
    row.due_at = row.due_at if row.fixed else due_at
    row.edition = days.edition if row.limit_type in calendar.WORKING else None
    at_share = dict(zip(shares, (at for at, _sure in found[2:]), strict=True))
    escalation.plan(row, at_share, round(100 * warned / row.value) if row.value else 100)


def spent(row, at, days):
    """How many units the row's clock has run until `at`."""
    return calendar.elapsed(row.started_at, at, row.limit_type, days, gaps_of(row))


def gaps_of(row):
    """The holds of a deadline as [(since, until)]."""
    return [tuple(map(datetime.fromisoformat, gap)) for gap in row.gaps]


def gap(since, until):
    """A hold as a deadline keeps it."""
    return [since.isoformat(), until.isoformat()]


def _warned(row, days):
    """After how many units it is 临期: the share or the hours that are left, whichever is less."""
    percent, hours = settings.WARNINGS[row.limit_type]
    if row.limit_type == LimitType.WORK_DAY:
        left = hours / (days.day_length / timedelta(hours=1))
    else:
        left = hours * UNITS_PER_HOUR[row.limit_type]
    return row.value - min(row.value * percent / 100, left)
