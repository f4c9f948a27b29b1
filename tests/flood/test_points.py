"""Waterlogging points and rows of hydrological tables, as platforms say them."""

from datetime import timedelta

import pytest

from integrations.models import Reading, Source, Station
from integrations.pages.trial import trial
from integrations.sources.flood.points import depth_in
from tests.flood.senders import (
    SAMPLES,
    ago,
    alarm,
    events,
    push,
    refused,
    station,
    taken,
    water,
    written,
)

pytestmark = pytest.mark.django_db


def point(degree, condition="", sid="P1", name="达道路口", minutes=0, **fields):
    """A row of the platform."""
    return {
        "sid": sid,
        "name": name,
        "type": 2,
        "degree": degree,
        "condition": condition,
        "address": "越秀区东山口达道路",
        "areaSn": "440104000000",
        "monitorTime": ago(minutes=-minutes),
        **fields,
    }


def test_the_sample_of_points_is_one_event_where_the_water_is(room):
    answer = taken((SAMPLES / "12_flood_point_guangzhou_style.json").read_bytes())
    (number,) = events()
    assert answer["event"] == number
    event = room.event(number)
    assert (event["priority"], event["category"]["code"]) == ("P1", "emergency.waterlogging")
    assert event["area"]["street"]["name"] == "大塘街道"
    assert "32 cm" in event["text"]
    underpass = station("10002")
    assert (underpass.kind, underpass.active, underpass.last_degree) == ("underpass", True, 0)


def test_the_sample_of_rows_is_kept_as_readings():
    taken((SAMPLES / "13_sl323_rows.json").read_bytes())
    assert {(row.station.code, row.quantity, row.value) for row in Reading.objects.all()} == {
        ("81200001", "rain_1h", 62.5),
        ("81200011", "stage", 2.18),
    }


def test_words_alone_alarm_and_calm_down(room, moment):
    taken([point("中度内涝")])
    (number,) = events()
    assert room.event(number)["priority"] == "P2"
    assert "中度内涝" in room.event(number)["text"]
    taken([point("严重内涝", minutes=1)])
    assert room.event(number)["priority"] == "P1"
    assert room.entries(number)[-1]["data"]["text"] == "内涝程度升至严重内涝"
    taken([point("无内涝", "正常", minutes=2), point("轻度内涝", minutes=3)])
    assert alarm("P1").cleared_at is None
    moment.move(minutes=20)
    taken([point("无内涝", minutes=-15), point("无内涝")])
    assert room.entries(number)[-1]["data"]["text"] == "水已退，请现场确认后办结"


@pytest.mark.parametrize("degree", ["轻度内涝", "无内涝", "正常", "无"])
def test_a_light_degree_or_none_is_no_event(degree):
    taken([point(degree)])
    assert events() == []


def test_the_worse_of_words_and_depth_counts(room):
    taken([point("轻度内涝", "积水深度31厘米")])
    taken([point("严重内涝", "积水约8cm", sid="P2", name="犀牛路口")])
    assert [room.event(number)["priority"] for number in events()] == ["P1", "P1"]


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("积水深度32cm", 32),
        ("积水深度：32 CM", 32),
        ("水深约0.3米", 30),
        ("积水15-20厘米，车辆缓行", 20),
        ("水浸20公分", 20),
        ("积水 85mm", 8.5),
        ("正常", None),
        ("积水已退", None),
        ("占用道路100米", None),
    ],
)
def test_a_depth_is_found_in_a_text(text, cm):
    assert depth_in(text) == cm


def test_a_degree_that_nobody_knows_is_put_aside_and_the_rest_taken():
    answer = push([point("波涛汹涌"), point("严重内涝", sid="P2", name="犀牛路口")])
    assert answer.status_code == 422
    assert "波涛汹涌" in answer.json()["detail"]
    assert len(events()) == 1


@pytest.mark.parametrize("missing", ["monitorTime", "degree"])
def test_a_point_without_time_or_state_is_put_aside(missing):
    assert refused([point("严重内涝") | {missing: None}])
    assert not Station.objects.filter(code="P1").exists()


