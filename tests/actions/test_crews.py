"""Who is on an event: returns, leads, supports, verification. Rules that exist because systems
without them hurt people."""

import pytest

from dispatch.models import Assignment, Department
from tests.room import (
    CITYOPS,
    COMMAND,
    COMMITTEE,
    EMERGENCY,
    POLICE,
    WATER,
    clocks,
    current,
    lead,
)

pytestmark = pytest.mark.django_db


# Return


@pytest.mark.parametrize("reason", [None, "", "  ", "\x00\u202e"])
def test_every_return_has_a_reason(room, reason):
    number = room.claimed()["number"]
    body = {} if reason is None else {"reason": reason}
    problem = room.refused(422, "duty.hongqiao", number, "return", **body)
    assert "reason" in problem["errors"]
    assert lead(room.event(number)) == EMERGENCY


def test_the_reason_of_a_return_stays_with_the_event(room):
    number = room.claimed()["number"]
    event = room.do("duty.hongqiao", number, "return", reason="属市政管养")
    assert event["returned"] == 1
    assert "属市政管养" in room.entries(number)[-2]["summary"]
    assert Assignment.objects.get(state="returned").reason == "属市政管养"


def test_after_a_return_the_dispatcher_cannot_close(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "return", reason="不属本部门")
    room.refused(409, "dispatcher", number, "close")
    allowed = {
        action["name"]
        for action in room.get("dispatcher", f"events/{number}/actions/")["actions"]
        if action["allowed"]
    }
    assert not {"close", "verify"} & allowed
    assert {"transfer", "reroute", "cancel"} <= allowed


def test_what_the_lead_returns_goes_to_the_fallback_and_says_so(room):
    number = room.report(category="emergency.fight")["number"]
    assert lead(room.event(number)) == POLICE
    event = room.do("police.hongqiao", number, "return", reason="无警情")
    assert lead(event) == EMERGENCY
    assert event["fallback"]


def test_everything_returned_ends_with_the_district_and_never_in_another_street(room):
    number = room.claimed()["number"]
    event = room.do("duty.hongqiao", number, "return", reason="不归我管")
    assert lead(event) == COMMAND
    problem = room.refused(409, "duty.command", number, "return", reason="也不归我管")
    assert "兜底" in problem["detail"]
    assert lead(room.event(number)) == COMMAND


def test_a_rerouted_event_that_all_have_returned_stays_with_the_district(room):
    number = room.report()["number"]
    room.do("duty.hongqiao", number, "return", reason="一")
    room.do("dispatcher", number, "transfer", department=POLICE, reason="请办")
    room.do("police.hongqiao", number, "return", reason="二")
    event = room.do("dispatcher", number, "reroute", reason="重分")
    assert lead(event) == COMMAND
    assert event["fallback"]


def test_a_support_may_return_without_a_new_lead(room):
    number = room.claimed()["number"]
    event = room.do("police.hongqiao", number, "return", reason="无需警力")
    assert lead(event) == EMERGENCY
    assert POLICE not in current(event)
    assert not event["fallback"]


def test_finished_work_cannot_be_returned_or_transferred(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "request_support", departments=[WATER], reason="水")
    room.do("duty.hongqiao", number, "complete")
    room.refused(409, "duty.hongqiao", number, "return", reason="反悔")
    room.refused(409, "duty.hongqiao", number, "transfer", department=POLICE, reason="反悔")


# Lead and supports


def test_a_department_that_did_its_support_still_has_the_leads_work_to_do(room):
    number = room.claimed()["number"]
    room.do("police.hongqiao", number, "claim")
    room.do("police.hongqiao", number, "complete", text="已封路")
    event = room.do("duty.hongqiao", number, "transfer", department=POLICE, reason="警情")
    assert event["state"] == "responded"
    assert current(event)[POLICE]["state"] == "claimed"
    assert room.do("police.hongqiao", number, "complete")["state"] == "handled"


def test_the_dispatcher_transfers_the_lead_even_where_the_own_office_is_a_support(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "request_support", departments=[COMMAND], reason="协调")
    event = room.do("dispatcher", number, "transfer", department=WATER, reason="水务主办")
    assert lead(event) == WATER
    assert current(event)[COMMAND]["role"] == "support"


def test_a_support_transfers_its_own_part(room):
    number = room.claimed()["number"]
    event = room.do("police.hongqiao", number, "transfer", department=CITYOPS, reason="非警情")
    assert lead(event) == EMERGENCY
    assert current(event)[CITYOPS]["role"] == "support"
    assert POLICE not in current(event)


def test_an_event_is_handled_when_all_that_are_required_are_done(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "request_support", departments=[WATER], reason="积水")
    event = room.do("duty.hongqiao", number, "complete")
    assert event["state"] == "responded"
    room.do("duty.water", number, "claim")
    event = room.do("duty.water", number, "complete")
    assert event["state"] == "handled"
    assert [row["state"] for row in current(event).values() if not row["required"]] == [
        "done",
        "dispatched",
        "dispatched",
    ]


def test_releasing_the_last_required_support_lets_the_event_be_handled(room):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "request_support", departments=[WATER], reason="积水")
    room.do("duty.hongqiao", number, "complete")
    event = room.do("dispatcher", number, "release_support", departments=[WATER])
    assert event["state"] == "handled"


def test_the_lead_cannot_be_released(room):
    number = room.claimed()["number"]
    room.refused(409, "dispatcher", number, "release_support", departments=[POLICE, EMERGENCY])
    assert set(current(room.event(number))) == {EMERGENCY, POLICE, COMMITTEE}


