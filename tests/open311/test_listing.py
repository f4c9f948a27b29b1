"""Reading service requests: which ones, in which order, how many, at what cost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from dispatch import hearsay
from dispatch.models import Assignment
from events import timeline
from events.models import Event, Log, TimelineEntry
from integrations.models import ServiceRequest
from integrations.open311 import query
from tests.api.test_budgets import clone
from tests.open311.app import App, texts
from tests.room import current

pytestmark = pytest.mark.django_db
FIELDS = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]


def post(app, **fields):
    """The id of a new request; each has words of its own."""
    fields.setdefault("description", f"第{Event.objects.count() + 1}处小广告")
    return app.post(fields)["service_request_id"]


def ids(app, form="json", **params):
    """The ids of the requests that a query finds."""
    return [one["service_request_id"] for one in app.get("requests", form, **params)]


def many(app, count):
    """As many requests as `count`, a minute apart, made of a first one; their ids, newest first.

    Entries and departments are there too, so that they could cost something.
    """
    first = Event.objects.get(number=post(app))
    request, entry = first.open311, first.timeline.first()
    parts = list(first.assignments.all())
    rows = Event.objects.bulk_create(
        clone(
            first,
            number=f"YX-{index}",
            tracking_code=f"T{index}",
            external_id=f"x{index}",
            last_seq=1,
            registered_at=first.registered_at - timedelta(minutes=index),
        )
        for index in range(1, count)
    )
    ServiceRequest.objects.bulk_create(clone(request, event_id=row.pk) for row in rows)
    Assignment.objects.bulk_create(clone(part, event_id=row.pk) for row in rows for part in parts)
    top = TimelineEntry.objects.order_by("-offset").first().offset
    TimelineEntry.objects.bulk_create(
        clone(entry, event_id=row.pk, seq=1, offset=top + index)
        for index, row in enumerate(rows, 1)
    )
    Log.objects.update(top=top + count)
    return [first.number, *(row.number for row in rows)]


def test_a_request_has_every_field_in_both_formats(app):
    number = post(app, description="电线杆上贴满小广告", address_string="小北路202号")
    (found,) = app.get("requests")
    assert list(found) == FIELDS
    requested = parse_datetime(found["requested_datetime"])
    assert requested.utcoffset() == timedelta(hours=8)
    assert found == {
        "service_request_id": number,
        "status": "open",
        "status_notes": None,
        "service_name": "非法小广告",
        "service_code": "event.0201",
        "description": "电线杆上贴满小广告",
        "agency_responsible": "洪桥街道综合行政执法办公室",
        "service_notice": "1 个工作日内清除。",
        "requested_datetime": found["requested_datetime"],
        "updated_datetime": found["requested_datetime"],
        "expected_datetime": found["expected_datetime"],
        "address": "小北路, 北园社区, 洪桥街道, 越秀区",
        "address_id": None,
        "zipcode": None,
        "lat": 23.139514,
        "long": 113.265558,
        "media_url": None,
    }
    assert parse_datetime(found["expected_datetime"]) > requested
    assert app.get("requests", "xml") == texts([found])
    assert app.get(f"requests/{number}") == [found]
    assert app.get(f"requests/{number}", "xml") == texts([found])


def test_without_any_the_list_is_empty_and_not_nothing(app):
    assert app.get("requests") == app.get("requests", "xml") == []


@pytest.mark.parametrize("number", ["YX20200101-000001", "nothing", "%00", "x" * 200, "a b"])
def test_an_unknown_request_is_not_found(app, number):
    status, (error,) = app.ask(f"requests/{number}")
    assert (status, error["description"]) == (404, "没有这个 service_request_id。")
    assert ids(app, service_request_id=number) == []


def test_the_newest_comes_first(app, moment):
    numbers = []
    for _index in range(3):
        numbers.insert(0, post(app))
        moment.move(minutes=1)
    assert ids(app) == ids(app, "xml") == numbers


def test_only_the_last_ninety_days_are_shown_unless_asked_otherwise(app, moment):
    start = moment.now()
    old = post(app)
    moment.move(days=89, hours=23)
    assert ids(app) == [old]
    moment.move(hours=2)
    new = post(app)
    assert ids(app) == [new]
    assert ids(app, start_date=w3c(start - timedelta(days=1))) == [old]
    assert ids(app, end_date=w3c(start + timedelta(days=1))) == [old]
    assert ids(app, end_date=w3c(moment.now())) == [new]


def test_a_range_holds_both_its_ends_and_no_more(app, moment):
    number = post(app)
    at = Event.objects.get().registered_at
    second = timedelta(seconds=1)
    assert ids(app, start_date=w3c(at - second), end_date=w3c(at + second)) == [number]
    assert ids(app, start_date=w3c(at + second)) == []
    assert ids(app, end_date=w3c(at - second)) == []
    day = at.astimezone(UTC).date().isoformat()
    for offset in ("Z", "+08:00", " 08:00"):
        assert ids(app, start_date=f"{day}T00:00:00{offset}") == [number]


def w3c(at):
    """A time as the standard writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"start_date": "yesterday"}, "start_date 应为 W3C 时间"),
        ({"start_date": "2026-01-01T00:00:00"}, "并带时区"),
        ({"end_date": "2026-13-01"}, "end_date 应为 W3C 时间"),
        ({"end_date": "20260101"}, "end_date 应为 W3C 时间"),
        ({"start_date": "0001-01-01T00:00:00+08:00"}, "start_date 应为 W3C 时间"),
        ({"end_date": "0001-01-01T00:00:00Z"}, "日期超出范围"),
        ({"start_date": "9999-12-31T00:00:00Z"}, "日期超出范围"),
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "end_date 早于 start_date。"),
        ({"start_date": "2026-01-01", "end_date": "2026-04-02"}, "不能超过 90 天"),
        ({"status": "lost"}, "status 应为 open 或 closed。"),
        ({"page": "0"}, "page 应为正整数。"),
        ({"page": "1000000"}, "page 应为正整数。"),
        ({"page_size": "-1"}, "page_size 应为正整数。"),
        ({"page_size": "ten"}, "page_size 应为正整数。"),
        ({"service_request_id": ",".join(map(str, range(1001)))}, "一次最多 1000 个"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(app, params, said):
    status, (error,) = app.ask("requests", **params)
    assert status == 400
    assert said in error["description"]


def test_ninety_days_exactly_are_not_too_many(app):
    assert ids(app, start_date="2026-01-01", end_date="2026-04-01") == []
    assert ids(app, start_date="2026", end_date="2026-02") == []


def test_several_faults_are_told_at_once(app):
    status, errors = app.ask("requests", "xml", status="x", page="x", start_date="x")
    assert (status, len(errors)) == (400, 3)


def test_an_empty_parameter_is_as_good_as_none(app):
    number = post(app)
    empty = dict.fromkeys(
        ("service_request_id", "service_code", "start_date", "end_date", "status", "page"), ""
    )
    assert ids(app, **empty) == [number]


def test_services_are_named_once_or_several_times_or_with_commas(app):
    noise = post(app, service_code="event.0128")
    stall = post(app, service_code="event.0401")
    poster = post(app)
    assert ids(app, service_code="event.0128") == [noise]
    assert ids(app, service_code="event.0128, event.0401") == [stall, noise]
    assert ids(app, service_code=["event.0201", "event.0128"]) == [poster, noise]
    for unknown in ("nothing", "\x00", "' OR 1=1"):
        assert ids(app, service_code=unknown) == []


def test_ids_override_everything_else_and_keep_their_order(app, moment):
    first, second, third = post(app), post(app), post(app)
    moment.move(days=200)
    others = {"status": "closed", "start_date": "2020-01-01", "service_code": "none", "page": "9"}
    asked = f"{third}, {first},nothing,{third}"
    assert ids(app, service_request_id=asked, **others) == [third, first]
    assert ids(app, service_request_id=[second, first]) == [second, first]
    assert ids(app, service_request_id=first, status="lost") == [first]


def test_open_and_closed_are_told_apart(app, room):
    open_, handled, closed, cancelled = (post(app) for _index in range(4))
    for number in (handled, closed):
        room.do("cityops.hongqiao", number, "claim")
        room.do("cityops.hongqiao", number, "complete", text="已清除")
    room.do("supervisor", closed, "close")
    room.do("dispatcher", cancelled, "cancel", reason="不属实，王某多次举报")
    assert ids(app, status="open") == [handled, open_]
    assert ids(app, status="closed") == [cancelled, closed]
    assert ids(app, status="open,closed") == ids(app) == [cancelled, closed, handled, open_]
    assert ids(app, status=["Open", "CLOSED"]) == ids(app)
    found = {one["service_request_id"]: one for one in app.get("requests")}
    assert {number: one["status"] for number, one in found.items()} == {
        open_: "open",
        handled: "open",
        closed: "closed",
        cancelled: "closed",
    }
    assert found[cancelled]["status_notes"] == "未予受理。"


def test_a_closed_request_says_when_it_was_closed_an_open_one_when_it_last_moved(app, room, moment):
    number = post(app)
    moment.move(minutes=5)
    room.do("cityops.hongqiao", number, "claim")
    (claimed,) = app.get(f"requests/{number}")
    moment.move(minutes=5)
    room.do("cityops.hongqiao", number, "complete", text="已清除")
    room.do("supervisor", number, "close")
    moment.move(days=1)
    with timeline.change() as change:
        hearsay.updated(change, number, timeline.SYSTEM, "结案之后的话")
    (closed,) = app.get(f"requests/{number}")
    times = [closed["requested_datetime"], claimed["updated_datetime"], closed["updated_datetime"]]
    assert times == sorted(set(times))
    event = Event.objects.get()
    assert datetime.fromisoformat(times[2]) == event.closed_at.replace(microsecond=0)


def test_pages_go_through_all_without_a_gap(app):
    numbers = many(app, 25)
    paged = [ids(app, page=page, page_size=10) for page in (1, 2, 3, 4)]
    assert [len(page) for page in paged] == [10, 10, 5, 0]
    assert sum(paged, []) == numbers == ids(app)


def test_no_more_than_a_thousand_come_at_once(app, monkeypatch):
    assert query.MOST == 1000
    # The same with ten, for a thousand rows take their time to make.
    monkeypatch.setattr(query, "MOST", 10)
    numbers = many(app, 13)
    assert ids(app) == ids(app, "xml", page_size=5000) == numbers[:10]
    assert ids(app, page=2) == numbers[10:]
    assert app.ask("requests", service_request_id=",".join(numbers))[0] == 400


def test_a_hundred_requests_cost_no_more_queries_than_one(app, room):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            found = app.get("requests")
        return len(queries), len(found)

    numbers = [post(app) for _index in range(3)]
    cost()
    few, _rows = cost()
    many(app, 97)
    for number in numbers[:2]:
        room.do("cityops.hongqiao", number, "claim")
        room.do("cityops.hongqiao", number, "post", text="已派人", public=True)
    main, merged = numbers[1:]
    room.do("dispatcher", merged, "merge", into=main)
    many_, rows = cost()
    assert rows == 100
    # Main events are fetched beside their parts, once for all.
    assert few <= many_ <= few + 3 <= 10


def test_a_merged_request_goes_the_way_of_its_main_event(app, room):
    main = room.report("grid.beiyuan", category="event.0201", text="内部描述")["number"]
    number = post(app)
    room.do("dispatcher", number, "merge", into=main)
    (merged,) = app.get(f"requests/{number}")
    assert merged["status"] == "open"
    assert merged["status_notes"] == "已与同一地点的另一个请求合并处理。"
    assert merged["agency_responsible"] == "洪桥街道综合行政执法办公室"
    assert ids(app, status="open") == [number]
    room.do("cityops.hongqiao", main, "claim")
    room.do("cityops.hongqiao", main, "post", text="工人已到现场", public=True)
    room.do("cityops.hongqiao", main, "complete", text="已清除")
    room.do("supervisor", main, "close")
    (merged,) = app.get(f"requests/{number}")
    assert (merged["status"], merged["status_notes"]) == ("closed", "工人已到现场")
    assert "内部描述" not in str(merged)
    assert ids(app, status="closed") == [number]
    assert ids(app, status="open") == []
    assert len(current(room.event(main))) > 0


def test_any_app_reads_what_another_has_posted_and_nobody_needs_a_key(app):
    number = post(app)
    assert ids(App(None)) == ids(App("wrong-key-1"), api_key="wrong-key-1") == [number]


def test_head_is_answered_like_get_without_a_body(app):
    answer = app.client.head("/open311/v2/requests.json")
    assert (answer.status_code, answer.content) == (200, b"")
