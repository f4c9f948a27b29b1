"""An event that nobody claims walks the whole ladder, each step at its minute and never before."""

from datetime import timedelta

import pytest

from dispatch import clock
from dispatch.models import EscalationPolicy
from tests.escalation.policies import limit, policy, told
from tests.stopped import local

pytestmark = pytest.mark.django_db


def walk(room, stopped, number, ladder):
    """Look a second before each step and at it; nothing else happens in between."""
    said = told(room, number)
    for at, *step in ladder:
        stopped.to(local(at) - timedelta(seconds=1))
        assert clock.tick() == 0, at
        stopped.to(at)
        assert clock.tick() == 1, at
        said.append(tuple(step))
        assert told(room, number) == said


def test_an_emergency_in_the_night_goes_through_midnight(room, stopped):
    stopped.to("2026-03-03 23:50")
    number = room.report(category="emergency.lost-person")["number"]
    walk(
        room,
        stopped,
        number,
        [
            ("2026-03-03 23:51:00", "reminded", "respond", 50, "group"),
            ("2026-03-03 23:52:00", "overdue", "respond", 100, "street"),
            ("2026-03-03 23:54:00", "overdue", "respond", 200, "district"),
            ("2026-03-04 00:00:00", "reminded", "handle", 50, "group"),
            ("2026-03-04 00:10:00", "overdue", "handle", 100, "street"),
            ("2026-03-04 00:30:00", "overdue", "handle", 200, "district"),
        ],
    )
    stopped.move(days=30)
    assert clock.tick() == 0


def test_a_working_limit_walks_its_ladder_on_working_days_only(room, stopped):
    EscalationPolicy.objects.all().delete()
    limit("event.0406", "handle", 1, "work_day")
    policy(
        "处置",
        "handle",
        ("50%", "group"),
        ("warn", "claimer"),
        ("100%", "head", {"repeat_minutes": 30, "repeat_times": 2}),
        ("150%", "street"),
        ("300%", "district"),
        ("400%+10m", "district"),
    )
    # Two hours before the National Day holidays; 10 October is a Saturday on which people work.
    stopped.to("2026-09-30 16:00")
    number = room.report(category="event.0406")["number"]
    walk(
        room,
        stopped,
        number,
        [
            ("2026-10-08 10:00", "reminded", "handle", 50, "group"),
            ("2026-10-08 14:24", "warned", "handle", 80, "claimer"),
            ("2026-10-08 16:00", "overdue", "handle", 100, "head"),
            ("2026-10-08 16:30", "overdue", "handle", 100, "head"),
            ("2026-10-08 17:00", "overdue", "handle", 100, "head"),
            ("2026-10-09 10:00", "overdue", "handle", 150, "street"),
            ("2026-10-10 16:00", "overdue", "handle", 300, "district"),
            ("2026-10-12 16:10", "overdue", "handle", 400, "district"),
        ],
    )
    repeats = [entry["data"].get("nth") for entry in room.entries(number)]
    assert [nth for nth in repeats if nth] == [1, 2, 3]
    warned = next(entry for entry in room.entries(number) if entry["kind"] == "warned")
    assert warned["summary"] == "处置临期，2026-10-08 16:00 到期"


def test_a_hold_through_a_weekend_moves_every_step_that_is_left(room, stopped):
    EscalationPolicy.objects.all().delete()
    limit("emergency.unclassified", "handle", 4, "work_hour")
    policy("处置", "handle", ("50%", "group"), ("100%", "street"), ("150%", "district"))
    stopped.to("2026-03-05 14:00")
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "arrive")
    walk(room, stopped, number, [("2026-03-05 16:00", "reminded", "handle", 50, "group")])
    # Thursday 17:00: one of four hours is left.
    stopped.to("2026-03-05 17:00")
    until = "2026-03-09T01:30:00.000Z"
    room.do("supervisor", number, "hold", reason="停工", until=until)
    stopped.to("2026-03-09 09:29:59")
    assert clock.tick() == 0
    assert room.event(number)["on_hold"]
    stopped.to("2026-03-09 09:30")
    assert clock.tick() == 0
    event = room.event(number)
    assert not event["on_hold"]
    assert event["deadlines"][-1]["due_at"] == "2026-03-09T02:30:00.000Z"
    walk(
        room,
        stopped,
        number,
        [
            ("2026-03-09 10:30", "overdue", "handle", 100, "street"),
            ("2026-03-09 14:30", "overdue", "handle", 150, "district"),
        ],
    )
