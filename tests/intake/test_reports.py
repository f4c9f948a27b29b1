"""A report becomes an event, whole or not at all; the same report is never two events."""

import json
import uuid
from datetime import timedelta

import pytest

from dispatch.models import Assignment, Deadline
from events.entry import stamp
from events.models import Category, Event, Log, TimelineEntry
from tests import BEIYUAN
from tests.actions.cases import later, photo
from tests.factories import OfficerFactory
from tests.room import COMMAND, EMERGENCY, clocks, current, lead, sample

pytestmark = pytest.mark.django_db
SEA = {"lon": 114.5, "lat": 21.5, "crs": "WGS84"}


def rows():
    """How much there is of everything that a report writes."""
    tables = (Event, TimelineEntry, Assignment, Deadline)
    return [table.objects.count() for table in tables], Log.objects.get(code="440104").top


@pytest.fixture
def refused(room):
    """Sends a report that is refused; looks that nothing was kept; returns the problem."""

    def send(status=422, **fields):
        before = rows()
        answer = room.send("grid.beiyuan", "reports/", sample(**fields))
        assert answer.status_code == status, answer.content.decode()
        assert answer["Content-Type"] == "application/problem+json"
        assert rows() == before
        return answer.json()

    return send


def test_one_tap_places_routes_and_times_an_event(room):
    event = room.report()
    assert event["area"]["community"] == {"code": "440104001112", "name": "北园社区"}
    assert event["area"]["street"]["code"] == "440104001"
    assert event["location"] == BEIYUAN
    assert lead(event) == EMERGENCY
    assert set(clocks(event)) == {"respond", "handle"}
    assert event["reporter"]["name"] == "陈小梅"
    assert event["source"] == "grid"
    assert room.kinds(event["number"]) == ["registered", "located", "routed", "dispatched"]
    assert event == room.event(event["number"])


def test_an_emergency_has_two_minutes_to_respond_and_twenty_to_be_handled(room):
    running = Deadline.objects.filter(event__number=room.report()["number"])
    spans = {row.stage: row.due_at - row.started_at for row in running}
    assert spans == {"respond": timedelta(minutes=2), "handle": timedelta(minutes=20)}


def test_the_place_of_a_phone_that_speaks_gcj_is_the_same_street(room):
    gcj = {"lon": 113.270938, "lat": 23.136867, "crs": "GCJ02", "accuracy_m": 15}
    event = room.report(location=gcj)
    assert event["area"]["community"]["code"] == "440104001112"
    row = Event.objects.get()
    assert (row.reported_lon, row.reported_crs) == (113.270938, "GCJ02")
    assert abs(event["location"]["lon"] - BEIYUAN["lon"]) < 0.0005


def test_an_address_alone_is_enough(room):
    event = room.report(location=None, address="小北路202号")
    assert event["area"]["street"] is not None
    assert event["address"] == "小北路202号"


@pytest.mark.parametrize("address", ["", "  ", "\x00"])
def test_neither_location_nor_address_is_refused(address, refused):
    problem = refused(location=None, address=address)
    assert "位置" in problem["detail"]


def test_swapped_coordinates_are_refused_with_a_hint(refused):
    problem = refused(location={"lon": BEIYUAN["lat"], "lat": BEIYUAN["lon"], "crs": "WGS84"})
    assert "location" in problem["errors"]
    assert "经度" in problem["detail"]


@pytest.mark.parametrize(
    "location",
    [
        {"lon": 200, "lat": 23},
        {"lon": "nan", "lat": 23.1},
        {"lon": "inf", "lat": 23.1},
        {"lon": None, "lat": 23.1},
        {"lon": [113], "lat": 23.1},
        {"lat": 23.1},
        {},
        [],
        "113.2,23.1",
        {**BEIYUAN, "crs": "MARS"},
        {**BEIYUAN, "accuracy_m": -5},
        {**BEIYUAN, "accuracy_m": "nan"},
        {**BEIYUAN, "accuracy_m": "Infinity"},
        {"lon": 10**400, "lat": 23.1},
    ],
)
def test_a_location_that_cannot_be_is_refused(location, refused):
    assert refused(location=location)["errors"]


def test_what_lies_in_the_sea_is_accepted_and_does_not_float(room):
    event = room.report(location=SEA)
    assert event["area"] is None
    assert lead(event) == COMMAND
    assert event["fallback"]
    assert room.sees("dispatcher", event["number"])
    answer = room.send("grid.beiyuan", "geo/locate/", {"location": SEA}).json()
    assert (answer["inside"], answer["area"]) == (False, None)
    assert answer["nearest_street"]["distance_m"] > 100_000


@pytest.mark.parametrize("category", ["nothing.like-this", "emergency", "走失", "a" * 131])
def test_an_unknown_class_is_refused(category, refused):
    assert "category" in refused(category=category)["errors"]


def test_a_class_that_is_no_longer_used_is_refused(refused):
    Category.objects.filter(qualified="emergency.fire").update(active=False)
    refused(category="emergency.fire")


