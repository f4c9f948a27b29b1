"""Pulling from other cities' GeoReport servers; ours, asked in process, is one of them."""

import json

import pytest

from events.models import Event
from integrations import pulls
from integrations.http import Answer, Unreachable
from integrations.models import ExternalId, InboundMessage, Mapping, PictureOrder, Source
from integrations.sources import kind_of
from tests.open311.test_listing import post

pytestmark = pytest.mark.django_db
URL = "https://311.example/open311/v2"


def request(number, minute=0, **changed):
    """A service request as another server lists it, updated so many minutes after eight."""
    return {
        "service_request_id": number,
        "status": "open",
        "status_notes": None,
        "service_name": "井盖",
        "service_code": "007",
        "description": f"{number} 号井盖缺失",
        "requested_datetime": "2026-11-20T08:00:00+08:00",
        "updated_datetime": f"2026-11-20T08:{minute:02}:00+08:00",
        "address": "越秀区小北路202号",
        "lat": 23.139514,
        "long": 113.265558,
        "media_url": None,
        **changed,
    }


class Server:
    """Another city's server: what it has, and what it was asked."""

    def __init__(self, *requests, paged=True):
        self.requests, self.paged, self.asked = list(requests), paged, []
        self.status = 200

    def fetch(self, url, **options):
        """As integrations.http.fetch."""
        address, _mark, query = url.partition("?")
        assert address == f"{URL}/requests.json"
        params = dict(pair.split("=") for pair in query.split("&"))
        self.asked.append(params)
        size, page = int(params["page_size"]), int(params["page"])
        found = self.requests[(page - 1) * size : page * size] if self.paged else self.requests
        return Answer(self.status, {"content-type": "application/json"}, json.dumps(found).encode())


@pytest.fixture
def source():
    """A source that pulls two requests a page."""
    source = Source.objects.create(
        code="nextcity",
        name="邻区 Open311",
        kind="georeport",
        pull_every_s=60,
        options={"url": f"{URL}/", "page_size": 2},
    )
    Mapping.objects.create(source=source, table="category", theirs="007", ours="component.0123")
    return source


@pytest.fixture
def pull(source, monkeypatch, moment):
    """Let the clock ask the server once."""

    def once(server):
        monkeypatch.setattr("integrations.http.fetch", server.fetch)
        moment.move(hours=1)
        source.refresh_from_db()
        pulls.ask(source)
        source.refresh_from_db()
        return source

    return once


def entries(number):
    """Kinds and texts of what was said about an event after it was registered."""
    event = ExternalId.objects.get(value=number).event
    told = event.timeline.filter(kind="updated").order_by("seq")
    return [entry.data["text"] for entry in told]


def test_their_requests_become_our_events(pull):
    pull(Server(request("a", media_url="https://311.example/a.jpg"), request("b")))
    event = ExternalId.objects.get(value="a").event
    assert (event.source, event.external_id) == ("nextcity", "a")
    assert event.category.qualified == "component.0123"
    assert (event.text, event.street.name) == ("a 号井盖缺失", "洪桥街道")
    assert event.occurred_at.isoformat() == "2026-11-20T00:00:00+00:00"
    assert PictureOrder.objects.get().url == "https://311.example/a.jpg"
    assert Event.objects.count() == 2


def test_an_unknown_service_is_an_unclassified_event_with_their_word_for_it(pull):
    pull(Server(request("a", service_code="999", service_name="怪事")))
    event = Event.objects.get()
    assert event.category.qualified == "emergency.unclassified"
    assert event.text.startswith("怪事")


def test_a_round_goes_through_all_pages_and_the_next_takes_only_news(pull):
    server = Server(*(request(str(number), number) for number in range(5)))
    source = pull(server)
    assert [asked["page"] for asked in server.asked] == ["1", "2", "3"]
    assert (Event.objects.count(), source.pull_error) == (5, "")
    assert source.pull_cursor == {"since": "2026-11-20T00:04:00Z"}
    server.asked.clear()
    pull(server)
    assert (Event.objects.count(), InboundMessage.objects.count()) == (5, 5)
    server.requests[1] = request("1", 30, status_notes="已派人")
    server.requests.append(request("new", 31))
    pull(server)
    assert (Event.objects.count(), InboundMessage.objects.count()) == (6, 7)
    assert entries("1")[-1] == "已派人"


