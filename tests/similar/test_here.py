"""Before reporting: is it known already? Asked by a telephone, answered in few words."""

import pytest

from geo.coordinates import from_wgs84
from tests import BEIYUAN
from tests.room import RENSHENG

pytestmark = pytest.mark.django_db
COVER = "component.0103"


@pytest.fixture
def here(room):
    """The answer to `GET similar/` at BEIYUAN, unless told otherwise."""

    def ask(who="grid.beiyuan", **query):
        return room.ask(who, "similar/", **{**BEIYUAN, "category": COVER, **query})

    return ask


def test_an_open_event_of_the_class_is_told_in_few_words(room, here):
    number = room.report(category=COVER, text="井盖缺失，电话 13800138000")["number"]
    (row,) = here().json()["results"]
    assert row["number"] == number
    assert row["state"] == "registered"
    assert row["category"] == {"code": COVER, "name": "雨水井盖"}
    assert row["distance_m"] == 0
    assert row["reasons"][0] == "同一分类：雨水井盖"
    assert not {"text", "reporter", "address", "assignments"} & set(row)


def test_nothing_is_told_where_nothing_is(room, here):
    room.report(category=COVER)
    assert here(lat=BEIYUAN["lat"] + 0.01).json() == {"results": []}
    assert here(category="emergency.fight").json() == {"results": []}


def test_without_a_class_any_near_event_is_told(room, here):
    number = room.report(category=COVER)["number"]
    assert [row["number"] for row in here(category="").json()["results"]] == [number]


def test_the_telephones_own_coordinates_are_understood(room, here):
    number = room.report(category=COVER)["number"]
    lon, lat = from_wgs84(BEIYUAN["lon"], BEIYUAN["lat"], "GCJ02")
    assert here(lon=lon, lat=lat).json()["results"] == []
    (row,) = here(lon=lon, lat=lat, crs="GCJ02").json()["results"]
    assert (row["number"], row["distance_m"] < 1) == (number, True)


def test_each_is_told_of_the_own_events_only(room, here):
    number = room.report(category=COVER)["number"]
    for who, sees in (
        ("grid.beiyuan", True),
        ("dispatcher", True),
        ("supervisor.beijing", False),
        ("duty.water", False),
        ("admin", False),
    ):
        assert [row["number"] for row in here(who).json()["results"]] == [number] * sees, who


def test_a_place_in_another_community_tells_its_grid_worker_nothing_of_it(room, here):
    there = {**RENSHENG, "crs": "WGS84"}
    room.report("dispatcher", category=COVER, location=there)
    assert here(**RENSHENG).json()["results"] == []
    assert len(here("dispatcher", **RENSHENG).json()["results"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"lon": None},
        {"lat": "north"},
        {"lon": "nan"},
        {"lon": "1e999"},
        {"lat": 91},
        {"lon": 0, "lat": 0},
        {"lon": BEIYUAN["lat"], "lat": BEIYUAN["lon"]},
        {"crs": "EPSG:4490"},
        {"category": "no.such"},
        {"category": "x" * 200},
    ],
)
def test_what_cannot_be_a_question_is_refused_in_words(query, here):
    query = {key: value for key, value in query.items() if value is not None} or {"lon": ""}
    answer = here(**query)
    assert answer.status_code == 422, answer.content
    assert answer.json()["detail"]


def test_a_stranger_is_told_nothing(client):
    assert client.get("/api/v1/similar/", BEIYUAN).status_code == 401
