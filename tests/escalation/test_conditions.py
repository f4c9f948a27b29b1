"""A class has several limits; the condition of filing that somebody finds chooses among them."""

from datetime import timedelta

import pytest

from dispatch.models import Deadline, LimitRule
from tests.actions.cases import later
from tests.room import clocks, current, fold, sample

pytestmark = pytest.mark.django_db
# 私搭乱建: two natural days, or fifteen working days.
SHED = "event.0101"


@pytest.fixture
def number(room, stopped):
    """A shed that somebody has built, reported on a Tuesday morning."""
    stopped.to("2026-03-03 09:00")
    return room.report(category=SHED)["number"]


def handle(event):
    return clocks(event)["handle"]


def test_the_conditions_of_a_class_are_there_to_choose_from(room):
    rows = room.get("grid.beiyuan", f"categories/{SHED}/limits/")["results"]
    assert [(row["stage"], row["condition"], row["limit"], row["default"]) for row in rows] == [
        ("handle", "立案条件 1", "2 个自然日", True),
        ("handle", "立案条件 2", "15 个工作日", False),
        ("respond", "", "15 分钟", True),
        ("verify", "", "30 分钟", True),
    ]
    assert room.ask("grid.beiyuan", "categories/no.such/limits/").status_code == 404


def test_without_a_choice_the_default_row_counts(room, number):
    event = room.event(number)
    assert (event["condition"], handle(event)["limit"]) == ("", "2 个自然日")
    assert handle(event)["due_at"] == "2026-03-05T01:00:00.000Z"


def test_a_reporter_who_knows_the_condition_says_it_with_the_report(room, stopped):
    stopped.to("2026-03-03 09:00")
    event = room.report(category=SHED, condition="立案条件 2")
    assert (event["condition"], handle(event)["limit"]) == ("立案条件 2", "15 个工作日")
    # Tuesday to Monday three weeks later, less the hour before it was reported.
    assert handle(event)["due_at"] == "2026-03-24T01:00:00.000Z"


def test_an_unknown_condition_is_refused_and_nothing_is_registered(room):
    body = sample(category=SHED, condition="立案条件 9")
    answer = room.send("grid.beiyuan", "reports/", body)
    assert answer.status_code == 422
    assert "condition" in answer.json()["errors"]
    assert room.send("grid.beiyuan", "reports/", {**body, "condition": ""}).status_code == 201


def test_the_same_report_with_another_condition_is_another_report(room):
    body = sample(category=SHED)
    assert room.send("grid.beiyuan", "reports/", body).status_code == 201
    assert room.send("grid.beiyuan", "reports/", body).status_code == 200
    other = {**body, "condition": "立案条件 2"}
    assert room.send("grid.beiyuan", "reports/", other).status_code == 409


def test_a_choice_replaces_the_limit_from_the_same_start(room, stopped, number):
    before = room.event(number)
    stopped.move(hours=3)
    event = room.do("dispatcher", number, "choose_limit", condition="立案条件 2")
    row = handle(event)
    assert (row["started_at"], row["due_at"]) == (
        before["registered_at"],
        "2026-03-24T01:00:00.000Z",
    )
    entry = room.entries(number)[-1]
    assert entry["summary"] == "立案条件定为「立案条件 2」：响应 15 分钟，处置 15 个工作日"
    assert fold(before, room.entries(number, before["seq"])) == event
    old = Deadline.objects.in_force(stopped.now() - timedelta(hours=2)).get(
        event__number=number, stage="handle"
    )
    assert (old.state, old.limit_text) == ("superseded", "2 个自然日")
    again = room.do("dispatcher", number, "choose_limit", condition="立案条件 2")
    assert again == event
    event = room.do("dispatcher", number, "choose_limit", condition="")
    assert handle(event)["due_at"] == handle(before)["due_at"]


def test_rework_keeps_the_condition_and_another_class_forgets_it(room, stopped, number):
    room.do("dispatcher", number, "choose_limit", condition="立案条件 2")
    (lead,) = [code for code, row in current(room.event(number)).items() if row["role"] == "lead"]
    assert lead == "440104001-cityops"
    room.do("cityops.hongqiao", number, "claim")
    room.do("cityops.hongqiao", number, "complete", text="已拆除")
    event = room.do("grid.beiyuan", number, "verify", passed=False, text="未拆净")
    assert handle(event)["limit"] == "15 个工作日"
    event = room.do("dispatcher", number, "reclassify", category="event.0102")
    assert event["condition"] == ""
    problem = room.refused(422, "dispatcher", number, "choose_limit", condition="立案条件 2")
    assert "condition" in problem["errors"]


def test_three_people_and_a_condition(room, number):
    body = {"condition": "立案条件 2"}
    room.do("grid.beiyuan", number, "choose_limit", **body)
    room.refused(403, "cityops.hongqiao", number, "choose_limit", **body)
    room.refused(403, "supervisor", number, "choose_limit", **body)
    assert room.act("duty.beijing", number, "choose_limit", **body).status_code == 404
    room.do("cityops.hongqiao", number, "claim")
    # What is being worked on is the dispatcher's to change.
    room.refused(409, "grid.beiyuan", number, "choose_limit", condition="")
    room.do("dispatcher", number, "choose_limit", condition="")


def test_on_hold_a_choice_starts_no_clock(room, stopped, number):
    room.do("supervisor", number, "hold", reason="等待鉴定", until=later(days=2))
    stopped.move(days=1)
    event = room.do("dispatcher", number, "choose_limit", condition="立案条件 2")
    assert {row["state"] for row in clocks(event).values()} == {"paused"}
    event = room.do("supervisor", number, "resume")
    # A whole working day on hold.
    assert handle(event)["due_at"] == "2026-03-25T01:00:00.000Z"


def test_a_priority_is_no_condition_to_choose(room):
    number = room.report(category="hotline.02")["number"]
    assert LimitRule.objects.filter(category__qualified="hotline.all", condition="P1").exists()
    room.refused(422, "dispatcher", number, "choose_limit", condition="P1")