@pytest.mark.parametrize(
    "when",
    [
        {"minutes": 6},
        {"days": 1},
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00+08:00",
        "yesterday",
        1795939200,
    ],
)
def test_a_report_from_the_future_or_from_no_time_is_refused(when, refused):
    when = later(**when) if isinstance(when, dict) else when
    assert "occurred_at" in refused(occurred_at=when)["errors"]


def test_a_phone_whose_clock_is_a_little_ahead_is_believed(room, moment):
    event = room.report(occurred_at=later(minutes=2))
    assert event["occurred_at"] <= event["registered_at"]
    early = stamp(moment.now() - timedelta(hours=3))
    assert room.report(occurred_at=early)["occurred_at"] == early


def test_the_same_report_again_is_the_same_event(room):
    body = sample(text="井盖缺失", category="event.0406", occurred_at=later(minutes=-5))
    first = room.send("grid.beiyuan", "reports/", body)
    before = rows()
    again = room.send("grid.beiyuan", "reports/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert rows() == before


def test_the_answer_to_a_repeated_report_is_the_event_as_it_is_now(room):
    body = sample()
    number = room.send("grid.beiyuan", "reports/", body).json()["number"]
    room.do("duty.hongqiao", number, "claim")
    assert room.send("grid.beiyuan", "reports/", body).json() == room.event(number)


@pytest.mark.parametrize(
    "other",
    [
        {"text": "另一件事"},
        {"category": "emergency.fire"},
        {"priority": "P1"},
        {"location": {**BEIYUAN, "lon": 113.2656, "crs": "WGS84"}},
        {"address": "小北路202号"},
    ],
)
def test_other_content_under_the_same_id_is_refused(other, room, refused):
    body = sample()
    number = room.send("grid.beiyuan", "reports/", body).json()["number"]
    problem = refused(409, **{**body, **other})
    assert problem["event"] == number


def test_two_people_may_use_the_same_id(room):
    body = sample()
    numbers = {
        room.send(who, "reports/", body).json()["number"]
        for who in ("grid.beiyuan", "duty.hongqiao")
    }
    assert len(numbers) == 2


def test_a_report_sent_again_from_a_new_office_is_still_the_same(room, user):
    body = sample()
    first = room.send("grid.beiyuan", "reports/", body).json()["number"]
    officer = user("grid.beiyuan").officer
    officer.department, officer.name = None, "陈梅"
    officer.save()
    again = room.send("grid.beiyuan", "reports/", body)
    assert (again.status_code, again.json()["number"]) == (200, first)


@pytest.mark.parametrize("client_id", [None, "", "abc", ["x"], "00000000"])
def test_a_report_has_an_id_of_its_own(client_id, refused):
    assert "client_id" in refused(client_id=client_id)["errors"]


def test_emoji_stay_and_control_characters_go(room):
    text = "\ufeff 井盖\x00缺失\u202e👷🏽‍♀️\r\n第二行\x1b[31m\t表\u2066 "
    event = room.report(text=text, address="小北路\x07１号")
    assert event["text"] == "井盖缺失👷🏽‍♀️\n第二行[31m\t表"
    assert event["address"] == "小北路１号"
    assert event["title"].startswith("井盖缺失👷🏽‍♀️")
    assert "\x00" not in str(room.entries(event["number"]))


def test_a_lone_surrogate_is_refused(room):
    before = rows()
    body = json.dumps(sample(text="\ud800"))
    client = room.client("grid.beiyuan")
    answer = client.post("/api/v1/reports/", body, content_type="application/json")
    assert answer.status_code == 422
    assert rows() == before


def test_a_text_that_is_too_long_is_refused(refused, room):
    assert "text" in refused(text="长" * 5001)["errors"]
    assert room.report(text="长" * 5000)["text"] == "长" * 5000


def test_files_come_with_the_report_or_it_is_not_accepted(room, user, refused):
    own, foreign = photo(user, "grid.beiyuan"), photo(user, "police.hongqiao")
    refused(attachments=[own, foreign])
    refused(attachments=[own, str(uuid.uuid4())])
    refused(attachments=["no-id"])
    refused(attachments=[own] * 21)
    event = room.report(attachments=[own])
    assert [row["id"] for row in event["attachments"]] == [own]
    refused(attachments=[own])


def test_an_officer_without_area_may_report_and_follow_it(room):
    who = OfficerFactory().user.username
    event = room.report(who)
    assert room.sees(who, event["number"])
    assert who not in str(current(event))


def test_a_title_is_made_of_class_and_place_or_of_the_first_words(room):
    assert room.report(category="emergency.fire")["title"] == "火灾 · 北园社区"
    assert room.report(text="老人走失\n穿红衣")["title"] == "老人走失 · 北园社区"


def test_numbers_are_readable_and_tracking_codes_cannot_be_guessed(room):
    first, second = room.report(), room.report()
    assert first["number"].startswith("YX20")
    assert first["number"] != second["number"]
    assert len(first["tracking_code"]) == 16
    assert first["tracking_code"] != second["tracking_code"]
