"""A sensor over its line: one event, told of what matters, ended by people."""

from datetime import datetime, timedelta

import pytest

from dispatch.models import Assignment, LimitRule
from events.models import Category, Event
from integrations.flood import clock
from tests.flood.senders import (
    ELSEWHERE,
    alarm,
    events,
    options,
    rises,
    stands,
    taken,
    water,
)
from tests.room import clocks, current, lead

pytestmark = pytest.mark.django_db
WATER = "duty.water"


def told(room, number, after=0):
    """What the room has heard of the water: (kind, text)."""
    return [
        (entry["kind"], entry["data"]["text"])
        for entry in room.entries(number, after)
        if entry["kind"] in ("updated", "receded")
    ]


def close(room, number):
    """People do their part to the end."""
    room.do(WATER, number, "claim")
    for code, row in current(room.event(number)).items():
        if row["required"] and row["role"] == "support":
            raise AssertionError(code)
    room.do(WATER, number, "complete", text="水已排净")
    room.do("supervisor", number, "close")


def test_a_sensor_over_its_line_is_one_event_with_updates(room, moment):
    rises(3, 9, 14.9)
    assert events() == []
    moment.move(minutes=1)
    answer = stands(15)
    (number,) = events()
    assert answer["event"] == number
    event = room.event(number)
    assert event["category"]["code"] == "emergency.waterlogging"
    assert (event["priority"], event["source"]) == ("P2", "flood")
    assert event["area"]["street"]["name"] == "北京街道"
    assert "中山五路北京路口" in event["text"]
    assert "15 cm" in event["text"]
    assert lead(event) == "440104-water"
    rises(15.5, 16, 17, 16, 19, 18)
    assert events() == [number]
    assert told(room, number) == []


def test_over_the_red_line_it_is_critical_from_the_start(room):
    stands(46)
    event = room.event(events()[0])
    assert event["priority"] == "P1"
    assert "红色线 30 cm" in event["text"]
    assert event["deadlines"][0]["stage"] == "respond"


def test_a_new_degree_is_told_at_once_and_raises_the_priority_and_its_limits(room):
    limit = {"stage": "handle", "limit_type": "urgent_minute", "condition": "P1", "value": 7}
    LimitRule.objects.create(
        category=Category.objects.get(qualified="emergency.waterlogging"), **limit
    )
    stands(16)
    (number,) = events()
    rises(31)
    assert told(room, number) == [("updated", "积水深度升至 31 cm，超过红色线 30 cm")]
    event = room.event(number)
    assert event["priority"] == "P1"
    due = datetime.fromisoformat(clocks(event)["handle"]["due_at"])
    assert due - datetime.fromisoformat(event["registered_at"]) == timedelta(minutes=7)


def test_a_rise_is_told_in_steps_and_not_more_often_than_every_five_minutes(room):
    stands(31)
    (number,) = events()
    rises(34, 36, 37, minutes=1)
    assert told(room, number) == []
    rises(38, minutes=3)
    assert told(room, number) == [("updated", "积水深度继续上涨，现 38 cm，最高 38 cm")]
    rises(41, 42, minutes=6)
    assert len(told(room, number)) == 1
    rises(43)
    assert len(told(room, number)) == 2


def test_a_peak_that_passed_between_two_pieces_of_news_is_told_with_the_next(room):
    stands(31)
    rises(39, 33, minutes=1)
    rises(32, minutes=5)
    (number,) = events()
    assert told(room, number) == [("updated", "积水深度继续上涨，现 32 cm，最高 39 cm")]


def test_an_easing_is_told_when_it_is_well_below_the_red_line(room):
    stands(35)
    (number,) = events()
    rises(29, 26, minutes=6)
    assert told(room, number) == []
    rises(24)
    assert told(room, number) == [("updated", "积水深度回落至 24 cm，已低于红色线，最高 35 cm")]
    assert room.event(number)["priority"] == "P1"


def test_water_that_comes_and_goes_around_the_line_is_no_news(room):
    stands(16)
    (number,) = events()
    rises(14, 16, 12, 15, 11, 16, 9, 8, 16, 9, 15, 9, 15, minutes=3)
    assert events() == [number]
    assert told(room, number) == []