def test_a_place_without_coordinates_is_placed_by_name_and_address():
    taken([point("无内涝", name="东濠涌高架路桥底", address="")])
    new = station("P1")
    assert abs(new.lon - 113.2747) < 0.001
    assert new.area.name.startswith("白云街道") or new.area.code.startswith("440104012")


def test_coordinates_are_in_the_system_of_the_source():
    taken([point("无内涝", lng=113.2727, lat=23.1305)])
    assert (station("P1").lon, station("P1").lat) == (113.2727, 23.1305)
    assert station("P1").area is not None


def test_a_point_of_another_district_is_kept_and_alarms_nobody():
    taken([point("严重内涝", areaSn="440106000000")])
    assert events() == []
    assert not station("P1").active


def test_a_statement_holds_however_old_it_is():
    taken([point("严重内涝", monitorTime=ago(days=30))])
    assert len(events()) == 1


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"DRP": 3.5, "INTV": 0.05}, {("rain_5m", 3.5)}),
        ({"DRP": "20", "INTV": None, "DYP": 44}, {("rain_1h", 20), ("rain_day", 44)}),
        ({"Z": 1.2, "Q": 35}, {("stage", 1.2), ("flow", 35)}),
        ({"RZ": 21.4, "OTQ": 3, "W": 100}, {("stage", 21.4), ("flow", 3)}),
        ({"UPZ": 6.2, "DWZ": 5.1}, {("stage", 6.2), ("stage_down", 5.1)}),
        ({"DRP": None, "INTV": 1}, set()),
    ],
    ids=["PPTN", "PPTN of an hour", "RIVER", "RSVR", "WAS", "nothing"],
)
def test_columns_of_the_tables_are_quantities(row, kept):
    taken({"rows": [{"STCD": "70000002", "TM": ago(minutes=1), **row}]})
    rows = Reading.objects.filter(station__code="70000002")
    assert {(one.quantity, one.value) for one in rows} == kept


@pytest.mark.parametrize(
    "spoil",
    [{"Z": "high"}, {"TM": "yesterday"}, {"TM": None}, {"STCD": ""}, {"STCD": "x" * 60}],
    ids=["value", "time", "no time", "no code", "long code"],
)
def test_a_row_that_cannot_be_read_is_put_aside_and_the_others_taken(spoil):
    answer = push({"ST_RIVER_R": [{**water(20), **spoil}, water(20)]})
    assert answer.status_code == 422
    assert len(events()) == 1


def test_a_table_as_a_file_is_taken_too():
    taken(f"STCD,TM,Z\n81204018,{ago(minutes=1)},0.42\n".encode("gbk"), "text/csv")
    assert len(events()) == 1


def test_a_long_history_is_taken_and_only_its_end_counts(moment):
    start = moment.now() - timedelta(hours=20)
    rows = [
        {"STCD": "81204018", "TM": written(start + timedelta(minutes=n)), "Z": 0.4 if n < 99 else 0}
        for n in range(1200)
    ]
    taken({"ST_RIVER_R": rows[::-1]})
    assert len(events()) == 1
    assert alarm().cleared_at is not None
    assert station().readings.filter(quantity="depth").count() == 1200


def test_what_flood_control_does_not_know_is_put_aside_in_words():
    assert "SL 651" in refused({"hello": "world"})


def test_a_dry_run_says_what_a_delivery_would_be():
    source = Source.objects.get(code="flood")
    said = [
        trial(source, (SAMPLES / name).read_bytes()).items
        for name in (
            "12_flood_point_guangzhou_style.json",
            "14_response_level.json",
            "12379_rainstorm.xml",
        )
    ]
    assert [[item.name for item in items] for items in said] == [["读数"], ["应急响应"], ["预警"]]
    assert ("10001", "积水深度 32 cm，2026-06-01 14:30") in said[0][0].facts
    assert ("颜色", "红色") in said[2][0].facts
    assert not Station.objects.filter(code="10002").exists()
