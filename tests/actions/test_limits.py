"""Time: clocks are rebuilt on every transition, stop only on hold, and are lengthened by rule."""

from datetime import datetime

import pytest

from dispatch import clock
from dispatch.models import Deadline
from tests.actions.cases import later
from tests.room import (
    WATER,
    clocks,
)

pytestmark = pytest.mark.django_db


def seconds(text):
    """An answer's time as seconds."""
    return datetime.fromisoformat(text).timestamp()


# Time


def test_the_clock_is_rebuilt_on_every_transition(room):
    number = room.report()["number"]

    def stages(event):
        return {stage: row["state"] for stage, row in clocks(event).items()}

    assert stages(room.event(number)) == {"respond": "live", "handle": "live"}
    assert stages(room.do("duty.hongqiao", number, "claim")) == {"handle": "live"}
    event = room.do("duty.hongqiao", number, "return", reason="超出能力")
    assert stages(event) == {"respond": "live", "handle": "live"}
    assert stages(room.do("duty.command", number, "claim")) == {"handle": "live"}
    assert stages(room.do("duty.command", number, "complete")) == {"verify": "live"}
    event = room.do("grid.beiyuan", number, "verify", passed=False)
    assert stages(event) == {"handle": "live"}
    assert stages(room.do("duty.command", number, "complete")) == {"verify": "live"}
    assert stages(room.do("dispatcher", number, "close")) == {}
    assert stages(room.do("supervisor", number, "reopen", reason="复发")) == {"handle": "live"}
    assert stages(room.do("dispatcher", number, "cancel", reason="作废")) == {}


def test_a_new_lead_has_the_whole_time_to_respond(room, moment):
    number = room.report()["number"]
    first = clocks(room.event(number))
    moment.move(minutes=3)
    clock.tick()
    event = room.do("duty.hongqiao", number, "return", reason="不属本部门")
    second = clocks(event)
    assert second["respond"]["started_at"] > first["respond"]["due_at"]
    assert second["handle"] == first["handle"]
    assert [row["state"] for row in event["deadlines"] if row["stage"] == "respond"] == [
        "missed",
        "live",
    ]
    seq = room.event(number)["seq"]
    moment.move(minutes=1)
    clock.tick()
    assert "reminded" in room.kinds(number, seq)


def test_a_transfer_of_a_support_rebuilds_no_clock(room, moment):
    number = room.report()["number"]
    before = clocks(room.event(number))
    moment.move(minutes=1)
    event = room.do("police.hongqiao", number, "transfer", department=WATER, reason="水")
    assert clocks(event) == before


def test_a_new_class_is_no_new_time(room, moment):
    number = room.report(category="event.0406")["number"]
    moment.move(minutes=10)
    event = room.do("dispatcher", number, "reclassify", category="emergency.fire")
    assert event["priority"] == "P1"
    assert clocks(event)["respond"]["started_at"] == event["registered_at"]
    assert clocks(event)["respond"]["due_at"] < clocks(event)["handle"]["due_at"]
    assert clock.tick() >= 3


def test_a_class_without_limits_gets_its_clocks_when_it_becomes_one_with_limits(room):
    Deadline.objects.all().delete()
    number = room.report(category="event.0406")["number"]
    Deadline.objects.all().delete()
    event = room.do("dispatcher", number, "reclassify", category="emergency.fire")
    assert set(clocks(event)) == {"respond", "handle"}


def test_at_most_two_extensions_are_granted(room):
    number = room.claimed()["number"]
    for hours in (1, 2):
        body = {"reason": "复杂", "until": later(hours=hours)}
        room.do("duty.hongqiao", number, "request_extension", **body)
        room.refused(409, "duty.hongqiao", number, "request_extension", **body)
        event = room.do("supervisor", number, "decide_extension", granted=True)
        assert clocks(event)["handle"]["due_at"] == body["until"]
    body = {"reason": "复杂", "until": later(hours=3)}
    problem = room.refused(409, "duty.hongqiao", number, "request_extension", **body)
    assert "2" in problem["detail"]


def test_a_refused_extension_does_not_count(room):
    number = room.claimed()["number"]
    for hours in (1, 2, 3):
        body = {"reason": "复杂", "until": later(hours=hours)}
        room.do("duty.hongqiao", number, "request_extension", **body)
        before = clocks(room.event(number))
        event = room.do("supervisor", number, "decide_extension", granted=False)
        assert clocks(event) == before


@pytest.mark.parametrize("until", [{"minutes": 1}, {"minutes": -1}, {"days": 366}])
def test_an_extension_is_later_than_now_and_within_a_year(room, until):
    number = room.claimed()["number"]
    body = {"reason": "复杂", "until": later(**until)}
    problem = room.refused(422, "duty.hongqiao", number, "request_extension", **body)
    assert "until" in problem["errors"]
    far = {"reason": "复杂", "until": "9999-12-31T00:00:00Z"}
    room.refused(422, "duty.hongqiao", number, "request_extension", **far)


