"""`/api/v1/flood/`: how flood control stands, and the curve of an event."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from events import moment as product_moment
from integrations.flood.curve import thin
from integrations.models import Alarm
from tests.flood.alerts import FAR, alert
from tests.flood.senders import (
    ELSEWHERE,
    PLACE,
    ago,
    events,
    push,
    rises,
    stands,
    station,
    taken,
    water,
)

XML = "application/xml"
CURVE = "flood/events/{}/curve/"


def found(answer, code=PLACE):
    """A station of the answer."""
    (one,) = [row for row in answer["stations"] if row["code"] == code]
    return one


@pytest.mark.django_db
def test_everybody_who_is_signed_in_sees_how_it_stands(room):
    stands(35)
    taken(alert("W"), XML)
    taken(alert("F", area=f"<areaDesc>x</areaDesc><polygon>{FAR}</polygon>"), XML)
    taken({"areaName": "广州市越秀区", "typeName": "防汛", "level": 3, "responseTime": ago()})
    answer = room.get("supervisor", "flood/")
    one = found(answer)
    assert (one["label"], one["unit"], one["warn"], one["red"]) == ("积水深度", "cm", 15, 30)
    assert (one["last"]["value"], one["last"]["level"]) == (35, 2)
    assert (one["alarm"]["event"], one["alarm"]["peak"]) == (events()[0], 35)
    assert found(answer, ELSEWHERE)["alarm"] is None
    assert [(row["here"], row["colour"]) for row in answer["warnings"]] == [
        (False, "orange"),
        (True, "orange"),
    ]
    assert answer["warnings"][1]["geometry"]["type"] == "MultiPolygon"
    assert answer["warnings"][1]["events"] == events()
    (level,) = answer["levels"]
    assert (level["track"], level["level"], level["events"]) == ("防汛", 3, events())


@pytest.mark.django_db
def test_the_numbers_of_events_are_for_those_who_may_see_them(room):
    stands(35)
    taken(alert("W"), XML)
    answer = room.get("duty.hongqiao", "flood/")
    assert found(answer)["alarm"]["event"] is None
    assert found(answer)["alarm"]["level"] == 2
    assert answer["warnings"][0]["events"] == []
    assert room.get("duty.water", "flood/")["warnings"][0]["events"] == events()


@pytest.mark.django_db
def test_nobody_is_told_anything_without_signing_in(client):
    assert client.get("/api/v1/flood/").status_code == 401
    assert client.get("/api/v1/flood/events/YX20261125-000001/curve/").status_code == 401


@pytest.mark.django_db
def test_a_part_is_answered_alone_and_an_unknown_one_refused(room):
    assert set(room.get("supervisor", "flood/", parts="warnings,levels")) == {
        "now",
        "warnings",
        "levels",
    }
    assert room.ask("supervisor", "flood/", parts="weather").status_code == 422


@pytest.mark.django_db
def test_stations_that_nobody_has_set_up_are_listed_last(room):
    stands(3, "70000001")
    rows = room.get("supervisor", "flood/", parts="stations")["stations"]
    assert (rows[-1]["code"], rows[-1]["active"], rows[-1]["alarm"]) == ("70000001", False, None)


@pytest.mark.django_db
def test_it_costs_as_many_queries_with_many_alarms_as_with_one(
    room, django_assert_num_queries, django_assert_max_num_queries
):
    room.client("supervisor")
    stands(20)
    taken(alert(), XML)
    with django_assert_max_num_queries(14):
        room.get("supervisor", "flood/")
    taken({"ST_RIVER_R": [water(20, f"812040{n:02d}") for n in range(1, 17)]})
    taken(alert(), XML)
    with django_assert_max_num_queries(14):
        room.get("supervisor", "flood/")


@pytest.mark.django_db
def test_the_curve_shows_the_water_before_while_and_after(room, moment):
    rises(0, 4, 12, minutes=10)
    taken(alert("W"), XML)
    rises(33, 41, 20, minutes=10)
    (number,) = events()
    (curve,) = room.get("supervisor", CURVE.format(number))["results"]
    assert curve["station"]["name"] == "中山五路北京路口"
    assert [value for _at, value in curve["readings"]] == [0, 4, 12, 33, 41, 20]
    assert (curve["alarm"]["peak"], curve["station"]["warn"]) == (41, 15)
    assert [(row["headline"][:2], row["in_force"]) for row in curve["warnings"]] == [("广州", True)]
    moment.move(hours=7)
    (curve,) = room.get("supervisor", CURVE.format(number))["results"]
    assert curve["warnings"][0]["in_force"] is False


@pytest.mark.django_db
def test_the_curve_is_for_those_who_see_the_event(room):
    stands(35)
    (number,) = events()
    assert room.ask("duty.water", CURVE.format(number)).status_code == 200
    assert room.ask("duty.hongqiao", CURVE.format(number)).status_code == 404
    assert room.ask("grid.beiyuan", CURVE.format(number)).status_code == 404
    assert room.ask("admin", CURVE.format(number)).status_code == 404


@pytest.mark.django_db
def test_an_event_that_no_station_made_has_no_curve(room):
    number = room.report()["number"]
    assert room.get("grid.beiyuan", CURVE.format(number))["results"] == []


@pytest.mark.django_db
def test_a_merged_events_curve_is_in_the_main_events_room(room):
    stands(20)
    stands(33, ELSEWHERE)
    main, other = events()
    room.do("dispatcher", other, "merge", into=main)
    curves = room.get("supervisor", CURVE.format(main))["results"]
    assert {curve["station"]["code"] for curve in curves} == {PLACE, ELSEWHERE}


def test_a_long_curve_keeps_its_peaks_and_its_ends():
    start = product_moment.now()
    rows = [(start + timedelta(seconds=5 * n), n % 97) for n in range(20_000)]
    rows[12_345] = (rows[12_345][0], 500)
    shown = thin(rows, 400)
    assert len(shown) <= 400
    assert (shown[0], shown[-1]) == (rows[0], rows[-1])
    assert max(value for _at, value in shown) == 500
    assert thin(rows[:400], 400) == rows[:400]


def test_two_deliveries_at_once_make_one_event(committed):
    bodies = [{"ST_RIVER_R": [water(16 + n)], "n": n} for n in range(4)]
    gate = Barrier(len(bodies))

    def send(body):
        gate.wait()
        try:
            return push(body).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(bodies)) as pool:
        assert set(pool.map(send, bodies)) == {202}
    assert len(events()) == 1
    assert Alarm.objects.count() == 1
    assert station().readings.filter(quantity="depth").count() == 1
