"""The yearly notice comes late: deadlines past it are flagged, and reckoned anew when it is in."""

import csv
from datetime import datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from dispatch import clock
from dispatch.models import CalendarEdition, Deadline, Holiday
from events.entry import stamp
from tests.calendar.days import HOLIDAYS
from tests.escalation.policies import limit
from tests.room import clocks, fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(tmp_path):
    """Import the notice for 2027: days off as in 2026, but for the year."""

    def load(*lines):
        path = tmp_path / "2027.csv"
        with HOLIDAYS.open(encoding="utf-8", newline="") as file:
            days = [row["date"] for row in csv.DictReader(file) if row["date"][:4] == "2026"]
        rows = [f"{day.replace('2026', '2027')},holiday,x" for day in days if "-10-" in day]
        path.write_text("\n".join(["date,type,name", *rows, *lines]), encoding="utf-8")
        call_command("import_holidays", str(path), verbosity=0)

    return load


@pytest.fixture
def number(room, stopped):
    """An event of 31 December with a working day to handle: due in an unknown year."""
    limit("event.0406", "handle", 1, "work_day")
    stopped.to("2026-12-31 16:00")
    return room.report(category="event.0406")["number"]


def handle(room, number):
    return clocks(room.event(number))["handle"]


def test_a_deadline_in_a_year_without_a_notice_is_flagged(room, number):
    row = handle(room, number)
    assert (row["due_at"], row["uncertain"]) == ("2027-01-01T08:00:00.000Z", True)


def test_the_notice_moves_it_and_the_timeline_says_so(room, number, notice, stopped):
    before = room.event(number)
    notice("2027-01-01,holiday,元旦", "2027-01-02,workday,元旦")
    stopped.move(seconds=1)
    clock.tick()
    event = room.event(number)
    row = clocks(event)["handle"]
    assert (row["due_at"], row["uncertain"]) == ("2027-01-02T08:00:00.000Z", False)
    entry = room.entries(number)[-1]
    assert entry["kind"] == "recalculated"
    assert entry["summary"] == "节假日安排有变，处置时限改为 2027-01-02 16:00"
    assert fold(before, room.entries(number, before["seq"])) == event
    assert [row["event__number"] for row in in_force(number, before["registered_at"])] == [number]
    clock.tick()
    assert room.event(number) == event


def in_force(number, at):
    rows = Deadline.objects.in_force(at).filter(event__number=number, stage="handle")
    return list(rows.values("event__number", "due_at", "state"))


def test_a_notice_that_changes_only_the_flag_is_told_too(room, number, notice):
    notice()
    clock.tick()
    row = handle(room, number)
    assert (row["due_at"], row["uncertain"]) == ("2027-01-01T08:00:00.000Z", False)


def test_what_a_notice_does_not_move_is_not_told_and_not_looked_at_again(room, stopped, notice):
    limit("event.0406", "handle", 1, "work_day")
    stopped.to("2026-12-01 16:00")
    before = room.report(category="event.0406")
    notice("2027-01-01,holiday,元旦")
    clock.tick()
    assert room.event(before["number"]) == before
    outdated = Deadline.every.filter(edition__lt=CalendarEdition.objects.get().number)
    assert not outdated.filter(state="live").exists()


def test_its_steps_move_along(room, number, notice, stopped):
    notice("2027-01-01,holiday,元旦", "2027-01-02,holiday,元旦")
    clock.tick()
    stopped.to("2027-01-04 15:59:59")
    clock.tick()
    assert "overdue" not in [e["kind"] for e in room.entries(number) if handles(e)]
    stopped.to("2027-01-04 16:00")
    clock.tick()
    assert room.entries(number)[-1]["kind"] == "overdue"


def handles(entry):
    return entry["data"].get("stage") == "handle"


def test_what_a_person_has_granted_stays(room, number, notice, stopped):
    limit("emergency.unclassified", "handle", 1, "work_day")
    granted = room.claimed()["number"]
    until = "2027-01-02T03:00:00.000Z"
    room.do("duty.hongqiao", granted, "request_extension", reason="难", until=until)
    room.do("supervisor", granted, "decide_extension", granted=True)
    notice("2027-01-01,holiday,元旦")
    clock.tick()
    assert handle(room, granted)["due_at"] == until
    assert handle(room, number)["due_at"] != until


