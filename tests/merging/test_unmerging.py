"""What leaves a merge is what it was: its state, its departments, its clocks."""

import pytest

from dispatch import clock
from dispatch.models import Department
from events.models import Event
from tests.actions.cases import later
from tests.actions.test_snapshots import Watch
from tests.room import EMERGENCY, clocks, current, lead

pytestmark = pytest.mark.django_db


def _held(room):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="停工", until=later(days=2))
    return number


def _returned(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "return", reason="不属本部门")
    return number


def _arrived(room):
    return room.do("duty.hongqiao", room.claimed()["number"], "arrive")["number"]


def _reworked(room):
    number = room.handled()["number"]
    return room.do("grid.beiyuan", number, "verify", passed=False, text="再修")["number"]


STAGES = {
    "registered": lambda room: room.report()["number"],
    "claimed": lambda room: room.claimed()["number"],
    "arrived": _arrived,
    "handled": lambda room: room.handled()["number"],
    "held": _held,
    "returned": _returned,
    "reworked": _reworked,
}


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_again_as_before_the_merge(stage, room, moment):
    number, main = STAGES[stage](room), room.report()["number"]
    before = room.event(number)
    room.do("dispatcher", number, "merge", into=main)
    merged = room.event(number)
    assert clocks(merged) == current(merged) == {}
    assert not merged["on_hold"]
    watch = Watch(room, [number, main])
    moment.move(minutes=1)
    room.do("dispatcher", main, "unmerge", number=number)
    watch.check()
    after = room.event(number)
    moved = {"version", "seq"}
    assert {key for key in after if after[key] != before[key]} == moved


@pytest.mark.parametrize("stage", ["registered", "claimed"])
def test_the_clocks_have_not_stood_still_meanwhile(stage, room, moment):
    number, main = STAGES[stage](room), room.report()["number"]
    due = {name: row["due_at"] for name, row in clocks(room.event(number)).items()}
    room.do("dispatcher", number, "merge", into=main)
    moment.move(days=9)
    clock.tick()
    seq = room.event(number)["seq"]
    room.do("dispatcher", main, "unmerge", number=number)
    assert {name: row["due_at"] for name, row in clocks(room.event(number)).items()} == due
    clock.tick()
    assert "overdue" in room.kinds(number, seq)


def test_its_departments_see_it_again_and_are_told(room):
    number, main = room.claimed()["number"], room.report()["number"]
    room.do("dispatcher", number, "merge", into=main)
    assert not room.sees("duty.hongqiao", number)
    room.do("dispatcher", main, "unmerge", number=number)
    assert room.sees("duty.hongqiao", number)
    assert not room.sees("duty.water", number)
    told = [entry for entry in room.entries(number) if entry["kind"] == "dispatched"][-1]
    assert EMERGENCY in {row["code"] for row in told["data"]["departments"]}
    room.do("duty.hongqiao", number, "complete", text="仍由本部门办结")


def test_a_hold_that_ran_out_while_merged_ends_by_itself(room, moment):
    number, main = _held(room), room.report()["number"]
    room.do("dispatcher", number, "merge", into=main)
    moment.move(days=3)
    room.do("dispatcher", main, "unmerge", number=number)
    assert room.event(number)["on_hold"]
    clock.tick()
    event = room.event(number)
    assert not event["on_hold"]
    assert event["state"] == "responded"


def test_without_its_lead_it_is_routed_anew(room):
    number, main = room.claimed()["number"], room.report()["number"]
    room.do("dispatcher", number, "merge", into=main)
    Department.objects.filter(code=EMERGENCY).update(active=False)
    event = room.do("dispatcher", main, "unmerge", number=number)
    event = room.event(number)
    assert event["state"] == "registered"
    assert lead(event) != EMERGENCY
    assert set(clocks(event)) == {"respond", "handle"}


def test_what_was_merged_before_merges_kept_anything_is_routed_anew(room):
    number, main = room.claimed()["number"], room.report()["number"]
    room.do("dispatcher", number, "merge", into=main)
    Event.objects.filter(number=number).update(before_merge={})
    room.do("dispatcher", main, "unmerge", number=number)
    assert (room.event(number)["state"], lead(room.event(number))) == ("registered", EMERGENCY)


def test_it_can_be_merged_and_split_again_and_again(room):
    number, main = room.claimed()["number"], room.report()["number"]
    before = room.event(number)
    for _round in range(3):
        room.do("dispatcher", number, "merge", into=main)
        room.do("dispatcher", main, "unmerge", number=number)
    after = room.event(number)
    assert after["assignments"] == before["assignments"]
    assert after["deadlines"] == before["deadlines"]
    assert room.event(main)["absorbed"] == 0


@pytest.mark.parametrize("who", ["duty.hongqiao", "grid.beiyuan", "supervisor", "auditor"])
def test_only_a_dispatcher_merges_and_splits(who, room):
    number, main = room.report()["number"], room.report()["number"]
    room.refused(403, who, number, "merge", into=main)
    room.do("dispatcher", number, "merge", into=main)
    room.refused(403, who, main, "unmerge", number=number)
    assert room.event(number)["merged_into"] == main