def test_a_request_that_rework_has_overtaken_does_not_shorten_the_time(room, moment):
    number = room.claimed()["number"]
    body = {"reason": "复杂", "until": later(minutes=25)}
    room.do("duty.hongqiao", number, "request_extension", **body)
    moment.move(minutes=15)
    room.do("duty.hongqiao", number, "complete")
    event = room.do("grid.beiyuan", number, "verify", passed=False)
    assert clocks(event)["handle"]["due_at"] > body["until"]
    room.refused(409, "supervisor", number, "decide_extension", granted=True)
    assert clocks(room.event(number)) == clocks(event)
    room.do("supervisor", number, "decide_extension", granted=False)


def test_an_extension_granted_after_the_time_is_up_takes_the_steps_that_are_left(room, moment):
    number = room.claimed()["number"]
    body = {"reason": "复杂", "until": later(minutes=40)}
    room.do("duty.hongqiao", number, "request_extension", **body)
    moment.move(minutes=25)
    clock.tick()
    room.do("supervisor", number, "decide_extension", granted=True)
    seq = room.event(number)["seq"]
    assert clock.tick() == 0
    moment.move(minutes=16)
    clock.tick()
    (entry,) = [e for e in room.entries(number, seq) if e["kind"] == "overdue"]
    assert entry["data"]["percent"] == 100


@pytest.mark.parametrize("until", [{"days": 366}, {"minutes": -1}])
def test_a_hold_lasts_at_most_a_year(room, until):
    number = room.claimed()["number"]
    body = {"reason": "停工", "until": later(**until)}
    room.refused(422, "supervisor", number, "hold", **body)
    event = room.do("supervisor", number, "hold", reason="停工")
    assert event["held_until"] <= later(days=365)


def test_one_hold_is_granted_and_no_second(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "hold", reason="停工", until=later(days=1))
    assert not room.event(number)["on_hold"]
    room.refused(409, "supervisor", number, "hold", reason="停工")
    event = room.do("supervisor", number, "decide_extension", granted=True)
    assert event["on_hold"]
    room.refused(409, "supervisor", number, "hold", reason="再停")
    assert not room.do("duty.hongqiao", number, "resume")["on_hold"]
    room.refused(409, "duty.hongqiao", number, "hold", reason="再停")
    room.refused(409, "supervisor", number, "resume")


def test_only_a_hold_stops_the_clock(room, moment):
    number = room.claimed()["number"]
    before = clocks(room.event(number))["handle"]
    moment.move(minutes=5)
    event = room.do("supervisor", number, "hold", reason="停工", until=later(days=2))
    assert clocks(event)["handle"]["state"] == "paused"
    moment.move(hours=5)
    assert clock.tick() == 0
    room.refused(409, "duty.hongqiao", number, "complete")
    event = room.do("duty.hongqiao", number, "resume")
    after = clocks(event)["handle"]
    assert seconds(after["due_at"]) - seconds(before["due_at"]) == pytest.approx(5 * 3600, abs=30)
    assert after["state"] == "live"
    moment.move(minutes=6)
    assert clock.tick() == 1
    assert room.entries(number)[-1]["data"]["percent"] == 50


def test_an_event_on_hold_is_not_handled_until_it_goes_on(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "request_support", departments=[WATER], reason="水")
    room.do("duty.hongqiao", number, "complete")
    room.do("supervisor", number, "hold", reason="停工")
    event = room.do("dispatcher", number, "release_support", departments=[WATER])
    assert (event["state"], event["on_hold"]) == ("responded", True)
    event = room.do("supervisor", number, "resume")
    assert (event["state"], event["on_hold"]) == ("handled", False)
    assert set(clocks(event)) == {"verify"}


def test_an_extension_granted_on_hold_does_not_start_the_clock(room, moment):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="停工", until=later(days=2))
    left = clocks(room.event(number))["handle"]["due_at"]
    room.do("duty.hongqiao", number, "request_extension", reason="复杂", until=later(minutes=50))
    event = room.do("supervisor", number, "decide_extension", granted=True)
    assert clocks(event)["handle"]["state"] == "paused"
    moment.move(hours=3)
    assert clock.tick() == 0
    event = room.do("supervisor", number, "resume")
    gained = seconds(clocks(event)["handle"]["due_at"]) - seconds(left)
    assert gained == pytest.approx(3 * 3600 + 30 * 60, abs=60)


def test_a_new_class_on_hold_keeps_the_time_of_the_hold(room, moment):
    number = room.claimed()["number"]
    before = clocks(room.event(number))["handle"]
    room.do("supervisor", number, "hold", reason="停工", until=later(days=2))
    moment.move(hours=3)
    event = room.do("dispatcher", number, "reclassify", category="emergency.lost-person")
    assert clocks(event)["handle"]["state"] == "paused"
    event = room.do("supervisor", number, "resume")
    gained = seconds(clocks(event)["handle"]["due_at"]) - seconds(before["due_at"])
    assert gained == pytest.approx(3 * 3600, abs=60)


def test_a_cancelled_event_is_not_on_hold(room):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="停工")
    event = room.do("dispatcher", number, "cancel", reason="误报")
    assert (event["on_hold"], event["held_until"]) == (False, None)