def test_what_stands_on_hold_is_reckoned_too_and_stays_on_hold(room, stopped, notice):
    limit("emergency.unclassified", "handle", 1, "work_day")
    stopped.to("2026-12-31 16:00")
    held = room.claimed()["number"]
    stopped.to("2026-12-31 17:00")
    room.do("supervisor", held, "hold", reason="停工")
    notice("2027-01-01,holiday,元旦")
    clock.tick()
    row = handle(room, held)
    # Sunday the 3rd is the first day that nobody knew of; the 4th is a Monday.
    assert (row["state"], row["due_at"]) == ("paused", "2027-01-04T08:00:00.000Z")
    stopped.to("2027-01-04 08:00")
    room.do("supervisor", held, "resume")
    assert handle(room, held)["due_at"] == "2027-01-04T09:00:00.000Z"


def test_an_urgent_limit_knows_no_holidays(room, stopped, notice):
    stopped.to("2026-12-31 16:00")
    before = room.report()
    notice("2027-01-01,holiday,元旦")
    clock.tick()
    assert room.event(before["number"]) == before


def test_three_people_and_the_calendar(client, user, number, room):
    address = reverse("admin:dispatch_holiday_add")
    body = {"day": "2027-01-01", "working": "", "name": "元旦"}
    for who, status in (("supervisor", 302), ("duty.hongqiao", 302)):
        client.force_login(user(who))
        assert client.post(address, body).status_code == status
        assert not Holiday.objects.filter(day="2027-01-01").exists()
    client.force_login(user("admin"))
    client.post(address, body)
    assert Holiday.objects.filter(day="2027-01-01").exists()
    clock.tick()
    assert handle(room, number)["due_at"] == "2027-01-04T08:00:00.000Z"
    day = Holiday.objects.get(day="2027-01-01")
    client.post(reverse("admin:dispatch_holiday_delete", args=[day.pk]), {"post": "yes"})
    clock.tick()
    assert handle(room, number)["due_at"] == "2027-01-01T08:00:00.000Z"


def test_a_thousand_deadlines_are_reckoned_without_one_that_fails_in_the_way(
    room, number, notice, monkeypatch
):
    other = room.report(category="event.0406")["number"]
    notice("2027-01-01,holiday,元旦")
    with monkeypatch.context() as patch:
        patch.setattr("dispatch.clock.deadlines.recount", _broken(number))
        clock.tick()
    assert handle(room, other)["due_at"] == "2027-01-04T08:00:00.000Z"
    assert handle(room, number)["due_at"] == "2027-01-01T08:00:00.000Z"
    clock.tick()
    assert handle(room, number)["due_at"] == "2027-01-04T08:00:00.000Z"


def _broken(number, whole=clock.deadlines.recount):
    def recount(case):
        if case.event.number == number:
            raise ValueError(number)
        return whole(case)

    return recount


# 临期


@pytest.mark.parametrize(
    ("value", "limit_type", "warn_at"),
    [
        # A fifth of the limit is left, or four hours of its own clock: whichever begins later.
        (20, "urgent_minute", "2026-03-05T09:16:00+08:00"),
        (10, "urgent_hour", "2026-03-05T17:00:00+08:00"),
        (2, "urgent_day", "2026-03-07T05:00:00+08:00"),
        (4, "work_hour", "2026-03-05T14:12:00+08:00"),
        (1, "work_day", "2026-03-05T17:24:00+08:00"),
        (5, "work_day", "2026-03-11T15:00:00+08:00"),
    ],
)
def test_from_when_it_is_imminent(value, limit_type, warn_at, room, stopped):
    limit("emergency.unclassified", "handle", value, limit_type)
    stopped.to("2026-03-05 09:00")
    room.report()
    row = Deadline.objects.get(stage="handle")
    assert row.warn_at == datetime.fromisoformat(warn_at)
    assert row.warn_at < row.due_at


def test_when_it_is_imminent_is_a_setting(room, stopped, settings):
    settings.WARNINGS = {**settings.WARNINGS, "urgent_minute": (50, 1)}
    event = room.report()
    stopped.move(minutes=10)
    assert clocks(event)["handle"]["warn_at"] == stamp(stopped.now())
    settings.WARNINGS = {**settings.WARNINGS, "urgent_minute": (50, 0.05)}
    event = room.report()
    stopped.move(minutes=17)
    assert clocks(event)["handle"]["warn_at"] == stamp(stopped.now())
