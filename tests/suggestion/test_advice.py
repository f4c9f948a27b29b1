"""The room is told what class a text may mean; a person decides. What is urgent is a question."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Category, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def advice(room):
    """The suggestions for an event, as a person sees them."""
    return lambda number, who="dispatcher": room.get(who, f"events/{number}/suggestion/")["results"]


def test_an_unclassified_event_carries_suggestions_with_reasons(room, advice):
    number = room.report(text="共享单车倒了一片，挡住人行道")["number"]
    first = advice(number)[0]
    assert (first["code"], first["name"], first["above"]) == (
        "event.0493",
        "共享单车管理",
        "街面秩序",
    )
    assert 0.5 < first["confidence"] <= 1
    assert "共享单车" in first["because"][0]
    assert not first["question"]


def test_an_urgent_suggestion_is_a_question_and_changes_nothing_by_itself(room, advice):
    number = room.report(text="菜市场门口有个女孩走散了")["number"]
    before = room.event(number)
    asked = [row for row in advice(number) if row["question"]]
    assert [row["code"] for row in asked] == ["emergency.lost-person"]
    assert room.event(number) == before
    assert before["category"]["code"] == "emergency.unclassified"
    assert before["priority"] == "P2"


def test_a_dispatcher_takes_it_with_one_action_and_it_is_gone(room, advice):
    number = room.report(text="路灯不亮")["number"]
    code = advice(number)[0]["code"]
    event = room.do("dispatcher", number, "reclassify", category=code)
    assert event["category"]["code"] == code == "component.0137"
    assert advice(number) == []


def test_of_what_somebody_has_classified_only_an_emergency_is_asked(room, advice):
    plain = room.report(category="event.0406", text="路灯不亮")["number"]
    grave = room.report(category="event.0406", text="摊主晕倒，意识不清")["number"]
    fire = room.report(category="emergency.fire", text="起火，有人晕倒")["number"]
    assert advice(plain) == []
    assert [row["code"] for row in advice(grave)] == ["emergency.medical"]
    assert advice(grave)[0]["question"]
    assert advice(fire) == []


def test_only_who_sees_the_event_reads_what_is_suggested(room, advice):
    number = room.report(text="路灯不亮")["number"]
    for who in ("grid.beiyuan", "duty.hongqiao", "supervisor", "auditor"):
        assert advice(number, who), who
    for who in ("cityops.hongqiao", "duty.water", "supervisor.beijing", "admin"):
        assert room.ask(who, f"events/{number}/suggestion/").status_code == 404, who


def test_an_event_without_text_has_no_suggestion(room, advice):
    assert advice(room.report(text="")["number"]) == []


def test_a_class_that_the_district_has_retired_or_made_a_group_is_not_suggested(room, advice):
    number = room.report(text="共享单车倒了一片")["number"]
    Category.objects.filter(qualified="event.0493").update(selectable=False)
    assert "event.0493" not in [row["code"] for row in advice(number)]
    Category.objects.filter(qualified="event.0493").update(selectable=True, active=False)
    assert "event.0493" not in [row["code"] for row in advice(number)]


def test_the_desk_asks_for_a_text_before_there_is_an_event(room):
    answer = room.send("dispatcher", "categories/suggest/", {"text": "楼上漏煤气"})
    assert answer.status_code == 200
    first = answer.json()["results"][0]
    assert (first["code"], first["question"]) == ("emergency.gas-leak", True)
    assert first["because"] == ["漏煤气"]
    assert Event.objects.count() == 0


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "  "}, {"text": 5 * ["x"]}])
def test_a_question_without_words_is_refused(body, room):
    assert room.send("grid.beiyuan", "categories/suggest/", body).status_code == 422


def test_a_very_long_text_is_refused_and_a_stranger_too(room, client):
    assert (
        room.send("grid.beiyuan", "categories/suggest/", {"text": "长" * 5001}).status_code == 422
    )
    assert client.post("/api/v1/categories/suggest/", {"text": "x"}).status_code == 401
    assert room.send("admin", "categories/suggest/", {"text": "路灯不亮"}).status_code == 200


@pytest.mark.parametrize("text", ["路灯不亮", "路灯不亮，" * 500])
def test_advice_costs_few_queries_however_long_the_text(text, room):
    number = room.report(text=text)["number"]
    room.client("dispatcher")
    with CaptureQueriesContext(connection) as queries:
        room.get("dispatcher", f"events/{number}/suggestion/")
    assert len(queries) <= 6