def test_when_the_water_is_gone_the_room_is_asked_and_nothing_is_closed(room):
    stands(20)
    (number,) = events()
    rises(9, 8, 5, minutes=4)
    assert told(room, number) == []
    rises(4, 3, 0, minutes=4)
    assert told(room, number) == [
        ("receded", "水已退（积水深度 4 cm，最高 20 cm），请现场确认后办结")
    ]
    assert room.event(number)["state"] == "registered"
    assert alarm().cleared_at is not None


def test_a_station_that_falls_silent_below_the_line_is_told_of_by_the_clock(room, moment):
    stands(20)
    rises(2)
    (number,) = events()
    moment.move(minutes=9)
    assert clock.tick() == 0
    moment.move(minutes=2)
    assert clock.tick() == 1
    assert clock.tick() == 0
    assert [kind for kind, _text in told(room, number)] == ["receded"]


def test_a_station_that_falls_silent_under_water_is_told_of_once(room, moment):
    stands(20)
    (number,) = events()
    moment.move(minutes=31)
    assert clock.tick() == 1
    moment.move(hours=2)
    assert clock.tick() == 0
    assert told(room, number) == [("updated", "监测站没有新的读数（最后 20 cm），请现场核实")]
    stands(21)
    moment.move(minutes=31)
    assert clock.tick() == 1


def test_water_that_comes_back_before_the_end_is_news_of_the_same_event(room):
    stands(20)
    rises(2, 2, 2, minutes=6)
    rises(33)
    (number,) = events()
    assert [kind for kind, _text in told(room, number)] == ["receded", "updated"]
    assert told(room, number)[-1][1].startswith("又涨了")
    assert room.event(number)["priority"] == "P1"
    assert alarm().cleared_at is None


def test_a_rise_after_the_end_is_another_event(room):
    stands(20)
    rises(2, 2, 2, minutes=6)
    close(room, events()[0])
    rises(1, 14)
    assert len(events()) == 1
    rises(16)
    first, second = events()
    assert room.event(second)["state"] == "registered"
    assert room.event(first)["state"] == "closed"


def test_water_that_still_stands_when_people_end_the_event_is_not_reported_again(room):
    stands(24)
    close(room, events()[0])
    rises(24, 23, 20, 24, minutes=10)
    assert len(events()) == 1
    rises(25)
    assert len(events()) == 2


def test_a_broken_sensor_whose_event_was_cancelled_stays_quiet(room):
    stands(88)
    (number,) = events()
    room.do("dispatcher", number, "cancel", reason="传感器故障")
    rises(88, 88, 88, minutes=60)
    assert events() == [number]
    rises(5, 16)
    assert len(events()) == 2


def test_news_goes_to_the_event_into_which_it_was_merged(room):
    stands(16)
    stands(16, ELSEWHERE)
    main, other = events()
    room.do("dispatcher", other, "merge", into=main)
    seq = room.event(main)["seq"]
    rises(35, code=ELSEWHERE)
    assert events() == [main, other]
    assert [kind for kind, _text in told(room, main, seq)] == ["updated"]
    assert room.event(main)["priority"] == "P1"


def test_the_lines_of_time_are_the_sources_own(room):
    options(clear_minutes=2, quiet_minutes=1, history_hours="not a number")
    stands(20)
    rises(5, 5, minutes=2)
    assert [kind for kind, _text in told(room, events()[0])] == ["receded"]


def test_two_places_are_two_events():
    taken({"ST_RIVER_R": [water(20), water(33, ELSEWHERE)]})
    assert len(events()) == 2
    assert set(Event.objects.filter(source="flood").values_list("priority", flat=True)) == {
        "P1",
        "P2",
    }
    assert Assignment.objects.filter(event__source="flood", role="lead").count() == 2


def test_rain_over_its_line_is_an_event_of_its_own_class(room):
    row = {"STCD": "81200001", "TM": water(0)["TM"], "DRP": 82.5, "INTV": 1.0}
    taken({"ST_PPTN_R": [{**row, "INTV": 0.05, "DRP": 12}]})
    assert events() == []
    taken({"ST_PPTN_R": [row]})
    event = room.event(events()[0])
    assert event["category"]["code"] == "emergency.rainstorm"
    assert event["priority"] == "P1"
    assert "1小时雨量 82.5 mm" in event["text"]