def test_the_same_assignment_again_changes_nothing(room):
    number = room.claimed()["number"]
    for who, action, body in (
        ("dispatcher", "transfer", {"department": EMERGENCY}),
        ("duty.hongqiao", "transfer", {"department": EMERGENCY}),
        ("duty.hongqiao", "request_support", {"departments": [EMERGENCY]}),
    ):
        before = room.event(number)
        assert room.do(who, number, action, reason="再派一次", **body) == before
        assert room.event(number) == before


def test_support_asked_for_twice_is_one_request(room):
    number = room.claimed()["number"]
    body = {"departments": [WATER, POLICE, WATER], "reason": "积水"}
    first = room.do("duty.hongqiao", number, "request_support", **body)
    again = room.do("supervisor", number, "request_support", **body)
    assert again == first
    assert room.kinds(number).count("support_requested") == 1
    assert sum(row["department"]["code"] == WATER for row in first["assignments"]) == 1


def test_a_reroute_with_the_same_result_leaves_everyone_as_they_are(room):
    number = room.claimed()["number"]
    before = room.event(number)
    after = room.do("dispatcher", number, "reroute", reason="复核")
    for fact in ("state", "assignments", "deadlines", "responded_at", "fallback"):
        assert after[fact] == before[fact]
    assert "dispatched" not in room.kinds(number, before["seq"])


def test_a_reroute_takes_off_who_is_no_longer_meant(room):
    number = room.claimed()["number"]
    room.do("dispatcher", number, "reclassify", category="event.0406")
    event = room.do("dispatcher", number, "reroute", reason="改为城管")
    assert set(current(event)) == {CITYOPS, COMMITTEE}
    assert event["state"] == "registered"
    assert not room.sees("duty.hongqiao", number)


def test_an_unknown_or_closed_department_is_refused_by_name(room):
    number = room.claimed()["number"]
    Department.objects.filter(code=WATER).update(active=False)
    problem = room.refused(
        422, "duty.hongqiao", number, "request_support", departments=[POLICE, WATER], reason="水"
    )
    assert WATER in problem["detail"]
    room.refused(422, "dispatcher", number, "transfer", department="nobody", reason="水")


# Verify and rework


def test_rework_keeps_the_department_its_history_and_starts_the_clock_anew(room, moment):
    number = room.handled()["number"]
    before = room.event(number)
    moment.move(minutes=3)
    event = room.do("grid.beiyuan", number, "verify", passed=False, text="井盖松动")
    row = current(event)[EMERGENCY]
    assert (event["state"], row["state"], event["reworked"]) == ("responded", "claimed", 1)
    for stamp in ("claimed_by", "claimed_at", "dispatched_at"):
        assert row[stamp] == current(before)[EMERGENCY][stamp]
    assert row["done_at"] is event["handled_at"] is None
    assert clocks(event)["handle"]["started_at"] > before["handled_at"]
    assert "completed" in room.kinds(number)
    event = room.do("duty.hongqiao", number, "complete")
    assert event["handled_at"] > before["handled_at"]


def test_nobody_verifies_what_the_own_hands_or_office_have_done(room):
    number = room.report("duty.hongqiao")["number"]
    room.do("duty.hongqiao", number, "claim")
    room.do("duty.hongqiao", number, "complete")
    room.refused(403, "duty.hongqiao", number, "verify", passed=True)
    assert room.do("supervisor.hongqiao", number, "verify", passed=True)["state"] == "closed"


def test_verified_events_are_closed_with_all_stamps_in_order(room, moment):
    number = room.claimed()["number"]
    moment.move(minutes=5)
    room.do("duty.hongqiao", number, "complete")
    moment.move(minutes=5)
    event = room.do("grid.beiyuan", number, "verify", passed=True, text="看过了")
    stamps = [event[f"{name}_at"] for name in ("registered", "responded", "handled", "closed")]
    assert stamps == sorted(stamps)
    assert room.kinds(number)[-2:] == ["verified", "closed"]
    assert clocks(event) == {}


def test_a_reopened_event_goes_to_its_people_again(room):
    number = room.closed()["number"]
    event = room.do("supervisor.hongqiao", number, "reopen", reason="复发")
    assert (event["state"], event["reopened"], lead(event)) == ("responded", 1, EMERGENCY)
    assert event["closed_at"] is None
    assert clocks(event)["handle"]["state"] == "live"


def test_a_cancelled_event_that_is_reopened_is_routed_anew(room):
    number = room.report()["number"]
    assert clocks(room.do("dispatcher", number, "cancel", reason="重复")) == {}
    assert not room.sees("duty.hongqiao", number)
    event = room.do("supervisor", number, "reopen", reason="并非重复")
    assert (event["state"], lead(event)) == ("registered", EMERGENCY)
    assert set(clocks(event)) == {"respond", "handle"}


def test_the_reporter_cancels_until_somebody_has_claimed(room):
    number = room.report()["number"]
    room.refused(422, "grid.beiyuan", number, "cancel")
    assert room.do("grid.beiyuan", number, "cancel", reason="误报")["state"] == "cancelled"
    number = room.claimed()["number"]
    problem = room.refused(409, "grid.beiyuan", number, "cancel", reason="误报")
    assert problem["winner"]["name"] == "李志强"
    assert room.do("dispatcher", number, "cancel", reason="误报")["state"] == "cancelled"
