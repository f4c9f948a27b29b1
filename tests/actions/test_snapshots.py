"""What a screen knows plus what it is told since is what a reload would show; for every action."""

import pytest

from dispatch import clock
from dispatch.actions.table import ACTIONS
from tests.actions.cases import later, situation
from tests.room import COMMAND, POLICE, RENSHENG, Desk, fold

pytestmark = pytest.mark.django_db
# Reporter, lead, support, district.
WATCHERS = ("grid.beiyuan", "duty.hongqiao", "police.hongqiao", "dispatcher")
ELSEWHERE = ("duty.command", "duty.water", "supervisor.beijing", "duty.beijing")


class Watch:
    """Stale rooms and desks, to be brought up to date and compared with fresh ones."""

    def __init__(self, room, numbers, desks=WATCHERS):
        self.room = room
        self.stale = {number: room.event(number) for number in numbers}
        self.desks = [Desk(room, who) for who in desks]

    def check(self):
        for number, stale in self.stale.items():
            entries = self.room.entries(number, stale["seq"])
            assert fold(stale, entries) == self.room.event(number)
        for desk in self.desks:
            desk.catch_up()
            assert desk.events == desk.fresh(), desk.who


@pytest.mark.parametrize("action", ACTIONS)
def test_a_stale_screen_and_its_entries_make_a_fresh_one(action, room, user):
    case = situation(action, room, user)
    watch = Watch(room, (case.number, *case.others))
    answer = room.do(case.who, case.number, action, **case.body)
    assert answer == room.event(case.number)
    assert answer["seq"] > watch.stale[case.number]["seq"]
    watch.check()


def test_a_report_comes_to_every_desk_it_concerns(room):
    desks = [Desk(room, who) for who in (*WATCHERS, "cityops.hongqiao")]
    number = room.report()["number"]
    for desk in desks:
        desk.catch_up()
        assert desk.events == desk.fresh(), desk.who
    assert [desk.who for desk in desks if number not in desk.events] == ["cityops.hongqiao"]


def test_an_event_that_moves_away_leaves_one_street_and_comes_to_the_other(room):
    number = room.report()["number"]
    watch = Watch(room, [number], WATCHERS + ELSEWHERE)
    room.do("dispatcher", number, "relocate", location={**RENSHENG, "crs": "WGS84"})
    room.do("dispatcher", number, "reroute", reason="另一街道")
    watch.check()
    assert [desk.who for desk in watch.desks if number in desk.events] == [
        "grid.beiyuan",
        "dispatcher",
        "supervisor.beijing",
        "duty.beijing",
    ]


def test_a_department_that_loses_an_event_and_gets_it_back_misses_nothing(room):
    number = room.report()["number"]
    watch = Watch(room, [number])
    room.do("duty.hongqiao", number, "return", reason="不属本部门")
    room.do("dispatcher", number, "reclassify", category="emergency.lost-person")
    room.do("dispatcher", number, "transfer", department="440104001-emergency", reason="确属贵办")
    watch.check()
    assert number in watch.desks[1].events


def test_the_refusal_of_a_request_is_told_too(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "hold", reason="停工")
    watch = Watch(room, [number])
    room.do("supervisor", number, "decide_extension", granted=False, text="不同意")
    watch.check()
    assert room.kinds(number)[-1] == "extension_decided"


def test_a_granted_hold_is_told_too(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "hold", reason="停工", until=later(days=2))
    watch = Watch(room, [number])
    room.do("supervisor", number, "decide_extension", granted=True)
    watch.check()
    assert room.event(number)["on_hold"]


def test_what_the_clock_does_reaches_every_screen(room, moment):
    numbers = [room.report()["number"], room.claimed()["number"]]
    watch = Watch(room, numbers)
    for _minute in range(45):
        moment.move(minutes=1)
        clock.tick()
    watch.check()
    assert {"reminded", "overdue"} <= set(room.kinds(numbers[0]))


def test_a_hold_that_ends_by_itself_reaches_every_screen(room, moment):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="停工", until=later(hours=2))
    watch = Watch(room, [number])
    moment.move(hours=2, minutes=1)
    clock.tick()
    watch.check()
    assert "resumed" in room.kinds(number)
    assert not room.event(number)["on_hold"]


def test_a_whole_life_in_one_absence(room, moment):
    number = room.report()["number"]
    watch = Watch(room, [number], WATCHERS + ELSEWHERE)
    room.do("duty.hongqiao", number, "claim")
    room.do("duty.hongqiao", number, "return", reason="超出能力")
    room.do("duty.command", number, "claim")
    room.do("duty.command", number, "request_support", departments=[POLICE], reason="封路")
    moment.move(minutes=30)
    clock.tick()
    room.do("duty.command", number, "transfer", department="440104-water", reason="内涝")
    room.do("duty.water", number, "claim")
    room.do("police.hongqiao", number, "claim")
    room.do("police.hongqiao", number, "complete")
    room.do("duty.water", number, "complete")
    room.do("grid.beiyuan", number, "verify", passed=False, text="未净")
    watch.check()
    room.do("duty.water", number, "complete")
    room.do("police.hongqiao", number, "complete")
    room.do("grid.beiyuan", number, "verify", passed=True)
    watch.check()
    assert COMMAND not in {
        row["department"]["code"]
        for row in room.event(number)["assignments"]
        if row["state"] == "done"
    }
