"""What the clock does beyond telling: it closes, ends holds, and stops at no broken event."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch import clock, effects, sweep
from dispatch.models import LimitRule
from events.models import Category
from tests.actions.cases import later
from tests.escalation.policies import limit, told
from tests.room import clocks, fold

pytestmark = pytest.mark.django_db


# 自动结案


@pytest.fixture
def handled(room, stopped):
    """An event handled on a Thursday afternoon; its class closes by itself after two work days."""
    limit("emergency.unclassified", "close", 2, "work_day")
    stopped.to("2026-03-05 16:00")
    return room.handled()["number"]


def test_what_nobody_objects_to_is_closed_after_its_working_days(room, stopped, handled):
    before = room.event(handled)
    stopped.to("2026-03-09 15:59:59")
    clock.tick()
    assert room.event(handled)["state"] == "handled"
    stopped.to("2026-03-09 16:00")
    assert clock.tick() == 1
    event = room.event(handled)
    assert (event["state"], event["closed_at"]) == ("closed", "2026-03-09T08:00:00.000Z")
    assert clocks(event) == {}
    entry = room.entries(handled)[-1]
    assert (entry["kind"], entry["actor"], entry["data"]["auto"]) == ("closed", None, True)
    assert entry["summary"] == "结案 2 个工作日内无异议，自动结案"
    assert fold(before, room.entries(handled, before["seq"])) == event
    stopped.move(days=30)
    assert clock.tick() == 0


def test_who_objects_starts_the_time_anew(room, stopped, handled):
    stopped.to("2026-03-06 10:00")
    room.do("grid.beiyuan", handled, "verify", passed=False, text="还有积水")
    stopped.to("2026-03-09 17:00")
    clock.tick()
    assert room.event(handled)["state"] == "responded"
    room.do("duty.hongqiao", handled, "complete", text="再次处置")
    stopped.to("2026-03-11 16:59:59")
    clock.tick()
    assert room.event(handled)["state"] == "handled"
    stopped.to("2026-03-11 17:00")
    clock.tick()
    assert room.event(handled)["state"] == "closed"


def test_an_emergency_is_never_closed_by_itself(room, stopped):
    number = room.handled()["number"]
    stopped.move(days=90)
    clock.tick()
    assert room.event(number)["state"] == "handled"


def test_who_is_merged_into_it_hears_of_the_end(room, stopped, handled):
    other = room.report(who="committee.beiyuan")["number"]
    room.do("dispatcher", other, "merge", into=handled)
    stopped.to("2026-03-09 16:00")
    clock.tick()
    event = room.event(other)
    assert (event["state"], event["main"]["state"]) == ("merged", "closed")


def test_a_hold_that_ends_by_itself_is_heard_by_who_is_merged_into_it(room, stopped):
    main = room.claimed()["number"]
    other = room.report(who="committee.beiyuan")["number"]
    room.do("dispatcher", other, "merge", into=main)
    room.do("duty.hongqiao", main, "request_support", departments=["440104-water"], reason="水")
    room.do("duty.hongqiao", main, "complete", text="主办完成")
    room.do("supervisor", main, "hold", reason="停工", until=later(days=2))
    room.do("dispatcher", main, "release_support", departments=["440104-water"])
    stopped.move(days=2)
    clock.tick()
    assert room.event(main)["state"] == "handled"
    assert room.event(other)["main"]["state"] == "handled"


# Whatever is broken


@pytest.fixture
def three(room, stopped):
    """The numbers of three events whose first step is due."""
    numbers = [room.report()["number"] for _index in range(3)]
    stopped.move(minutes=1)
    return numbers


def broken(number):
    """Make saying something about that event fail."""

    def said(row, step, event, whole=sweep.said):
        if event.number == number:
            raise ValueError(number)
        return whole(row, step, event)

    return said


def test_an_event_that_cannot_be_told_keeps_no_other_waiting(room, three, monkeypatch, stopped):
    with monkeypatch.context() as patch:
        patch.setattr(sweep, "said", broken(three[0]))
        assert clock.tick() == 2
        assert told(room, three[0]) == []
        assert clock.tick() == 0
    assert clock.tick() == 1
    assert [len(told(room, number)) for number in three] == [1, 1, 1]
    seqs = [entry["seq"] for entry in room.entries(three[0])]
    assert seqs == list(range(1, len(seqs) + 1))


def test_an_effect_that_fails_keeps_no_other_waiting(room, stopped, monkeypatch):
    numbers = [room.claimed(priority="P1")["number"] for _index in range(2)]
    stopped.move(minutes=10)
    with monkeypatch.context() as patch:
        patch.setattr(effects, "said", broken(numbers[0]))
        clock.tick()
    assert [len(told(room, number)) for number in numbers] == [0, 3]
    clock.tick()
    assert [len(told(room, number)) for number in numbers] == [3, 3]


def test_a_limit_that_cannot_be_reckoned_keeps_no_event_out(room, moment):
    category = Category.objects.get(qualified="emergency.fire")
    LimitRule.objects.create(
        category=category, stage="handle", value=99_999, limit_type="work_day", default=True
    )
    event = room.report(category="emergency.fire")
    assert set(clocks(event)) == {"respond"}


def test_a_limit_of_next_to_nothing_is_told_at_once(room, stopped):
    limit("emergency.fire", "respond", 0, "urgent_minute")
    number = room.report(category="emergency.fire")["number"]
    assert clock.tick() == 3
    assert {said[1] for said in told(room, number)} == {"respond"}


def test_many_events_cost_no_more_statements_than_few(room, stopped):
    def cost(count):
        for _index in range(count):
            room.report()
        stopped.move(minutes=1)
        with CaptureQueriesContext(connection) as queries:
            done = clock.tick()
        return done, len(queries)

    clock.tick()
    assert cost(1) == (1, 21)
    # Those that are not new are overdue by now.
    assert cost(8) == (9, 21)
