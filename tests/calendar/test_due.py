"""When a limit is due."""

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dispatch.calendar import Calendar, LimitError, due, elapsed
from dispatch.models import Holiday
from tests.calendar.days import CALENDAR, EXCEPTIONS, local

VECTORS = Path(__file__).parent / "data" / "deadline_vectors.csv"
with VECTORS.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_the_published_deadlines_are_met_to_the_second(row):
    start = local(row["start(Asia/Shanghai)"])
    answer, uncertain = due(start, float(row["value"]), row["limit_type"], CALENDAR)
    assert answer == local(row["deadline"])
    assert not uncertain


@pytest.mark.parametrize(
    ("start", "value", "limit_type", "deadline"),
    [
        ("2026-03-03T12:00", 1, "work_hour", "2026-03-03T15:00"),
        ("2026-03-03T14:00", 4, "work_hour", "2026-03-03T18:00"),
        ("2026-03-03T08:00", 4, "work_hour", "2026-03-03T12:00"),
        ("2026-03-03T18:00", 1, "work_hour", "2026-03-04T09:00"),
        ("2026-03-03T17:59:59", 1 / 3600, "work_hour", "2026-03-03T18:00"),
        ("2026-03-03T17:59:59", 2 / 3600, "work_hour", "2026-03-04T08:00:01"),
        ("2026-03-03T00:00", 1, "work_day", "2026-03-03T18:00"),
        ("2026-03-03T23:59:59", 0.5, "work_day", "2026-03-04T12:00"),
        ("2026-02-14T17:00", 2, "work_hour", "2026-02-24T09:00"),
        ("2026-02-28T08:00", 1, "work_day", "2026-02-28T18:00"),
        ("2026-09-20T13:00", 8, "work_hour", "2026-09-21T12:00"),
        ("2025-12-31T17:30", 1, "work_hour", "2026-01-04T08:30"),
        ("2026-12-31T23:59", 2, "urgent_minute", "2027-01-01T00:01"),
        ("2026-02-16T03:00", 1.5, "urgent_day", "2026-02-17T15:00"),
    ],
)
def test_the_edges_of_slots_days_and_years(start, value, limit_type, deadline):
    assert due(local(start), value, limit_type, CALENDAR) == (local(deadline), False)


def test_a_limit_of_nothing_is_due_at_once_even_at_night():
    assert due(local("2026-03-03T03:00"), 0, "work_hour", CALENDAR)[0] == local("2026-03-03T03:00")


def test_the_answer_is_in_utc_whatever_zone_the_start_is_in():
    start = datetime(2026, 3, 3, 3, 0, tzinfo=timezone(timedelta(hours=2)))
    answer, _uncertain = due(start, 1, "work_hour", CALENDAR)
    assert answer == local("2026-03-03T10:00")
    assert answer.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "value", "limit_type", "uncertain"),
    [
        ("2026-12-31T17:00", 1, "work_hour", False),
        ("2026-12-31T17:00", 2, "work_hour", True),
        ("2026-12-31T18:00", 1, "work_hour", True),
        ("2026-12-30T10:00", 5, "work_day", True),
        ("2027-03-01T10:00", 1, "work_hour", True),
        ("2024-12-31T10:00", 1, "work_hour", True),
        ("2026-12-31T23:00", 30, "urgent_day", False),
    ],
)
def test_a_deadline_past_the_known_year_is_flagged(start, value, limit_type, uncertain):
    assert due(local(start), value, limit_type, CALENDAR)[1] is uncertain


def test_one_day_off_does_not_make_a_year_known():
    storm = Calendar({**EXCEPTIONS, date(2027, 8, 3): False})
    answer, uncertain = due(local("2027-08-02T17:00"), 2, "work_hour", storm)
    assert answer == local("2027-08-04T09:00")
    assert uncertain


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), 1e12])
@pytest.mark.parametrize("limit_type", ["urgent_minute", "work_day"])
def test_a_senseless_limit_is_refused(value, limit_type):
    with pytest.raises(LimitError):
        due(local("2026-03-03T09:00"), value, limit_type, CALENDAR)


def test_an_unknown_limit_type_is_refused():
    with pytest.raises(LimitError, match="lunar_day"):
        due(local("2026-03-03T09:00"), 1, "lunar_day", CALENDAR)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(LimitError):
        due(datetime(2026, 3, 3, 9), 1, "work_hour", CALENDAR)  # noqa: DTZ001 - the point of it


def test_a_calendar_without_working_days_ends_in_an_error_not_in_a_loop():
    closed = Calendar({date(2026, 1, 1) + timedelta(days=n): False for n in range(4000)})
    with pytest.raises(LimitError):
        due(local("2026-03-03T09:00"), 1, "work_hour", closed)


@pytest.mark.django_db
def test_a_day_off_that_somebody_enters_counts_at_once():
    start = local("2026-03-03T17:00")
    assert due(start, 2, "work_hour")[0] == local("2026-03-04T09:00")
    Holiday.objects.create(day=date(2026, 3, 4), working=False, name="台风停工")
    assert due(start, 2, "work_hour")[0] == local("2026-03-05T09:00")
    assert elapsed(start, local("2026-03-05T09:00"), "work_hour") == 2


@pytest.mark.django_db
def test_an_urgent_limit_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        due(local("2026-03-03T17:00"), 20, "urgent_minute")
    with django_assert_num_queries(1):
        due(local("2026-03-03T17:00"), 90, "work_day")
