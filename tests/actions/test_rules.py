"""The rules that exist because systems without them hurt people."""

from datetime import datetime

import pytest

from dispatch import clock
from dispatch.models import Assignment, Deadline, Department
from tests.actions.cases import later, photo
from tests.factories import OfficerFactory
from tests.room import (
    CITYOPS,
    COMMAND,
    COMMITTEE,
    EMERGENCY,
    POLICE,
    RENSHENG,
    WATER,
    clocks,
    current,
    lead,
)

pytestmark = pytest.mark.django_db


def seconds(text):
    """An answer's time as seconds."""
    return datetime.fromisoformat(text).timestamp()


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


# Pressure


def test_a_lower_card_cannot_follow_a_higher_one_and_none_comes_twice(room):
    number = room.report()["number"]
    for level, status in (
        ("plain", 200),
        ("plain", 409),
        ("red", 200),
        ("yellow", 409),
        ("red", 409),
        ("", 422),
        ("purple", 422),
    ):
        answer = room.act("supervisor", number, "supervise", level=level)
        assert answer.status_code == status, level
    assert room.event(number)["supervision"] == "red"
    assert room.kinds(number).count("supervised") == 2


def test_an_event_is_escalated_to_the_top_and_no_further(room):
    number = room.report(category="event.0406", priority="P3")["number"]
    assert room.do("supervisor.hongqiao", number, "escalate")["priority"] == "P2"
    assert room.do("supervisor.hongqiao", number, "escalate")["escalation"] == 2
    room.refused(409, "supervisor", number, "escalate")


# Merge


def merged(room, **fields):
    """(main, other): another event in the same place, merged into the first."""
    main = room.claimed()["number"]
    other = room.report(who="committee.beiyuan", **fields)["number"]
    room.do("dispatcher", other, "merge", into=main)
    return main, other


def test_a_merged_event_ends_in_the_main_one_and_its_reporter_still_sees_it(room):
    main, other = merged(room)
    event = room.event(other, "committee.beiyuan")
    assert (event["state"], event["merged_into"]) == ("merged", main)
    assert clocks(event) == current(event) == {}
    assert room.kinds(main)[-1] == "absorbed"
    assert room.entries(other, who="committee.beiyuan")[-1]["kind"] == "merged"
    assert not room.sees("duty.hongqiao", other)


def test_an_unmerged_event_is_on_its_own_again(room):
    main, other = merged(room)
    room.do("dispatcher", main, "unmerge", number=other)
    event = room.event(other)
    assert (event["state"], event["merged_into"], lead(event)) == ("registered", None, EMERGENCY)
    assert set(clocks(event)) == {"respond", "handle"}
    assert room.sees("duty.hongqiao", other)


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_an_event_can_leave_a_main_event_that_has_ended(room, end):
    main, other = merged(room)
    if end == "cancelled":
        room.do("dispatcher", main, "cancel", reason="误报")
    else:
        room.do("duty.hongqiao", main, "complete")
        room.do("dispatcher", main, "close")
    room.do("dispatcher", main, "unmerge", number=other)
    assert room.event(other)["state"] == "registered"
    assert room.event(main)["state"] == end


def test_events_are_not_merged_in_circles_or_chains(room):
    main, other = merged(room)
    third = room.report(who="police.hongqiao")["number"]
    room.refused(422, "dispatcher", third, "merge", into=third)
    room.refused(409, "dispatcher", third, "merge", into=other)
    room.refused(409, "dispatcher", main, "merge", into=third)
    room.refused(422, "dispatcher", main, "unmerge", number=third)
    room.refused(422, "dispatcher", third, "merge", into="YX20200101-000001")
    room.do("dispatcher", third, "merge", into=main)


def test_an_event_is_not_merged_into_one_that_the_dispatcher_may_not_see(room, user):
    number = room.report()["number"]
    there = room.report(location={**RENSHENG, "crs": "WGS84"})["number"]
    street = OfficerFactory(role="dispatcher", areas=["440104001"]).user.username
    problem = room.refused(422, street, number, "merge", into=there)
    assert there not in problem["detail"]
    assert room.event(number)["state"] == "registered"


# Who is first


def test_the_second_officer_who_claims_is_told_who_was_first(room):
    department = Department.objects.get(code=EMERGENCY)
    colleague = OfficerFactory(department=department, name="王小明").user.username
    number = room.do("duty.hongqiao", room.report()["number"], "claim")["number"]
    problem = room.refused(409, colleague, number, "claim")
    row = current(room.event(number))[EMERGENCY]
    assert problem["winner"] == {
        "name": "李志强",
        "department": department.name,
        "at": row["claimed_at"],
    }
    assert "李志强" in problem["detail"]


def test_who_comes_after_the_end_is_told_who_ended_it(room):
    number = room.closed()["number"]
    problem = room.refused(409, "duty.hongqiao", number, "claim")
    assert problem["winner"]["name"] == "郑国华"


def test_a_stale_write_cannot_undo_a_newer_state(room):
    number = room.claimed()["number"]
    seen = room.event(number)["version"]
    room.do("duty.hongqiao", number, "complete", version=seen)
    room.do("grid.beiyuan", number, "verify", passed=False, text="未修好")
    before = room.event(number)
    problem = room.refused(409, "duty.hongqiao", number, "complete", version=seen)
    assert problem["winner"]["name"] == "陈小梅"
    assert problem["version"] == before["version"]
    assert room.event(number) == before
    room.do("duty.hongqiao", number, "complete", version=before["version"])


def test_only_the_first_of_two_writers_who_read_the_same_version_writes(room):
    number = room.report()["number"]
    seen = room.event(number)["version"]
    room.do("supervisor", number, "supervise", level="red", version=seen)
    room.refused(409, "dispatcher", number, "reclassify", category="event.0406", version=seen)
    assert room.event(number)["category"]["code"] == "emergency.unclassified"


def test_files_that_the_event_has_are_not_told_of_again(room, user):
    number = room.report()["number"]
    one = photo(user, "grid.beiyuan")
    event = room.do("grid.beiyuan", number, "attach", attachments=[one])
    again = room.do("grid.beiyuan", number, "attach", attachments=[one, one])
    assert again == event
    assert [row["id"] for row in again["attachments"]] == [one]


def test_nobody_attaches_the_file_of_somebody_else(room, user):
    number = room.report()["number"]
    before = room.event(number)
    foreign = photo(user, "police.hongqiao")
    room.refused(422, "grid.beiyuan", number, "post", text="看", attachments=[foreign])
    assert room.event(number) == before
