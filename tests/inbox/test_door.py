"""The door: what it takes, what it answers, and that nothing is an error of ours."""

import json

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from events.models import Event
from integrations import processing
from integrations.models import InboundMessage, InboundState, Source
from tests.inbox.wire import about, envelope, incident

pytestmark = pytest.mark.django_db


def problem(answer, status):
    """The problem document of an answer with that status."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    return answer.json()


def test_a_delivery_becomes_an_event_of_those_who_are_responsible(sender, room):
    answer = sender.post(envelope(incident(id="A-1", reporter_phone="13800138000")))
    assert answer.status_code == 202
    number = answer.json()["event"]
    event = room.event(number, "duty.hongqiao")
    assert (event["source"], event["external_id"]) == ("wire", "A-1")
    assert event["area"]["community"]["name"] == "北园社区"
    assert room.entries(number)[0]["kind"] == "registered"
    # Who may not: an office elsewhere. Who may in another capacity: the dispatcher.
    assert room.sees("dispatcher", number)
    assert not room.sees("cityops.hongqiao", number)


def test_the_same_delivery_again_has_the_same_receipt_and_event(sender):
    body = envelope(incident())
    first = sender.post(body, "msg_1")
    again = sender.post(body, "msg_1")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    assert Event.objects.filter(source="wire").count() == 1


def test_several_events_of_a_delivery_are_all_named(sender):
    answer = sender.send(incident(), incident(text="另一件"), about("Progress", "A-9", text="x"))
    assert len(answer["events"]) == 2
    assert answer["event"] == answer["events"][0]


@pytest.mark.parametrize("path", ["/feeds/nobody/", "/feeds/", "/feeds/a/b/c/", "/feeds/%00/"])
def test_who_is_no_source_has_no_door(sender, path):
    problem(sender.client.post(path, b"{}", content_type="application/json"), 404)


def test_a_source_that_was_switched_off_has_no_door(sender, source):
    Source.objects.filter(pk=source.pk).update(active=False)
    problem(sender.post(envelope(incident())), 404)


def test_only_posts_are_taken(sender):
    answer = sender.client.get("/feeds/wire/")
    problem(answer, 405)
    assert answer["Allow"] == "POST"


def test_the_slash_at_the_end_may_be_forgotten(sender):
    body = envelope(incident())
    answer = sender.client.post(
        "/feeds/wire", body, content_type="application/json", headers=sender.headers(body)
    )
    assert answer.status_code == 202


def test_too_much_is_not_kept(sender, source):
    Source.objects.filter(pk=source.pk).update(max_bytes=1000)
    body = envelope(incident(text="长" * 400))
    assert len(body) > 1000
    assert "1000" in problem(sender.post(body), 413)["detail"]
    # A sender that states less than it sends is cut at what it states; the signature tells.
    problem(sender.post(body, CONTENT_LENGTH="100"), 401)
    assert not InboundMessage.objects.exists()


def test_a_compressed_body_is_refused_with_words(sender):
    body = envelope(incident())
    headers = {**sender.headers(body), "content-encoding": "gzip"}
    assert "Content-Encoding" in problem(sender.post(body, headers=headers), 415)["detail"]


def test_too_many_a_minute_are_told_when_to_come_back(sender, source, moment):
    Source.objects.filter(pk=source.pk).update(per_minute=2)
    for _time in range(2):
        sender.send(incident())
    answer = sender.post(envelope(incident()))
    problem(answer, 429)
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert InboundMessage.objects.count() == 2
    moment.move(seconds=int(answer["Retry-After"]))
    sender.send(incident())


def test_those_who_cannot_sign_do_not_use_up_the_sources_rate(sender, source):
    Source.objects.filter(pk=source.pk).update(per_minute=1)
    for _time in range(5):
        problem(sender.client.post("/feeds/wire/", b"{}", content_type="text/plain"), 401)
    sender.send(incident())


def test_a_flood_of_refused_deliveries_is_not_written_down_one_by_one(sender, source, monkeypatch):
    monkeypatch.setattr("integrations.admission.NOTED_PER_MINUTE", 3)
    answers = [
        sender.client.post("/feeds/wire/", b"{}", content_type="text/plain").status_code
        for _time in range(5)
    ]
    assert answers == [401, 401, 401, 429, 429]
    assert Source.objects.get(pk=source.pk).refused == 3


def test_without_a_database_the_sender_is_told_to_come_again(sender, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("no room on the disk")

    monkeypatch.setattr(InboundMessage.objects, "create", fail)
    answer = sender.post(envelope(incident()))
    problem(answer, 503)
    assert answer["Retry-After"]


def test_what_was_kept_but_not_finished_has_a_receipt_and_is_finished_by_the_clock(
    sender, monkeypatch, clock
):
    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    body = envelope(incident())
    with monkeypatch.context() as patch:
        patch.setattr(processing, "_apply", fail)
        answer = sender.post(body, "msg_1")
    assert answer.status_code == 202
    assert list(answer.json()) == ["receipt"]
    assert InboundMessage.objects.get().state == InboundState.RECEIVED
    clock()
    assert sender.post(body, "msg_1").json()["event"] == Event.objects.get(source="wire").number


def test_a_large_delivery_is_begun_in_the_request_and_finished_by_the_clock(
    sender, monkeypatch, clock
):
    monkeypatch.setattr(processing, "SECONDS", 0)
    answer = sender.send(*[incident() for _number in range(4)])
    assert answer["event"] == Event.objects.get(source="wire").number
    assert "events" not in answer
    clock()
    assert Event.objects.filter(source="wire").count() == 4
    assert InboundMessage.objects.get().state == InboundState.DONE


def test_credentials_are_not_kept(sender):
    body = envelope(incident())
    headers = {
        **sender.headers(body),
        "authorization": "Bearer hush",
        "cookie": "sessionid=hush",
        "x-api-key": "hush",
        "x-request-id": "R-1",
    }
    assert sender.post(body, headers=headers).status_code == 202
    message = InboundMessage.objects.get()
    assert "hush" not in json.dumps(message.headers)
    assert message.headers["x-request-id"] == "R-1"
    assert bytes(message.body) == body


def test_a_kind_may_answer_in_its_own_form(sender, wire):
    wire.receipt = lambda source, message: (200, "text/xml; charset=utf-8", b"<ok/>")
    answer = sender.post(envelope(incident()))
    assert (answer.status_code, answer.content) == (200, b"<ok/>")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"


def test_a_kind_that_fails_to_answer_is_answered_for(sender, wire):
    wire.receipt = lambda source, message: 1 / 0
    assert sender.post(envelope(incident())).status_code == 202


def test_the_door_costs_few_queries_more_than_a_report(sender, room):
    sender.send(incident())
    room.report()
    with CaptureQueriesContext(connection) as report:
        room.report()
    with CaptureQueriesContext(connection) as delivery:
        sender.send(incident())
    # Of a report, reading the token and the scope fall away.
    assert len(delivery) <= len(report) + 10
    assert len(delivery) <= 29


def test_more_rows_cost_no_more_queries(sender):
    sender.send(incident())
    with CaptureQueriesContext(connection) as early:
        sender.send(incident())
    sender.send(*[incident() for _number in range(5)])
    with CaptureQueriesContext(connection) as late:
        sender.send(incident())
    assert len(late) == len(early)
