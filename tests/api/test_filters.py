"""Every filter filters what it says: the same answer as a plain loop over all events."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.models import Assignment, Deadline
from events.models import OPEN_STATES, Category, Event
from tests.room import POLICE, RENSHENG

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
SANYANJING = {"lon": 113.262439, "lat": 23.137265, "crs": "WGS84"}


@pytest.fixture
def district(room, moment):
    """Events of several classes, places, people, times and stages; returns who looks at them."""
    kinds = ("emergency.fire", "event.0406", "emergency.lost-person", None)
    places = (None, {**RENSHENG, "crs": "WGS84"}, SANYANJING)
    for index in range(24):
        fields = {"category": kinds[index % 4], "location": places[index % 3]}
        fields = {name: value for name, value in fields.items() if value}
        who = ("grid.beiyuan", "dispatcher", "duty.hongqiao")[index % 5 % 3]
        number = room.report(who, text=f"第{index}件 %_\\井盖", **fields)["number"]
        if index % 3 == 0 and room.act("duty.hongqiao", number, "claim").status_code == 200:
            room.act("duty.hongqiao", number, "complete" if index % 2 else "return", reason="退")
        if index % 7 == 0:
            room.do("dispatcher", number, "transfer", department=POLICE, reason="转")
        moment.move(minutes=7)
    room.do("dispatcher", Event.objects.order_by("pk")[1].number, "cancel", reason="误")
    return "supervisor"


def found(room, who, **params):
    """The numbers that a list gives, over all its pages."""
    page = room.get(who, "events/", **params, limit=7)
    numbers = [event["number"] for event in page["results"]]
    while page["next"]:
        page = room.get(who, "events/", **params, limit=7, cursor=page["next"])
        numbers += [event["number"] for event in page["results"]]
    assert len(numbers) == len(set(numbers))
    features = room.get(who, "events/map/", **params)["features"]
    placed = {e.number for e in Event.objects.filter(number__in=numbers) if e.lon is not None}
    assert {feature["id"] for feature in features} == placed
    return set(numbers)


def departments(event):
    return set(event.assignments.filter(current=True).values_list("department__code", flat=True))


def late(event, now):
    return any(d.state == "live" and d.due_at < now for d in event.deadlines.all())


ORACLES = {
    "state=open": lambda e, now: e.state in OPEN_STATES,
    "state=registered,cancelled": lambda e, now: e.state in ("registered", "cancelled"),
    "state=handled": lambda e, now: e.state == "handled",
    "category=emergency.all": lambda e, now: e.category.scheme == "emergency",
    "category=emergency.security": lambda e, now: e.category.code == "lost-person",
    "category=event.0406": lambda e, now: e.category.qualified == "event.0406",
    "category=event.04": lambda e, now: e.category.qualified == "event.0406",
    "category=event.040": lambda e, now: False,
    "priority=P1": lambda e, now: e.priority == "P1",
    "priority=P1,P2": lambda e, now: e.priority in ("P1", "P2"),
    "area=440104": lambda e, now: True,
    "area=440104001": lambda e, now: e.street.code == "440104001",
    "area=440104001112": lambda e, now: e.community.code == "440104001112",
    "area=44010400": lambda e, now: False,
    f"department={POLICE}": lambda e, now: POLICE in departments(e),
    "department=440104-command": lambda e, now: "440104-command" in departments(e),
    "source=grid": lambda e, now: e.source == "grid",
    "source=desk": lambda e, now: e.source == "desk",
    "overdue=1": late,
    "overdue=false": lambda e, now: not late(e, now),
    "q=井盖": lambda e, now: True,
    "q=%_": lambda e, now: True,
    "q=第1": lambda e, now: "第1" in e.text,
    "q=火灾": lambda e, now: "火灾" in e.title,
    "q=%25": lambda e, now: False,
    "bbox=113.2654,23.13,113.27,23.14": lambda e, now: (
        113.2654 <= e.lon <= 113.27 and 23.13 <= e.lat <= 23.14
    ),
    "mine=1": lambda e, now: False,
    "mine=0": lambda e, now: True,
    "state=open&category=emergency.all&area=440104001": lambda e, now: (
        e.state in OPEN_STATES and e.category.scheme == "emergency" and e.street.code == "440104001"
    ),
}


def test_every_filter_gives_what_a_loop_over_all_events_gives(district, room, moment):
    events = list(Event.objects.select_related("category", "street", "community"))
    empty = set()
    for query, oracle in ORACLES.items():
        params = dict(pair.split("=") for pair in query.split("&"))
        wanted = {e.number for e in events if oracle(e, moment.now())}
        assert found(room, district, **params) == wanted, query
        if not wanted:
            empty.add(query)
    assert len(empty) <= 5


def test_mine_is_what_i_reported_or_claimed(district, room, user):
    who = user("duty.hongqiao")
    claimed = Assignment.objects.filter(claimed_by=who, current=True).values("event")
    wanted = Event.objects.filter(reporter=who) | Event.objects.filter(pk__in=claimed)
    seen = found(room, "duty.hongqiao")
    mine = {event.number for event in wanted}
    assert found(room, "duty.hongqiao", mine="1") == mine
    assert found(room, "duty.hongqiao", mine="0") == seen - mine
    assert seen > mine > set()


def register_at(room, *texts):
    """Events registered at those district times; {text: number}."""
    numbers = {}
    for text in texts:
        number = numbers[text] = room.report()["number"]
        at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        Event.objects.filter(number=number).update(registered_at=at)
    return numbers


def test_until_a_day_includes_that_whole_day_in_district_time(room):
    numbers = register_at(
        room,
        "2026-11-20T23:59:59",
        "2026-11-21T00:00:00",
        "2026-11-21T07:59:00",
        "2026-11-21T23:59:59",
        "2026-11-22T00:00:00",
    )
    before, first, morning, last, after = numbers.values()
    assert found(room, "supervisor", until="2026-11-21") == {before, first, morning, last}
    assert found(room, "supervisor", since="2026-11-21") == {first, morning, last, after}
    day = {"since": "2026-11-21", "until": "2026-11-21"}
    assert found(room, "supervisor", **day) == {first, morning, last}
    assert found(room, "supervisor", since="2026-11-23") == set()


@pytest.mark.parametrize(
    "eight",
    [
        "2026-11-21T08:00:00+08:00",
        "2026-11-21T00:00:00Z",
        "2026-11-20T19:00:00-05:00",
        "2026-11-21T08:00:00",
        "2026-11-21T08:00:00 08:00",
        "2026-11-21T08:00+08:00",
    ],
)
def test_a_moment_means_the_same_in_every_zone(eight, room):
    numbers = register_at(room, "2026-11-21T07:59:59", "2026-11-21T08:00:00")
    before, at = numbers.values()
    assert found(room, "supervisor", since=eight) == {at}
    assert found(room, "supervisor", until=eight) == {before}


def test_a_telephone_is_found_exactly_however_it_is_written(room, user):
    phones = {"13800138000": None, "13800138001": None, "02083001234": None}
    for phone in phones:
        number = phones[phone] = room.report()["number"]
        Event.objects.filter(number=number).update(reporter_phone=phone)
    for written in ("13800138000", "138 0013 8000", "138-0013-8000", "+86 138 0013 8000"):
        assert found(room, "supervisor", phone=written) == {phones["13800138000"]}, written
    assert found(room, "supervisor", phone="(020) 8300-1234") == {phones["02083001234"]}
    for part in ("1380013", "380013800", "0138001380000"):
        assert found(room, "supervisor", phone=part) == set()


def test_the_telephone_of_a_reporting_officer_is_found_too(room, user):
    officer = user("grid.beiyuan").officer
    number = room.report()["number"]
    room.report("dispatcher")
    assert found(room, "supervisor", phone=officer.phone) == {number}
    assert officer.phone not in str(room.event(number))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "open"),
        ("state", "opened"),
        ("state", "open,"),
        ("priority", "high"),
        ("area", "洪桥"),
        ("overdue", "maybe"),
        ("mine", "yes"),
        ("phone", "138"),
        ("bbox", "1,2,3"),
        ("bbox", "113.3,23.1,113.2,23.2"),
        ("bbox", "nan,nan,nan,nan"),
        ("bbox", "a,b,c,d"),
        ("bbox", "-inf,23,inf,24"),
        ("since", "yesterday"),
        ("since", "2026-02-30"),
        ("until", "9999-12-31"),
        ("until", "0001-01-01T00:00:00+14:00"),
        ("since", "2026-11-21T25:00:00"),
        ("q", "\x00"),
        ("state", "\x00"),
        ("category", "\x00"),
        ("department", "a\x00"),
        ("source", "\x00"),
        ("order", "name"),
        ("limit", "many"),
        ("limit", "0"),
        ("limit", "-1"),
        ("Category", "emergency.fire"),
    ],
)
def test_a_filter_that_is_unknown_or_impossible_is_refused_not_ignored(name, value, room):
    room.report()
    answer = room.ask("supervisor", "events/", **{name: value})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert name in answer.json()["errors"]


def test_what_a_filter_shows_is_never_more_than_one_may_see(district, room):
    allowed = found(room, "duty.hongqiao")
    for query in ORACLES:
        params = dict(pair.split("=") for pair in query.split("&"))
        assert found(room, "duty.hongqiao", **params) <= allowed


def test_orders(district, room):
    events = {e.number: e for e in Event.objects.all()}

    def ordered(order):
        rows = room.get(district, "events/", order=order, limit=100)["results"]
        return [events[row["number"]] for row in rows]

    newest = sorted(events.values(), key=lambda e: (e.registered_at, e.pk), reverse=True)
    assert ordered("-registered_at") == newest
    assert ordered("registered_at") == newest[::-1]
    urgent = sorted(events.values(), key=lambda e: (e.priority, e.registered_at, e.pk))
    assert ordered("priority") == urgent


def test_a_class_with_another_name_is_found_under_its_code(room):
    number = room.report(category="emergency.fire")["number"]
    Category.objects.filter(qualified="emergency.fire").update(name="起火")
    assert found(room, "supervisor", category="emergency.fire") == {number}
    assert room.event(number)["category"] == {"code": "emergency.fire", "name": "起火"}


def test_overdue_is_told_by_the_clock_of_the_product(room, moment):
    number = room.report()["number"]
    assert found(room, "supervisor", overdue="1") == set()
    Deadline.objects.filter(stage="respond").update(due_at=moment.now() + timedelta(minutes=1))
    moment.move(minutes=2)
    assert found(room, "supervisor", overdue="1") == {number}