def test_a_server_that_knows_no_pages_is_not_asked_for_ever(pull):
    server = Server(*(request(str(number), number) for number in range(3)), paged=False)
    pull(server)
    pull(server)
    assert Event.objects.count() == 3
    assert len(server.asked) <= 5


def test_a_server_whose_requests_carry_no_time_is_not_asked_for_ever(pull):
    server = Server(request("a", updated_datetime=None, requested_datetime=None))
    for _round in range(2):
        pull(server)
    assert (Event.objects.count(), InboundMessage.objects.count()) == (1, 1)
    assert len(server.asked) == 2


def test_what_ended_there_before_we_knew_it_sends_nobody(pull):
    server = Server(request("old", status="closed"), request("open"))
    pull(server)
    assert Event.objects.get().external_id == "open"
    server.requests[1] = request("open", 40, status="closed", status_notes="已修复")
    pull(server)
    assert entries("open") == ["对方已办结：已修复"]
    assert Event.objects.get().state == "registered"


def test_a_clock_that_runs_ahead_there_hides_nothing(pull):
    server = Server(request("a", updated_datetime="2099-01-01T00:00:00Z"))
    pull(server)
    server.requests.append(request("b", updated_datetime="2026-12-01T00:00:00Z"))
    source = pull(server)
    assert source.pull_cursor["since"] < "2027"


def test_a_server_that_can_is_asked_for_what_has_changed(pull, source):
    source.options = {**source.options, "updated_after": True, "jurisdiction_id": "next.city"}
    source.save()
    server = Server(request("a"))
    pull(server)
    pull(server)
    first, second = server.asked
    assert "updated_after" not in first
    assert second["updated_after"] == "2026-11-20T00%3A00%3A00Z"
    assert second["jurisdiction_id"] == "next.city"


@pytest.mark.parametrize("status", [403, 500])
def test_a_server_that_refuses_is_told_in_words_and_asked_again_later(pull, status):
    server = Server(request("a"))
    server.status = status
    source = pull(server)
    assert source.pull_error == f"对方答复 HTTP {status}。"
    assert source.pull_next_at
    server.status = 200
    assert pull(server).pull_error == ""
    assert Event.objects.count() == 1


def test_without_an_address_it_says_so(pull, source):
    source.options = {}
    source.save()
    assert pull(Server()).pull_error == "来源没有设置拉取地址（url）。"


def test_a_server_that_is_away_loses_nothing(pull):
    server = Server(*(request(str(number), number) for number in range(4)))

    class Flaky(Server):
        def fetch(self, url, **options):
            if len(self.asked) == 1:
                raise Unreachable("连接不上对方。")
            return super().fetch(url, **options)

    flaky = Flaky(*server.requests)
    assert pull(flaky).pull_error == "连接不上对方。"
    assert Event.objects.count() == 2
    pull(server)
    assert Event.objects.count() == 4


@pytest.mark.parametrize("form", ["json", "xml"])
def test_our_own_door_can_be_pulled_from(app, source, form):
    numbers = {post(app) for _index in range(3)}
    source.options = {"url": "http://testserver/open311/v2", "page_size": 2, "format": form}

    def fetch(url, **options):
        answer = app.client.get(url.removeprefix("http://testserver"))
        return Answer(answer.status_code, {"content-type": answer["Content-Type"]}, answer.content)

    cursor, seen = {}, []
    while True:
        deliveries, cursor = kind_of(source).pull(source, cursor, fetch)
        if not deliveries:
            break
        seen += [item for one in deliveries for item in kind_of(source).read(source, one)]
    reports = {item.report.external_id: item.report for item in seen}
    assert set(reports) == numbers
    assert all(report.category == "event.0201" for report in reports.values())
    assert {report.text for report in reports.values()} == {f"第{n}处小广告" for n in (1, 2, 3)}
