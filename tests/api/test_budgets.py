"""How many queries a request costs, and that more rows cost no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.actions.table import ACTIONS
from dispatch.models import Assignment, Department
from events.models import Event
from tests.actions.cases import situation
from tests.factories import AttachmentFactory, DepartmentFactory
from tests.room import sample

pytestmark = pytest.mark.django_db
# Reading as those who see much and those who see little.
READERS = ("supervisor", "duty.hongqiao")


@pytest.fixture
def cost(room):
    """The number of queries of a GET, the first of its kind being for the caches."""

    def count(who, path, **params):
        room.get(who, path, **params)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            room.get(who, path, **params)
        return len(queries)

    return count


def grow(room, number, user):
    """Give an event ten more assignments, attachments and entries."""
    event = Event.objects.get(number=number)
    for office in DepartmentFactory.create_batch(10):
        Assignment.objects.create(
            event=event, department=office, role="support", dispatched_at=event.registered_at
        )
    AttachmentFactory.create_batch(10, event=event, uploader=user("grid.beiyuan"))
    for index in range(10):
        room.do("grid.beiyuan", number, "post", text=f"第{index}条")


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize(
    ("path", "params", "budget"),
    [
        ("events/", {"limit": 100}, 10),
        ("events/", {"limit": 100, "state": "open", "q": "井盖", "order": "priority"}, 10),
        ("events/map/", {}, 10),
        ("desk/", {}, 12),
        ("stats/today/", {}, 25),
    ],
)
def test_a_list_costs_the_same_for_five_events_and_for_a_hundred(
    who, path, params, budget, room, user, cost
):
    events = [room.report() for _index in range(5)]
    few = cost(who, path, **params)
    first = Event.objects.get(number=events[0]["number"])
    parts = list(Assignment.objects.filter(event=first))
    rows = Event.objects.bulk_create(
        clone(first, number=f"YX-{index}", tracking_code=f"T{index}", client_id=None)
        for index in range(95)
    )
    Assignment.objects.bulk_create(clone(part, event=row) for row in rows for part in parts)
    for number in (events[1]["number"], events[2]["number"]):
        grow(room, number, user)
    many = cost(who, path, **params)
    answer = room.get(who, path, **params)
    assert len(answer.get("results") or answer.get("features") or answer["by_hour"]) in (100, 24)
    assert many == few <= budget


def clone(row, **changes):
    """A copy of a row, unsaved."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields["id"]
    for name, value in changes.items():
        fields.pop(f"{name}_id", None)
        fields[name] = value
    return type(row)(**fields)


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("path", ["", "timeline/", "actions/", "routing/"])
def test_one_event_costs_the_same_with_little_and_with_much_in_it(path, who, room, user, cost):
    number = room.claimed()["number"]
    few = cost(who, f"events/{number}/{path}")
    grow(room, number, user)
    assert cost(who, f"events/{number}/{path}") == few
    if path != "actions/":
        assert few <= 10


def test_the_log_costs_the_same_for_few_entries_and_for_many(room, user, cost):
    numbers = [room.report()["number"] for _index in range(2)]
    few = cost("supervisor", "log/", after=0)
    for number in numbers:
        grow(room, number, user)
    assert cost("supervisor", "log/", after=0) == few <= 10


@pytest.mark.parametrize("headers", [{}, {"HTTP_IDEMPOTENCY_KEY": "k"}])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"category": "event.0406", "address": "小北路202号"},
        {"location": {"lon": 114.5, "lat": 21.5}},
    ],
)
def test_a_report_costs_at_most_25_queries(fields, headers, room, user):
    room.report(address="小北路202号")
    files = AttachmentFactory.create_batch(10, uploader=user("grid.beiyuan"))
    body = sample(**fields, attachments=[str(file.pk) for file in files])
    with CaptureQueriesContext(connection) as queries:
        answer = room.send("grid.beiyuan", "reports/", body, **headers)
    assert answer.status_code == 201
    assert len(queries) <= 25, [query["sql"][:90] for query in queries]


@pytest.mark.parametrize("headers", [{}, {"HTTP_IDEMPOTENCY_KEY": "k"}])
@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_costs_at_most_20_queries_however_much_there_is(action, headers, room, user):
    costs = []
    for much in (False, True):
        case = situation(action, room, user)
        room.client(case.who)
        if much:
            for number in (case.number, *case.others):
                supports(number)
        path = f"events/{case.number}/{action}/"
        key = {name: f"{value}{much}" for name, value in headers.items()}
        with CaptureQueriesContext(connection) as queries:
            answer = room.send(case.who, path, case.body, **key)
        assert answer.status_code == 200, answer.content.decode()
        costs.append(len(queries))
    assert max(costs) <= 20 + 5 * bool(headers), [query["sql"][:90] for query in queries]
    # One batch more where others leave too, whatever their number.
    assert costs[1] - costs[0] <= 1


def supports(number):
    """Ten supports and ten attachments more."""
    event = Event.objects.get(number=number)
    Assignment.objects.bulk_create(
        Assignment(
            event=event,
            department=office,
            role="support",
            dispatched_at=event.registered_at,
        )
        for office in Department.objects.filter(code__startswith="440104003")[:10]
    ) if event.state != "merged" else None
    AttachmentFactory.create_batch(10, event=event, uploader=event.reporter)
