"""A claim that nothing follows is reminded once, then a colleague may take over.

Nobody is taken off in silence."""

import pytest

from dispatch import clock
from dispatch.models import Assignment, Deadline, Department
from tests.actions.cases import photo
from tests.escalation.policies import told
from tests.factories import OfficerFactory
from tests.room import EMERGENCY, POLICE, WATER, current, fold

pytestmark = pytest.mark.django_db
SILENT = ("silent", "life", 100, "claimer")
EXPIRED = ("claim_expired", "life", 200, "group")


@pytest.fixture
def colleague():
    """Somebody else of the department that claims first."""
    department = Department.objects.get(code=EMERGENCY)
    return OfficerFactory(department=department, name="王小明").user.username


def of_claims(room, number):
    return [said for said in told(room, number) if said[1] == "life"]


@pytest.fixture
def number(room, stopped):
    """A P1 event that 李志强 has claimed: five minutes for a sign of life."""
    return room.claimed(priority="P1")["number"]


@pytest.fixture
def expired(room, stopped, number):
    """The same, ten minutes later without one."""
    stopped.move(minutes=10)
    clock.tick()
    assert of_claims(room, number) == [SILENT, EXPIRED]
    return number


def test_silence_is_reminded_once_and_then_the_claim_expires(room, stopped, number):
    stopped.move(minutes=4, seconds=59)
    clock.tick()
    assert of_claims(room, number) == []
    stopped.move(seconds=1)
    clock.tick()
    assert of_claims(room, number) == [SILENT]
    stopped.move(minutes=4, seconds=59)
    clock.tick()
    assert of_claims(room, number) == [SILENT]
    assert current(room.event(number))[EMERGENCY]["claim_expired_at"] is None
    stopped.move(seconds=1)
    clock.tick()
    assert of_claims(room, number) == [SILENT, EXPIRED]
    stopped.move(days=1)
    clock.tick()
    assert of_claims(room, number) == [SILENT, EXPIRED]


def test_who_has_claimed_stays_on_it_until_somebody_takes_over(room, expired):
    event = room.event(expired)
    part = current(event)[EMERGENCY]
    assert (event["state"], part["state"], part["claimed_by"]) == ("responded", "claimed", "李志强")
    assert part["claim_expired_at"]
    entry = room.entries(expired)[-1]
    assert entry["summary"] == "洪桥街道应急办公室 李志强 签收后无动静，同事可重新签收"


def test_three_people_and_an_expired_claim(room, expired, colleague):
    def may(who):
        actions = room.get(who, f"events/{expired}/actions/")["actions"]
        return {row["name"]: row["allowed"] for row in actions}.get("claim")

    assert may(colleague)
    # Another department claims for itself, as before; a supervisor claims nothing.
    assert may("police.hongqiao")
    assert may("supervisor") is None
    room.refused(403, "supervisor", expired, "claim")
    assert room.act("duty.beijing", expired, "claim").status_code == 404


def test_a_colleague_takes_over_and_the_timeline_says_from_whom(room, expired, colleague, stopped):
    before = room.event(expired)
    event = room.do(colleague, expired, "claim")
    part = current(event)[EMERGENCY]
    assert (part["claimed_by"], part["claim_expired_at"]) == ("王小明", None)
    assert event["responded_at"] == before["responded_at"]
    entry = room.entries(expired)[-1]
    assert entry["kind"] == "claimed"
    assert (entry["data"]["instead_of"], entry["data"]["notify"]) == ("李志强", "former")
    assert fold(before, room.entries(expired, before["seq"])) == room.event(expired)
    # The new one is waited for as the first was.
    stopped.move(minutes=5)
    clock.tick()
    assert room.entries(expired)[-1]["data"]["name"] == "王小明"


def test_the_second_colleague_is_told_who_took_over(room, expired, colleague):
    room.do(colleague, expired, "claim")
    problem = room.refused(409, "duty.hongqiao", expired, "claim")
    assert problem["winner"]["name"] == "王小明"


def test_the_first_may_claim_again_before_the_others(room, expired, colleague):
    room.do("duty.hongqiao", expired, "claim")
    assert "instead_of" not in room.entries(expired)[-1]["data"]
    room.refused(409, colleague, expired, "claim")


LIFE = {
    "arrive": {},
    "post": {"text": "在路上"},
    "complete": {"text": "已处置"},
    "attach": None,
}


