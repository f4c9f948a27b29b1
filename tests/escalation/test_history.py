"""Every deadline that was in force is kept, with from when to when."""

from datetime import timedelta

import pytest

from dispatch.models import Deadline
from events.models import Event
from tests.actions.cases import later
from tests.escalation.policies import limit
from tests.room import clocks

pytestmark = pytest.mark.django_db


def in_force(number, at, stage="handle"):
    """The deadline that was in force at a moment, or None."""
    return Deadline.objects.in_force(at).filter(event__number=number, stage=stage).first()


def test_what_was_in_force_is_known_for_every_moment(room, stopped):
    limit("emergency.fire", "handle", 60, "urgent_minute")
    begun = stopped.now()
    number = room.claimed()["number"]
    stopped.move(minutes=5)
    until = later(minutes=30)
    room.do("duty.hongqiao", number, "request_extension", reason="难", until=until)
    stopped.move(minutes=5)
    room.do("supervisor", number, "decide_extension", granted=True)
    stopped.move(minutes=5)
    room.do("dispatcher", number, "reclassify", category="emergency.fire")
    stopped.move(minutes=5)
    room.do("supervisor", number, "hold", reason="停工")
    stopped.move(minutes=60)
    room.do("duty.hongqiao", number, "resume")
    stopped.move(minutes=10)
    room.do("duty.hongqiao", number, "complete", text="完成")

    def due(minute):
        row = in_force(number, begun + timedelta(minutes=minute))
        if row is None:
            return None
        paused = row.paused_at and row.paused_at <= begun + timedelta(minutes=minute)
        return None if paused else round((row.due_at - begun) / timedelta(minutes=1))

    assert [due(minute) for minute in (-1, 0, 9, 10, 14, 15, 19, 20, 79, 80, 89, 90)] == [
        *(None, 20, 20, 35, 35, 60, 60, None, None, 120, 120, None)
    ]
    rows = Deadline.objects.filter(event__number=number, stage="handle").order_by("pk")
    assert [row.state for row in rows] == ["superseded"] * 3 + ["met"]
    # One follows the other: no moment has two, none is left out.
    for before, after in zip(rows, rows[1:], strict=False):
        assert before.ended_at == after.in_force_from


def test_two_stages_at_once_each_have_theirs(room, stopped):
    number = room.report()["number"]
    begun = stopped.now()
    stopped.move(minutes=1)
    room.do("duty.hongqiao", number, "claim")
    stopped.move(minutes=1)
    room.do("duty.hongqiao", number, "complete", text="完成")
    for stage, minutes in (("respond", (0, 1)), ("handle", (0, 2)), ("verify", (2, None))):
        row = Deadline.objects.get(event__number=number, stage=stage)
        since, to = (m if m is None else begun + timedelta(minutes=m) for m in minutes)
        assert (row.in_force_from, row.ended_at) == (since, to)


# Requests


def test_a_request_made_in_time_and_granted_too_late_makes_nobody_late(room, stopped):
    number = room.claimed()["number"]
    until = later(minutes=40)
    room.do("duty.hongqiao", number, "request_extension", reason="难", until=until)
    stopped.move(minutes=25)
    event = room.do("supervisor", number, "decide_extension", granted=True)
    assert clocks(event)["handle"]["due_at"] == until
    stopped.move(minutes=10)
    event = room.do("duty.hongqiao", number, "complete", text="完成")
    states = {row["stage"]: row["state"] for row in event["deadlines"]}
    assert states["handle"] == "met"


def test_a_request_made_in_time_and_refused_too_late_leaves_it_late(room, stopped):
    number = room.claimed()["number"]
    before = clocks(room.event(number))
    rows = list(Deadline.every.filter(event__number=number).order_by("pk").values())
    body = {"reason": "难", "until": later(minutes=40)}
    room.do("duty.hongqiao", number, "request_extension", **body)
    stopped.move(minutes=25)
    event = room.do("supervisor", number, "decide_extension", granted=False)
    assert clocks(event) == before
    assert list(Deadline.every.filter(event__number=number).order_by("pk").values()) == rows
    event = room.do("duty.hongqiao", number, "complete", text="完成")
    states = {row["stage"]: row["state"] for row in event["deadlines"]}
    assert states["handle"] == "missed"


def test_a_refused_hold_leaves_the_clock_as_it_was(room, stopped):
    number = room.claimed()["number"]
    before = clocks(room.event(number))
    room.do("duty.hongqiao", number, "hold", reason="停工", until=later(days=1))
    stopped.move(minutes=5)
    event = room.do("supervisor", number, "decide_extension", granted=False)
    assert (clocks(event), event["on_hold"]) == (before, False)
    # It does not count: another may be asked for.
    room.do("duty.hongqiao", number, "hold", reason="停工", until=later(days=1))
    assert room.do("supervisor", number, "decide_extension", granted=True)["on_hold"]


def test_a_hold_whose_time_is_over_before_it_is_decided_is_not_granted(room, stopped):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "hold", reason="停工", until=later(hours=1))
    stopped.move(hours=2)
    room.refused(409, "supervisor", number, "decide_extension", granted=True)
    assert not room.event(number)["on_hold"]
    room.do("supervisor", number, "decide_extension", granted=False)


def test_an_extension_into_the_night_is_a_promise_to_the_minute(room, stopped):
    limit("emergency.unclassified", "handle", 4, "work_hour")
    stopped.to("2026-03-05 14:00")
    number = room.claimed()["number"]
    until = "2026-03-05T14:00:00.000Z"
    room.do("duty.hongqiao", number, "request_extension", reason="难", until=until)
    event = room.do("supervisor", number, "decide_extension", granted=True)
    assert clocks(event)["handle"]["due_at"] == until
    row = Deadline.objects.get(event__number=number, stage="handle", state="live")
    overdue = [step["at"] for step in row.steps if step["percent"] >= 100]
    assert min(overdue) == row.due_at.isoformat()


@pytest.mark.parametrize("kind", ["hold", "request_extension"])
def test_three_people_and_a_request(kind, room):
    number = room.claimed()["number"]
    body = {"reason": "难", "until": later(hours=3)}
    room.refused(403, "police.hongqiao", number, kind, **body)
    assert room.act("duty.beijing", number, kind, **body).status_code == 404
    room.do("duty.hongqiao", number, kind, **body)
    for who in ("duty.hongqiao", "police.hongqiao", "dispatcher", "grid.beiyuan"):
        room.refused(403, who, number, "decide_extension", granted=True)
    room.do("supervisor.hongqiao", number, "decide_extension", granted=True)
    assert Event.objects.get().on_hold == (kind == "hold")
