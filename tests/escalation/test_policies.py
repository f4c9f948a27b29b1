"""Policies are data: which one counts, what it copies into a deadline, and how it is imported."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from dispatch import clock
from dispatch.models import Deadline, Department, EscalationPolicy, PolicyStep
from tests.escalation.policies import policy, told
from tests.room import COMMAND

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare():
    """No policy at all."""
    EscalationPolicy.objects.all().delete()


def plan(number, stage="handle"):
    """[(percent, notify)] of the copy that a running deadline keeps."""
    row = Deadline.objects.get(event__number=number, stage=stage, state="live")
    return [(step["percent"], step["notify"]) for step in row.steps]


def test_the_nearest_class_counts_then_the_priority_then_the_order(room, bare):
    policy("所有", "handle", ("10%", "group"))
    policy("事件", "handle", ("20%", "group"), category="event.all")
    policy("街面", "handle", ("30%", "group"), category="event.04", order=20)
    policy("街面特急", "handle", ("40%", "group"), category="event.04", priority="P1", order=30)
    policy("街面又一", "handle", ("50%", "group"), category="event.04", order=10)
    policy("市容", "handle", ("35%", "group"), category="event.01")
    policy("事件特急", "handle", ("45%", "group"), category="event.all", priority="P1")
    policy("停用", "handle", ("60%", "group"), category="event.0406", active=False)
    policy("响应", "respond", ("70%", "group"))

    def chosen(**fields):
        return plan(room.report(**fields)["number"])

    assert chosen(category="event.0406", priority="P1") == [(40, "group")]
    assert chosen(category="event.0406", priority="P2") == [(50, "group")]
    assert chosen(category="event.0101", priority="P1") == [(35, "group")]
    assert chosen(category="event.0201", priority="P1") == [(45, "group")]
    assert chosen(category="event.0201", priority="P2") == [(20, "group")]
    assert chosen(category="emergency.fire") == [(10, "group")]


def test_a_policy_without_steps_tells_nobody(room, moment, bare):
    policy("所有", "handle", ("10%", "group"))
    policy("火警", "handle", category="emergency.fire")
    number = room.report(category="emergency.fire")["number"]
    moment.move(days=1)
    assert clock.tick() == 0
    assert told(room, number) == []


def test_a_change_of_a_policy_changes_nothing_that_runs(room, stopped, bare):
    made = policy("处置", "handle", ("50%", "group"), ("100%", "street"))
    number = room.report()["number"]
    made.steps.all().delete()
    PolicyStep.objects.create(policy=made, after="25%", notify="district")
    made.active = False
    made.save()
    stopped.move(minutes=9, seconds=59)
    assert clock.tick() == 0
    stopped.move(seconds=1)
    assert clock.tick() == 1
    made.delete()
    stopped.move(minutes=10)
    assert clock.tick() == 1
    assert told(room, number) == [
        ("reminded", "handle", 50, "group"),
        ("overdue", "handle", 100, "street"),
    ]


def test_what_begins_later_follows_the_policy_of_then(room, bare):
    made = policy("处置", "handle", ("50%", "group"))
    before = room.report()["number"]
    made.steps.update(after="75%")
    assert plan(before) == [(50, "group")]
    assert plan(room.report()["number"]) == [(75, "group")]
    room.do("dispatcher", before, "reclassify", category="emergency.fire")
    assert plan(before) == [(75, "group")]


def test_steps_by_minutes_and_by_a_named_department(room, stopped, bare):
    about = {"department_id": _pk(COMMAND), "channel": "sms"}
    policy(
        "响应",
        "respond",
        ("1m", "head"),
        ("100%+5m", "department", about),
        category="emergency.all",
    )
    number = room.report()["number"]
    stopped.move(minutes=1)
    assert clock.tick() == 1
    stopped.move(minutes=5, seconds=59)
    assert clock.tick() == 0
    stopped.move(seconds=1)
    assert clock.tick() == 1
    first, second = (e for e in room.entries(number) if e["kind"] in ("reminded", "overdue"))
    assert (first["data"]["percent"], first["data"]["notify"]) == (50, "head")
    assert second["data"] == {
        "stage": "respond",
        "stage_name": "响应",
        "percent": 100,
        "notify": "department",
        "notify_name": "区指挥中心",
        "named": COMMAND,
        "channel": "sms",
    }


def _pk(code):
    return Department.objects.get(code=code).pk


def test_an_escalated_event_tells_the_higher_level_too(room, stopped, bare):
    policy("响应", "respond", ("50%", "group"), ("100%", "street"), ("200%", "district"))
    number = room.report(priority="P1")["number"]
    room.do("supervisor", number, "escalate")
    stopped.move(minutes=1)
    clock.tick()
    room.do("supervisor", number, "escalate")
    stopped.move(minutes=3)
    clock.tick()
    steps = [e["data"] for e in room.entries(number) if e["data"].get("stage") == "respond"]
    assert [(data["notify"], data.get("also")) for data in steps] == [
        ("group", ["street"]),
        ("street", ["district"]),
        ("district", None),
    ]


@pytest.mark.parametrize(
    ("after", "good"),
    [
        ("50%", True),
        ("0%", True),
        ("30m", True),
        ("100%+30m", True),
        ("100%-240m", True),
        ("warn", True),
        ("warn-10m", True),
        ("", False),
        ("50", False),
        ("50%30", False),
        ("-5%", False),
        ("half", False),
        ("50%warn", False),
        ("99999%", False),
    ],
)
def test_when_a_step_is_due_is_said_in_one_way(after, good, bare):
    def make():
        policy("处置", "handle", (after, "group"))

    if good:
        make()
    else:
        with pytest.raises(ValidationError):
            make()


@pytest.mark.parametrize(
    "fields",
    [
        {"notify": "department"},
        {"repeat_minutes": 5},
        {"repeat_times": 5},
        {"repeat_minutes": 1, "repeat_times": 21},
        {"effect": "expire"},
    ],
)
def test_a_senseless_step_is_refused(fields, bare):
    made = policy("处置", "handle")
    with pytest.raises(ValidationError):
        PolicyStep(**{"policy": made, "after": "50%", "notify": "group", **fields}).full_clean()


# Import

HEAD = "policy,stage,category,priority,after,notify,department,channel,repeat_minutes,repeat_times"


@pytest.fixture
def load(tmp_path):
    """Import lines; returns what the command says."""

    def run(*lines):
        path = tmp_path / "escalation.csv"
        path.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
        call_command("import_escalation", str(path), verbosity=0)

    return run


def test_an_import_replaces_the_steps_of_the_policies_it_names_and_no_others(load, bare):
    kept = policy("别的", "handle", ("50%", "group"))
    about = "甲,handle,event.all,P1"
    load(f"{about},50%,group,,,,", f"{about},100%,department,{COMMAND},,,")
    load(f"{about},100%,head,,sms,10,3")
    made = EscalationPolicy.objects.get(name="甲")
    assert (made.category.qualified, made.priority) == ("event.all", "P1")
    assert list(made.steps.values_list("after", "notify", "channel", "repeat_times")) == [
        ("100%", "head", "sms", 3)
    ]
    assert kept.steps.count() == 1
    assert made.history.exists()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("甲,nap,,,50%,group,,,,", "nap"),
        ("甲,handle,no.such,,50%,group,,,,", "no.such"),
        ("甲,handle,,P9,50%,group,,,,", "P9"),
        ("甲,handle,,,half,group,,,,", "时限的百分比"),
        ("甲,handle,,,50%,mayor,,,,", "mayor"),
        ("甲,handle,,,50%,department,no-such,,,", "no-such"),
        ("甲,handle,,,50%,department,,,,", "指定部门"),
        ("甲,handle,,,50%,group,,,x,", "repeat_minutes"),
        ("甲,handle,,,50%,group,,,5,", "重复"),
        (",handle,,,50%,group,,,,", "名称"),
        ("乙,respond,,,50%,group,,,,", "不同"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(line, word, load, bare):
    with pytest.raises(CommandError) as error:
        load("乙,handle,,,50%,group,,,,", line)
    assert "第 3 行" in str(error.value)
    assert word in str(error.value)
    assert not EscalationPolicy.objects.exists()
