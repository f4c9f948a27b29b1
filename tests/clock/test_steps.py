"""The clock reminds, marks what is late and tells the next one up; once, whatever happens."""

from io import StringIO

import pytest
from django.core.management import call_command

from dispatch import clock, sweep
from dispatch.models import (
    Deadline,
    Heartbeat,
    IdempotencyKey,
    LimitRule,
    PauseRequest,
)
from events.models import Category, Event
from tests.actions.cases import later
from tests.room import clocks

pytestmark = pytest.mark.django_db


def told(room, number, after=0):
    """[(kind, stage, percent, whom)] of what the clock has said."""
    return [
        (entry["kind"], entry["data"]["stage"], entry["data"]["percent"], entry["data"]["notify"])
        for entry in room.entries(number, after)
        if entry["kind"] in ("reminded", "overdue")
    ]


RESPOND = [
    ("reminded", "respond", 50, "group"),
    ("overdue", "respond", 100, "street"),
    ("overdue", "respond", 200, "district"),
]
HANDLE = [
    ("reminded", "handle", 50, "group"),
    ("overdue", "handle", 100, "street"),
    ("overdue", "handle", 200, "district"),
]


def test_an_emergency_nobody_answers_is_told_at_half_whole_and_double_time(room, moment):
    number = room.report()["number"]
    said = []
    for seconds, steps in ((59, []), (2, RESPOND[:1]), (58, []), (2, RESPOND[1:2])):
        moment.move(seconds=seconds)
        assert clock.tick() == len(steps)
        said += steps
        assert told(room, number) == said
    moment.move(minutes=2)
    assert clock.tick() == 1
    assert told(room, number) == RESPOND
    moment.move(minutes=6)
    assert clock.tick() == 1
    moment.move(minutes=60)
    assert clock.tick() == 2
    assert told(room, number) == RESPOND + HANDLE
    moment.move(days=3)
    assert clock.tick() == 0


def test_a_clock_that_was_away_does_everything_it_missed_in_order(room, moment):
    number = room.report()["number"]
    moment.move(hours=2)
    assert clock.tick() == 6
    assert told(room, number) == RESPOND + HANDLE


def test_who_claims_in_time_hears_no_more_of_responding(room, moment):
    number = room.do("duty.hongqiao", room.claimed()["number"], "arrive")["number"]
    moment.move(minutes=9)
    assert clock.tick() == 0
    moment.move(minutes=2)
    clock.tick()
    assert told(room, number) == HANDLE[:1]


def test_what_is_ended_is_not_told(room, moment):
    closed = room.closed()["number"]
    cancelled = room.do("dispatcher", room.report()["number"], "cancel", reason="误")["number"]
    moment.move(days=1)
    assert clock.tick() == 0
    assert told(room, closed) == told(room, cancelled) == []


def test_the_verdict_is_by_the_deadline_that_was_in_force(room, moment):
    quick, slow = room.report()["number"], room.report()["number"]
    room.do("duty.hongqiao", quick, "claim")
    moment.move(minutes=3)
    room.do("duty.hongqiao", slow, "claim")
    verdicts = {
        number: [row["state"] for row in room.event(number)["deadlines"]]
        for number in (quick, slow)
    }
    assert verdicts == {quick: ["met", "live"], slow: ["missed", "live"]}


def test_a_reminder_names_stage_share_and_whom_in_words(room, moment):
    number = room.report()["number"]
    moment.move(minutes=2, seconds=1)
    clock.tick()
    reminded, overdue = room.entries(number)[-2:]
    assert reminded["summary"] == "响应时限已过 50%"
    assert overdue["summary"] == "响应超时，已通知街道督导"
    assert overdue["actor"] is None


def test_a_class_without_limits_has_no_clock_and_no_error(room, moment):
    LimitRule.objects.all().delete()
    event = room.report()
    assert event["deadlines"] == []
    moment.move(days=1)
    assert clock.tick() == 0
    assert room.do("duty.hongqiao", event["number"], "claim")["deadlines"] == []


def test_a_working_limit_stands_still_in_the_night(room, moment):
    category = Category.objects.get(qualified="event.0406")
    LimitRule.objects.filter(category=category).delete()
    LimitRule.objects.create(
        category=category, stage="handle", value=1, limit_type="work_day", default=True
    )
    number = room.report(category="event.0406")["number"]
    row = Deadline.objects.get(event__number=number, stage="handle")
    assert (row.due_at - row.started_at).total_seconds() > 8 * 3600
    assert row.limit_text == "1 个工作日"


# Holds


def test_a_hold_ends_by_itself_and_the_clocks_run_on(room, moment):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="停工", until=later(hours=5))
    moment.move(hours=4, minutes=59)
    clock.tick()
    assert room.event(number)["on_hold"]
    moment.move(minutes=2)
    clock.tick()
    event = room.event(number)
    assert not event["on_hold"]
    assert clocks(event)["handle"]["state"] == "live"
    assert room.entries(number)[-1]["kind"] == "resumed"
    seq = event["seq"]
    assert clock.tick() == 0
    moment.move(minutes=10, seconds=10)
    clock.tick()
    assert told(room, number, seq) == HANDLE[:1]
    assert Event.objects.get().held_seconds == pytest.approx(5 * 3600, abs=90)


def test_a_hold_whose_event_has_ended_is_left_alone(room, moment):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="停工", until=later(hours=5))
    room.do("dispatcher", number, "cancel", reason="误")
    before = room.event(number)
    moment.move(hours=6)
    clock.tick()
    assert room.event(number) == before
    assert PauseRequest.objects.get().state == "granted"


# Is it alive?


def test_the_health_page_tells_whether_the_clock_runs(client, moment, monkeypatch):
    monkeypatch.setattr("config.health.layer_answers", lambda: True)
    Heartbeat.objects.all().delete()
    assert client.get("/readyz").status_code == 503
    clock.tick()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["clock"]["alive"] is True
    moment.move(seconds=31)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["clock"]["alive"] is False
    clock.tick()
    assert client.get("/readyz").status_code == 200


def test_the_health_page_tells_what_waits_for_the_clock(room, client, moment):
    room.report()
    moment.move(minutes=5)
    assert client.get("/readyz").json()["clock"]["backlog"] == 1
    clock.tick()
    assert client.get("/readyz").json()["clock"]["backlog"] == 0


def test_the_wall_is_told_too(room, moment):
    clock.tick()
    assert room.get("supervisor", "stats/today/")["clock"]["alive"]
    moment.move(minutes=1)
    assert not room.get("supervisor", "stats/today/")["clock"]["alive"]


def test_a_clock_that_has_much_to_do_beats_meanwhile(room, moment, monkeypatch):
    monkeypatch.setattr(sweep, "BATCH", 2)
    numbers = [room.report()["number"] for _index in range(3)]
    moment.move(hours=2)
    beats = []
    monkeypatch.setattr(clock, "beat", lambda done=0: beats.append(done))
    assert clock.tick() == 6 * len(numbers)
    assert beats == [12, 18, 18]


def test_clock_once_does_what_is_due_cleans_and_stops(room, moment, media):
    number = room.report()["number"]
    room.send("grid.beiyuan", f"events/{number}/post/", {"text": "x"}, HTTP_IDEMPOTENCY_KEY="k")
    moment.move(days=4)
    out = StringIO()
    call_command("clock", "--once", stdout=out)
    assert out.getvalue().strip() == "6"
    assert told(room, number) == RESPOND + HANDLE
    assert not IdempotencyKey.objects.exists()
    call_command("clock", "--once", stdout=out)
    assert told(room, number) == RESPOND + HANDLE
