"""The auditor finds what floats, whoever made it float, and says so where people look."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch import audit, clock
from dispatch.models import Assignment, Audit, Deadline, Heartbeat, LimitRule
from events.models import Event
from tests.actions.cases import later
from tests.clock.crowd import crowd

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(room, stopped):
    """An event in order, under a clock that runs."""
    clock.tick()
    return room.claimed()["number"]


def findings():
    """{finding: count} of a look now."""
    return {name: found["count"] for name, found in audit.audit().findings.items()}


def test_all_is_well(number):
    assert findings() == {}
    assert Audit.objects.get().ok


def test_an_event_on_hold_or_at_an_end_needs_no_running_clock(room, number, stopped):
    room.do("supervisor", number, "hold", reason="停工", until=later(days=3))
    room.closed()
    room.do("dispatcher", room.report()["number"], "cancel", reason="误")
    stopped.move(days=1)
    clock.tick()
    clock.tick()
    assert findings() == {}


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (lambda: Deadline.every.all().delete(), "untimed"),
        (lambda: Deadline.every.update(state="superseded"), "untimed"),
        (lambda: Assignment.objects.update(current=False), "leaderless"),
        (lambda: Assignment.objects.filter(role="lead").update(role="support"), "leaderless"),
        (lambda: Heartbeat.objects.all().delete(), "clock"),
    ],
)
def test_what_floats_is_found(harm, name, room, number):
    assert findings() == {}
    harm()
    numbers = [] if name == "clock" else [number]
    assert audit.audit().findings == {name: {"count": 1, "numbers": numbers}}


def test_a_hold_that_lost_its_mark_is_found(room, number):
    room.do("supervisor", number, "hold", reason="停工", until=later(days=3))
    Event.objects.update(on_hold=False)
    assert findings() == {"untimed": 1}


def test_a_class_without_limits_is_found_too(room, number):
    LimitRule.objects.all().delete()
    other = room.report()["number"]
    assert audit.audit().findings["untimed"]["numbers"] == [other]


def test_a_clock_that_stands_still_is_found_and_what_waits_for_it(room, number, stopped):
    held = room.claimed()["number"]
    room.do("supervisor", held, "hold", reason="停工", until=later(minutes=5))
    stopped.move(seconds=29)
    assert findings() == {}
    stopped.move(seconds=1)
    assert findings() == {"clock": 1}
    stopped.move(minutes=10, seconds=29)
    assert findings() == {"clock": 1, "overheld": 1}
    stopped.move(minutes=1)
    assert findings() == {"clock": 1, "late": 1, "overheld": 1}
    clock.tick()
    assert findings() == {}


def test_a_row_goes_on_while_the_same_is_wrong(number, stopped):
    audit.audit()
    stopped.move(seconds=31)
    begun = stopped.now()
    audit.audit()
    stopped.move(seconds=15)
    audit.audit()
    clock.tick()
    audit.audit()
    rows = list(Audit.objects.order_by("pk").values_list("ok", "since", "at"))
    assert [ok for ok, _since, _at in rows] == [True, False, True]
    assert rows[1][1:] == (begun, stopped.now())
    stopped.move(days=91)
    clock.tick()
    audit.audit()
    Heartbeat.objects.all().delete()
    audit.audit()
    assert Audit.objects.count() == 2


def test_a_look_costs_as_many_queries_for_many_events_as_for_one(number):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            audit.audit()
        return len(queries)

    cost()
    few = cost()
    crowd(number, 100)
    assert cost() == few <= 10
    Assignment.objects.filter(event__number__startswith=f"{number}-").update(current=False)
    found = audit.audit().findings["leaderless"]
    assert (found["count"], len(found["numbers"])) == (100, audit.NAMED)


# Where it is shown


@pytest.fixture
def ready(client, monkeypatch):
    """(status, JSON) of the health page."""
    monkeypatch.setattr("config.health.layer_answers", lambda: True)

    def ask():
        answer = client.get("/readyz")
        return answer.status_code, answer.json()

    return ask


def test_the_health_page_says_what_was_found_without_naming_events(number, ready, stopped):
    audit.audit()
    status, shape = ready()
    assert (status, shape["audit"]["ok"], shape["audit"]["findings"]) == (200, True, {})
    Assignment.objects.update(current=False)
    audit.audit()
    status, shape = ready()
    # Other processes would find the same: it is no reason to send people elsewhere.
    assert (status, shape["audit"]["ok"]) == (200, False)
    assert shape["audit"]["findings"] == {"leaderless": 1}
    assert number not in json.dumps(shape)


def test_an_auditor_that_stands_still_shows(number, ready, stopped):
    status, shape = ready()
    assert (status, shape["audit"]["stale"], shape["audit"]["checked_at"]) == (200, True, None)
    audit.audit()
    assert not ready()[1]["audit"]["stale"]
    stopped.move(seconds=61)
    clock.tick()
    shape = ready()[1]["audit"]
    assert (shape["stale"], shape["ok"]) == (True, False)


def test_a_late_clock_makes_the_process_unfit(room, number, ready, stopped):
    stopped.move(minutes=11)
    clock.beat()
    assert ready()[0] == 503
    clock.tick()
    assert ready()[0] == 200


def test_the_wall_is_told(room, number):
    Assignment.objects.update(current=False)
    audit.audit()
    shape = room.get("supervisor", "stats/today/")["audit"]
    assert shape["findings"] == {"leaderless": 1}


def test_three_people_and_what_was_found(room, number, client, user):
    Deadline.every.all().delete()

    def page(who):
        client.force_login(user(who))
        return client.get("/audit/")

    for who in ("supervisor", "supervisor.hongqiao", "dispatcher", "auditor"):
        text = page(who).content.decode()
        assert "没有时限" in text
        assert number in text, who
    # Of another street: that something is wrong, not with which event.
    text = page("supervisor.beijing").content.decode()
    assert "没有时限" in text
    assert number not in text
    # An administrator has no rights on events.
    assert number not in page("admin").content.decode()
    for who in ("duty.hongqiao", "grid.beiyuan"):
        assert page(who).status_code == 403
    client.logout()
    assert client.get("/audit/").status_code == 302


def test_the_page_says_when_all_is_well(number, client, user):
    client.force_login(user("supervisor"))
    audit.audit()
    text = client.get("/audit/").content.decode()
    assert "一切正常" in text
    assert "审计运行" in text


def test_the_command_looks_once_and_its_status_says_whether_all_is_well(number):
    out = StringIO()
    call_command("audit", "--once", stdout=out)
    assert json.loads(out.getvalue()) == {}
    Assignment.objects.update(current=False)
    out = StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("audit", "--once", stdout=out)
    assert status.value.code == 1
    assert json.loads(out.getvalue()) == {"leaderless": 1}
