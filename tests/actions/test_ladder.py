"""Pressure, merging, and who was first."""

import pytest

from dispatch.models import Department
from tests.actions.cases import photo
from tests.factories import OfficerFactory
from tests.room import (
    EMERGENCY,
    RENSHENG,
    clocks,
    current,
    lead,
)

pytestmark = pytest.mark.django_db


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


def test_events_are_not_merged_in_circles(room):
    main, other = merged(room)
    third = room.report(who="police.hongqiao")["number"]
    room.refused(422, "dispatcher", third, "merge", into=third)
    room.refused(409, "dispatcher", third, "merge", into=other)
    room.refused(409, "dispatcher", main, "merge", into=other)
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
