"""What holds for every limit, checked on many random ones."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.calendar import due, elapsed
from dispatch.models import LimitType
from tests.calendar.days import CALENDAR, local

STARTS = st.datetimes(
    local("2025-01-01T00:00").replace(tzinfo=None), local("2026-11-30T00:00").replace(tzinfo=None)
).map(lambda moment: moment.replace(tzinfo=CALENDAR.zone))
MINUTES = st.integers(1, 5000)
WORKING = st.sampled_from([LimitType.WORK_HOUR, LimitType.WORK_DAY])
MAX = {"urgent_minute": 5000, "urgent_hour": 200, "urgent_day": 30, "work_hour": 80, "work_day": 12}
LIMITS = st.sampled_from(LimitType.values).flatmap(
    lambda kind: st.tuples(st.floats(0.01, MAX[kind]), st.just(kind))
)


def law(*strategies):
    """A property test without hypothesis's own stopwatch: a busy machine breaks no law."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


@law(STARTS, LIMITS)
def test_what_has_run_until_the_deadline_is_the_limit(start, limit):
    value, limit_type = limit
    deadline, _uncertain = due(start, value, limit_type, CALENDAR)
    assert elapsed(start, deadline, limit_type, CALENDAR) == pytest.approx(value, abs=1e-7)


@law(STARTS, LIMITS)
def test_a_moment_before_the_deadline_the_limit_has_not_run_out(start, limit):
    value, limit_type = limit
    deadline, _uncertain = due(start, value, limit_type, CALENDAR)
    before = deadline - timedelta(milliseconds=1)
    assert elapsed(start, before, limit_type, CALENDAR) < value


@law(STARTS, STARTS, LIMITS)
def test_who_starts_later_is_never_due_earlier(one, other, limit):
    first, second = sorted((one, other))
    value, limit_type = limit
    assert due(first, value, limit_type, CALENDAR) <= due(second, value, limit_type, CALENDAR)


@law(STARTS, LIMITS, st.floats(1, 3))
def test_more_time_is_never_due_earlier(start, limit, factor):
    value, limit_type = limit
    shorter = due(start, value, limit_type, CALENDAR)
    assert due(start, value * factor, limit_type, CALENDAR) >= shorter


@law(STARTS, WORKING, st.floats(0.01, 20))
def test_a_working_deadline_is_never_in_the_night_at_lunch_or_on_a_day_off(start, kind, value):
    deadline, _uncertain = due(start, value, kind, CALENDAR)
    spans = CALENDAR.spans(CALENDAR.day_of(deadline))
    assert any(opens < deadline <= closes for opens, closes in spans)


@law(STARTS, MINUTES)
def test_counting_every_minute_by_hand_gives_the_same(start, minutes):
    start = start.replace(second=0, microsecond=0)
    moment, left = start, minutes
    while left:
        day = moment.astimezone(CALENDAR.zone)
        works = CALENDAR.exceptions.get(day.date(), day.isoweekday() <= 5)
        left -= works and (8 <= day.hour < 12 or 14 <= day.hour < 18)
        moment += timedelta(minutes=1)
    assert due(start, minutes / 60, LimitType.WORK_HOUR, CALENDAR)[0] == pytest.approx(
        moment, abs=timedelta(milliseconds=1)
    )


@law(STARTS, STARTS, STARTS, WORKING)
def test_time_that_runs_in_two_parts_adds_up(one, two, three, kind):
    a, b, c = sorted((one, two, three))
    whole = elapsed(a, c, kind, CALENDAR)
    assert elapsed(a, b, kind, CALENDAR) + elapsed(b, c, kind, CALENDAR) == pytest.approx(whole)


@law(STARTS, STARTS, st.sampled_from(LimitType.values))
def test_nothing_has_run_before_the_start(one, other, kind):
    first, second = sorted((one, other))
    assert elapsed(second, first, kind, CALENDAR) == 0
