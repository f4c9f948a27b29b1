"""Urged, instructed, escalated: what pressure asks for, and what the clock adds to it."""

import pytest

from dispatch import clock
from dispatch.models import Deadline, Department
from events.entry import stamp
from tests.escalation.policies import limit, told
from tests.factories import OfficerFactory
from tests.room import clocks, lead

pytestmark = pytest.mark.django_db


def test_how_often_it_was_urged_is_said(room):
    number = room.report()["number"]
    for nth in (1, 2, 3):
        room.do("supervisor.hongqiao", number, "urge", text="请尽快")
        entry = room.entries(number)[-1]
        assert (entry["data"]["nth"], entry["data"]["notify"]) == (nth, "group")
        assert entry["summary"] == f"第 {nth} 次催办 请尽快"


# Escalate


def test_an_escalated_event_has_the_limit_of_its_new_priority_from_then_on(room, stopped):
    stopped.to("2026-03-03 09:00")
    number = room.report(category="hotline.02", priority="P2")["number"]
    room.do(current_lead(room, number), number, "claim")
    before = room.event(number)
    stopped.to("2026-03-03 15:00")
    event = room.do("supervisor", number, "escalate", text="群众反映强烈")
    assert (event["priority"], event["escalation"]) == ("P1", 1)
    assert clocks(event)["handle"]["due_at"] == "2026-03-03T07:20:00.000Z"
    assert clocks(before)["handle"]["due_at"] == "2026-03-04T01:00:00.000Z"
    entry = room.entries(number)[-1]
    assert entry["summary"] == "提级至街道督导 群众反映强烈"
    assert entry["data"]["notify"] == "street"


def current_lead(room, number):
    """An officer of the lead department, made for this test."""
    department = Department.objects.get(code=lead(room.event(number)))
    return OfficerFactory(department=department).user.username


def test_an_escalation_never_gives_more_time(room, stopped):
    number = room.report(priority="P2")["number"]
    before = clocks(room.event(number))
    stopped.move(seconds=30)
    assert clocks(room.do("supervisor", number, "escalate")) == before
    assert clocks(room.do("supervisor", number, "escalate")) == before


def test_an_escalation_on_hold_shortens_what_is_left(room, stopped):
    limit("emergency.unclassified", "handle", 60, "urgent_minute")
    limit("emergency.unclassified", "handle", 5, "urgent_minute", condition="P1")
    number = room.claimed(priority="P2")["number"]
    room.do("supervisor", number, "hold", reason="停工")
    stopped.move(hours=3)
    event = room.do("supervisor", number, "escalate")
    assert clocks(event)["handle"]["state"] == "paused"
    due_at = clocks(room.do("supervisor", number, "resume"))["handle"]["due_at"]
    stopped.move(minutes=5)
    assert due_at == stamp(stopped.now())


# Instruct


@pytest.fixture
def instructed(room, stopped):
    """A P1 event with an instruction: ten minutes to answer."""
    number = room.report(priority="P1")["number"]
    room.do("duty.hongqiao", number, "claim")
    room.do("duty.hongqiao", number, "arrive")
    assert room.do("supervisor", number, "instruct", text="务必当日完成")["unanswered"] == 1
    return number


def of_answers(room, number):
    return [said for said in told(room, number) if said[1] == "answer"]


def test_an_instruction_that_nobody_answers_is_reminded_again_and_again(room, stopped, instructed):
    said = []
    for minutes, percent, notify in (
        (10, 100, "head"),
        # Three limits are over: the street hears of it, and the head again.
        (20, 300, "street"),
        (10, 100, "head"),
        (30, 100, "head"),
        (30, 100, "head"),
    ):
        stopped.move(minutes=minutes, seconds=-1)
        clock.tick()
        assert of_answers(room, instructed) == said
        stopped.move(seconds=1)
        clock.tick()
        said.append(("unanswered", "answer", percent, notify))
        assert of_answers(room, instructed) == said
    stopped.move(days=2)
    clock.tick()
    assert of_answers(room, instructed) == said
    entry = next(e for e in room.entries(instructed) if e["kind"] == "unanswered")
    assert entry["summary"] == "批示尚未回复，已提醒部门负责人"


def test_a_departments_message_answers_it(room, stopped, instructed):
    room.do("supervisor", instructed, "instruct", text="另：注意安全")
    asked = [e["seq"] for e in room.entries(instructed) if e["kind"] == "instructed"]
    event = room.do("duty.hongqiao", instructed, "post", text="收到，正在办")
    assert event["unanswered"] == 0
    assert room.entries(instructed)[-1]["data"]["answers"] == asked
    stopped.move(hours=5)
    clock.tick()
    assert of_answers(room, instructed) == []
    assert set(Deadline.every.filter(stage="answer").values_list("state", flat=True)) == {"met"}


def test_a_late_answer_is_an_answer(room, stopped, instructed):
    stopped.move(minutes=11)
    clock.tick()
    room.do("police.hongqiao", instructed, "post", text="收到")
    assert room.event(instructed)["unanswered"] == 0
    assert Deadline.every.get(stage="answer").state == "missed"


@pytest.mark.parametrize("who", ["supervisor", "grid.beiyuan", "dispatcher"])
def test_what_others_say_is_no_answer(who, room, instructed):
    room.do(who, instructed, "post", text="请回复")
    assert room.event(instructed)["unanswered"] == 1
    assert "answers" not in room.entries(instructed)[-1]["data"]


def test_finished_work_is_an_answer_and_an_ended_event_asks_for_none(room, stopped, instructed):
    event = room.do("duty.hongqiao", instructed, "complete", text="已按批示办结")
    assert event["unanswered"] == 0
    other = room.report()["number"]
    room.do("supervisor", other, "instruct", text="速办")
    event = room.do("dispatcher", other, "cancel", reason="误报")
    assert event["unanswered"] == 0
    stopped.move(days=3)
    clock.tick()
    assert of_answers(room, instructed) == of_answers(room, other) == []