@pytest.mark.parametrize("action", LIFE)
def test_a_sign_of_life_ends_the_wait(action, room, user, stopped, number):
    stopped.move(minutes=4)
    body = LIFE[action] or {"attachments": [photo(user, "duty.hongqiao")]}
    room.do("duty.hongqiao", number, action, **body)
    stopped.move(minutes=16)
    clock.tick()
    assert of_claims(room, number) == []


@pytest.mark.parametrize("action", ["post", "arrive"])
def test_a_sign_of_life_of_who_was_silent_comes_first_too(action, room, expired, colleague):
    room.do("duty.hongqiao", expired, action, **LIFE[action])
    assert current(room.event(expired))[EMERGENCY]["claim_expired_at"] is None
    room.refused(409, colleague, expired, "claim")


def test_a_colleagues_sign_of_life_is_the_departments(room, stopped, number, colleague):
    room.do(colleague, number, "post", text="我在现场")
    stopped.move(minutes=10)
    clock.tick()
    assert of_claims(room, number) == []


@pytest.mark.parametrize("who", ["police.hongqiao", "supervisor", "grid.beiyuan"])
def test_what_others_say_is_no_sign_of_life(who, room, stopped, number):
    room.do(who, number, "post", text="到了吗")
    stopped.move(minutes=10)
    clock.tick()
    assert of_claims(room, number) == [SILENT, EXPIRED]


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("return", {"reason": "不属本部门"}),
        ("transfer", {"department": WATER, "reason": "转"}),
    ],
)
def test_nothing_is_waited_for_from_who_has_left(action, body, room, stopped, number):
    room.do("duty.hongqiao", number, action, **body)
    stopped.move(minutes=10)
    clock.tick()
    assert of_claims(room, number) == []
    assert not Deadline.every.filter(stage="life", state="live").exists()


def test_each_department_is_waited_for_by_itself(room, stopped, number):
    stopped.move(minutes=3)
    room.do("police.hongqiao", number, "claim")
    room.do("duty.hongqiao", number, "arrive")
    stopped.move(minutes=5)
    clock.tick()
    (silent,) = [e["data"] for e in room.entries(number) if e["kind"] == "silent"]
    assert silent["department"] == POLICE


def test_on_hold_nothing_is_waited_for(room, stopped, number):
    stopped.move(minutes=4)
    room.do("supervisor", number, "hold", reason="停工")
    stopped.move(hours=2)
    clock.tick()
    assert of_claims(room, number) == []
    room.do("supervisor", number, "resume")
    stopped.move(minutes=1)
    clock.tick()
    assert of_claims(room, number) == [SILENT]


def test_a_claim_on_hold_is_waited_for_from_when_it_goes_on(room, stopped):
    number = room.report(priority="P1")["number"]
    room.do("supervisor", number, "hold", reason="停工")
    stopped.move(minutes=1)
    room.do("duty.hongqiao", number, "claim")
    stopped.move(hours=2)
    clock.tick()
    assert of_claims(room, number) == []
    room.do("supervisor", number, "resume")
    stopped.move(minutes=5)
    clock.tick()
    assert of_claims(room, number) == [SILENT]


@pytest.mark.parametrize(
    ("priority", "silent_at"),
    [
        ("P1", "2026-03-06 17:05"),
        ("P2", "2026-03-06 17:30"),
        # Four working hours: one on Friday, three on Monday.
        ("P3", "2026-03-09 11:00"),
    ],
)
def test_how_long_is_a_matter_of_priority(priority, silent_at, room, stopped):
    stopped.to("2026-03-06 17:00")
    number = room.claimed(priority=priority)["number"]
    row = Deadline.every.get(stage="life")
    stopped.to(silent_at)
    assert row.next_at == stopped.now()
    clock.tick()
    assert SILENT in of_claims(room, number)


def test_after_an_unmerge_the_claim_is_waited_for_as_before(room, stopped, number):
    main = room.report(who="police.hongqiao", text="同一件事")["number"]
    room.do("dispatcher", number, "merge", into=main)
    assert not Deadline.every.filter(stage="life", state="live").exists()
    room.do("dispatcher", main, "unmerge", number=number)
    stopped.move(minutes=5)
    clock.tick()
    assert of_claims(room, number) == [SILENT]
    assert Assignment.objects.filter(claim_expired_at__isnull=False).count() == 0
