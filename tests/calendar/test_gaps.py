"""A limit's clock does not run in holds, whatever kind of clock it is."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st

from dispatch.calendar import due, elapsed, moments
from dispatch.models import LimitType
from tests.calendar.days import CALENDAR, local
from tests.calendar.test_clock_laws import LIMITS, STARTS, law

# Up to three holds of up to ten days, in order, from some time after the start of the clock.
HOLDS = st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 14400)), max_size=3)


def gaps_from(start, holds):
    """[(since, until)] from minutes between and minutes long."""
    gaps = []
    for between, length in holds:
        since = start + timedelta(minutes=between)
        gaps.append((since, since + timedelta(minutes=length)))
        start = gaps[-1][1]
    return gaps


@pytest.mark.parametrize(
    ("limit_type", "value", "gap", "deadline"),
    [
        # In the running time, over its end, over a night, before it began to run, over nothing.
        ("urgent_hour", 2, ("2026-03-05T09:30", "2026-03-05T10:30"), "2026-03-05T12:00"),
        ("urgent_hour", 2, ("2026-03-05T10:59", "2026-03-07T11:00"), "2026-03-07T11:01"),
        ("work_hour", 4, ("2026-03-05T11:00", "2026-03-05T15:00"), "2026-03-05T17:00"),
        ("work_hour", 4, ("2026-03-05T17:00", "2026-03-06T09:00"), "2026-03-05T15:00"),
        ("work_day", 1, ("2026-03-05T17:00", "2026-03-09T09:00"), "2026-03-09T11:00"),
        ("work_day", 1, ("2026-03-05T12:00", "2026-03-05T14:00"), "2026-03-06T09:00"),
        ("urgent_hour", 2, ("2026-03-05T08:00", "2026-03-05T09:30"), "2026-03-05T11:30"),
    ],
)
def test_a_hold_moves_the_deadline_by_the_time_that_would_have_run(
    limit_type, value, gap, deadline
):
    start = local("2026-03-05T09:00")
    gaps = [tuple(map(local, gap))]
    assert due(start, value, limit_type, CALENDAR, gaps)[0] == local(deadline)


@law(STARTS, LIMITS, HOLDS)
def test_what_has_run_outside_the_holds_is_the_limit(start, limit, holds):
    value, limit_type = limit
    gaps = gaps_from(start, holds)
    deadline, _uncertain = due(start, value, limit_type, CALENDAR, gaps)
    assert elapsed(start, deadline, limit_type, CALENDAR, gaps) == pytest.approx(value, abs=1e-7)
    before = deadline - timedelta(milliseconds=1)
    assert elapsed(start, before, limit_type, CALENDAR, gaps) < value
    assert not any(since < deadline <= until for since, until in gaps)


@law(STARTS, LIMITS, HOLDS)
def test_a_hold_costs_what_would_have_run_in_it_and_no_more(start, limit, holds):
    value, limit_type = limit
    gaps = gaps_from(start, holds)
    deadline, _uncertain = due(start, value, limit_type, CALENDAR, gaps)
    lost = sum(
        elapsed(since, min(until, deadline), limit_type, CALENDAR)
        for since, until in gaps
        if since < deadline
    )
    whole = elapsed(start, deadline, limit_type, CALENDAR)
    assert whole == pytest.approx(value + lost, abs=1e-7)


@law(STARTS, st.lists(st.floats(0, 30), min_size=1, max_size=6), st.sampled_from(LimitType.values))
def test_many_shares_in_one_walk_are_the_same_as_each_alone(start, values, limit_type):
    together = moments(start, values, limit_type, CALENDAR)
    assert together == [due(start, value, limit_type, CALENDAR) for value in values]
