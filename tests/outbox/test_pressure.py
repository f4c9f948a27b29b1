"""What the clock asks for reaches those whom a step names, and no others."""

import pytest

from dispatch import clock
from dispatch.models import Department, EscalationPolicy
from integrations import outbox
from tests.escalation.policies import limit, policy
from tests.factories import OfficerFactory
from tests.outbox.conftest import titles, whom
from tests.room import COMMAND, EMERGENCY

pytestmark = pytest.mark.django_db
COLLEAGUE = "duty2.hongqiao"


@pytest.fixture
def told(phone, channel, reach):
    """Whom the outbox tells of what is new, sorted; a department has two people."""
    channel("phone")
    department = Department.objects.get(code=EMERGENCY)
    officer = OfficerFactory(user__username=COLLEAGUE, department=department, name="王小明")
    department.groups.get(default=True).members.add(officer)
    reach(COLLEAGUE, "duty.hongqiao", "police.hongqiao", "duty.command")
    reach("supervisor.hongqiao", "supervisor", "dispatcher", "grid.beiyuan")

    def ask():
        phone.said.clear()
        outbox.tick()
        return sorted(whom(phone))

    ask.titles = lambda: set(titles(phone))
    return ask


@pytest.fixture
def number(room, told):
    """The number of a claimed P1 event that asks for nothing but a sign of life."""
    EscalationPolicy.objects.exclude(stage__in=("life", "answer")).delete()
    made = room.claimed(priority="P1")["number"]
    told()
    return made


def test_who_is_silent_is_told_alone_then_the_whole_department(room, moment, told, number):
    moment.move(minutes=5, seconds=1)
    clock.tick()
    assert told() == ["duty.hongqiao"]
    assert told.titles() == {"【特急】洪桥街道应急办公室 李志强 签收后无动静，请尽快反馈"}
    moment.move(minutes=5)
    clock.tick()
    assert told() == ["duty.hongqiao", COLLEAGUE]


def test_who_is_taken_over_from_is_told(room, moment, told, number):
    moment.move(minutes=10, seconds=1)
    clock.tick()
    told()
    room.do(COLLEAGUE, number, "claim")
    assert told() == ["duty.hongqiao"]
    assert told.titles() == {"【特急】同事已接替你签收"}


def test_nobody_is_told_of_a_first_claim(room, told, number):
    room.do("police.hongqiao", number, "claim")
    assert told() == []


def test_an_unanswered_instruction_goes_to_the_lead_then_to_the_street(room, moment, told, number):
    room.do("duty.hongqiao", number, "arrive")
    room.do("supervisor", number, "instruct", text="速办")
    told()
    moment.move(minutes=10, seconds=1)
    clock.tick()
    assert told() == ["duty.hongqiao", COLLEAGUE]
    moment.move(minutes=20)
    clock.tick()
    assert told() == ["supervisor.hongqiao"]


def test_a_named_department_is_told_as_far_as_it_may_see(room, moment, told, number):
    named = {"department": Department.objects.get(code=COMMAND)}
    policy("处置", "handle", ("50%", "department", named))
    room.do("duty.hongqiao", number, "arrive")
    room.do("dispatcher", number, "reclassify", category="emergency.fire")
    told()
    moment.move(minutes=10, seconds=1)
    clock.tick()
    # Who sees the district hears it, who works on events of the department only does not.
    assert told() == ["dispatcher", "supervisor"]
    other = room.report()["number"]
    room.do("dispatcher", other, "request_support", departments=[COMMAND], reason="增援")
    told()
    moment.move(minutes=10, seconds=1)
    clock.tick()
    assert told() == ["dispatcher", "duty.command", "supervisor"]


def test_an_escalated_events_step_is_told_higher_up_too(room, moment, told, number):
    policy("处置", "handle", ("50%", "claimer"), ("75%", "group"))
    room.do("duty.hongqiao", number, "arrive")
    room.do("dispatcher", number, "reclassify", category="emergency.fire")
    told()
    moment.move(minutes=10, seconds=1)
    clock.tick()
    assert told() == ["duty.hongqiao"]
    room.do("supervisor", number, "escalate")
    told()
    moment.move(minutes=5)
    clock.tick()
    assert "supervisor.hongqiao" in told()


def test_what_is_imminent_is_told_to_who_has_claimed(room, moment, told, number):
    limit("emergency.fire", "handle", 20, "urgent_minute")
    policy("处置", "handle", ("warn", "claimer"))
    room.do("duty.hongqiao", number, "arrive")
    room.do("dispatcher", number, "reclassify", category="emergency.fire")
    told()
    moment.move(minutes=16, seconds=1)
    clock.tick()
    assert told() == ["duty.hongqiao"]
    (title,) = told.titles()
    assert title.startswith("【特急】处置临期，")
