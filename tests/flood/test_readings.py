"""Readings: again, late, too old, too early, impossible, of unknown stations, and very many."""

import pytest

from integrations.flood import clock
from integrations.models import Station
from tests.flood.senders import (
    PLACE,
    alarm,
    events,
    options,
    rises,
    stands,
    station,
    taken,
    water,
)

pytestmark = pytest.mark.django_db


def test_the_same_readings_in_another_envelope_change_nothing(room):
    rows = [water(16, minutes=9), water(36, minutes=4), water(33)]
    taken({"ST_RIVER_R": rows})
    (number,) = events()
    seq = room.event(number)["seq"]
    assert "event" not in taken({"ST_RIVER_R": rows[::-1], "again": 1})
    assert room.event(number)["seq"] == seq
    assert station().readings.filter(quantity="depth").count() == 3


def test_readings_in_any_order_within_a_delivery_are_taken_in_the_order_of_time(room):
    taken({"ST_RIVER_R": [water(2), water(40, minutes=8), water(16, minutes=20)]})
    (number,) = events()
    assert room.event(number)["priority"] == "P1"
    assert alarm().opened_at < alarm().peak_at < alarm().last_at


def test_a_late_reading_is_kept_and_alarms_nobody():
    stands(3)
    taken({"ST_RIVER_R": [water(60, minutes=5)]})
    assert events() == []
    assert station().last_value == 3


def test_a_late_reading_may_have_been_the_highest(room):
    rises(16, 41, minutes=4)
    (number,) = events()
    seq = room.event(number)["seq"]
    taken({"ST_RIVER_R": [water(55, minutes=2)]})
    assert alarm().peak == 55
    assert room.event(number)["seq"] == seq


def test_a_reading_of_the_day_before_yesterday_is_history():
    taken({"ST_RIVER_R": [water(60, hours=25)]})
    assert events() == []
    assert station().last_value == 60


def test_a_reading_from_the_future_is_kept_and_the_clock_of_the_station_named():
    taken({"ST_RIVER_R": [water(60, hours=-3)]})
    assert events() == []
    assert station().last_at is None
    assert station().fault.startswith("站钟偏差")
    stands(20)
    assert len(events()) == 1
    assert station().fault == ""


def test_what_nature_does_not_allow_is_a_fault_of_the_sensor():
    taken({"ST_RIVER_R": [water(99_990), {**water(3), "Q": 0}]})
    assert events() == []
    assert station().fault.startswith("读数不可能")


def test_a_station_that_nobody_has_set_up_is_kept_and_alarms_nobody():
    stands(88, "70000001")
    assert events() == []
    unknown = station("70000001")
    assert not unknown.active
    unknown.active, unknown.quantity, unknown.warn = True, "depth", 15
    unknown.save()
    rises(88, code="70000001")
    assert len(events()) == 1


def test_readings_are_forgotten_when_they_are_older_than_the_source_keeps_them(moment):
    options(kept_days=3)
    rises(1, 2, 3, minutes=24 * 60)
    assert clock.forget(moment.now()) == 0
    moment.move(days=1, minutes=1)
    assert clock.forget(moment.now()) == 1
    assert station().readings.count() == 2


def test_quiet_readings_of_forty_stations_cost_a_handful_of_queries(
    django_assert_max_num_queries,
):
    codes = [f"812040{number:02d}" for number in range(1, 37)]
    taken({"ST_RIVER_R": [water(2, code) for code in codes]})
    with django_assert_max_num_queries(22):
        taken({"ST_RIVER_R": [water(3, code, minutes=-1) for code in codes]})
    assert PLACE in codes


def test_a_station_that_was_switched_off_alarms_nobody_and_is_still_read():
    Station.objects.filter(code=PLACE).update(active=False)
    stands(88)
    assert events() == []
    assert station().last_value == 88
