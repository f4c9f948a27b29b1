"""The same post again is answered, not done again; what crashed is finished."""

import pytest
from django.db import OperationalError

from events.models import Event
from integrations import context, processing
from integrations.models import ApiKey, InboundMessage, ServiceRequest
from tests.open311.app import App

pytestmark = pytest.mark.django_db
HEADERS = {"Idempotency-Key": "one and the same"}


def test_the_same_content_within_ten_minutes_is_the_same_request(app, moment):
    first = app.post()
    moment.move(minutes=9)
    assert app.post() == app.post(form="xml") == first
    assert Event.objects.count() == InboundMessage.objects.count() == 1


def test_the_same_content_later_is_another_request(app, moment):
    first = app.post()
    moment.move(minutes=11)
    assert app.post() != first
    assert Event.objects.count() == 2


def test_other_content_or_another_app_is_another_request(app):
    _key, text = ApiKey.issue("另一个应用")
    numbers = {
        one["service_request_id"]
        for one in (app.post(), app.post(account_id="b"), App(text).post())
    }
    assert len(numbers) == 3


def test_an_idempotency_key_is_good_for_ever(app, moment):
    first = app.post(headers=HEADERS)
    moment.move(days=3)
    assert app.post(headers=HEADERS) == first
    assert app.post(headers={"Idempotency-Key": "another"}) != first
    assert Event.objects.count() == 2


def test_other_content_under_an_idempotency_key_is_refused_and_the_first_stays(app):
    app.post(headers=HEADERS)
    status, (error,) = app.send(headers=HEADERS, description="另一件事")
    assert (status, error["code"]) == (400, 409)
    assert Event.objects.get().text == "电线杆上贴满小广告"
    _key, text = ApiKey.issue("另一个应用")
    assert App(text).post(headers=HEADERS, description="另一件事")


def test_an_idempotency_key_that_cannot_be_is_refused(app):
    for text in ("x" * 201, "a\tb"):
        assert "Idempotency-Key" in app.refused(400, headers={"Idempotency-Key": text})[0]


def test_a_key_for_tokens_gets_a_token_and_never_an_id(token_key):
    app = App(token_key)
    answer = app.post()
    assert set(answer) == {"token", "service_notice", "account_id"}
    assert app.post() == answer
    number = Event.objects.get().number
    resolved = [{"service_request_id": number, "token": answer["token"]}]
    assert app.get(f"tokens/{answer['token']}") == resolved
    assert app.get(f"tokens/{answer['token']}", "xml") == resolved


@pytest.mark.parametrize("token", ["0" * 32, "nothing", "%00", "x" * 200, "{0}"])
def test_an_unknown_token_is_not_found(app, token):
    app.post()
    status, (error,) = app.ask(f"tokens/{token}")
    assert (status, error["description"]) == (404, "没有这个 token。")


def test_what_could_not_be_finished_is_answered_with_a_token_and_finished_by_the_clock(
    app, moment, monkeypatch
):
    def away(message, seconds=None):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(processing, "process", away)
        answer = app.post()
    token = answer["token"]
    assert "service_request_id" not in answer
    pending = {"service_request_id": None, "token": token}
    assert app.get(f"tokens/{token}") == app.get(f"tokens/{token}", "xml") == [pending]
    moment.move(minutes=2)
    assert processing.finish_leftovers() == 1
    event = Event.objects.get()
    assert app.get(f"tokens/{token}") == [{"service_request_id": event.number, "token": token}]
    assert ServiceRequest.objects.get().event == event
    processing.process(InboundMessage.objects.get())
    assert Event.objects.count() == ServiceRequest.objects.count() == 1


def test_a_repetition_finishes_what_a_crash_has_left(app, monkeypatch):
    def crash(message, seconds=None):
        raise OperationalError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(processing, "process", crash)
        app.post()
    assert app.post()["service_request_id"] == Event.objects.get().number
    assert InboundMessage.objects.count() == 1


@pytest.mark.parametrize(
    "step", ["find", "learn", "learn_also", ServiceRequest.objects, "InboundItem"]
)
def test_a_crash_between_any_two_steps_leaves_no_half_request(app, monkeypatch, step):
    def crash(*args, **kwargs):
        raise OperationalError("killed")

    with monkeypatch.context() as patch:
        if step == "InboundItem":
            patch.setattr(processing.InboundItem.objects, "create", crash)
        elif isinstance(step, str):
            patch.setattr(context.Context, step, crash)
        else:
            patch.setattr(step, "create", crash)
        token = app.post()["token"]
    assert not Event.objects.exists()
    assert not ServiceRequest.objects.exists()
    number = app.post()["service_request_id"]
    assert app.get(f"tokens/{token}")[0]["service_request_id"] == number
    assert Event.objects.count() == ServiceRequest.objects.count() == 1


def test_a_database_that_is_away_is_told_and_nothing_is_kept(app, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(InboundMessage.objects, "create", away)
        status, (error,) = app.send()
    assert (status, error["code"]) == (503, 503)
    assert not InboundMessage.objects.exists()
    assert app.post()


def test_a_message_that_a_person_mends_is_checked_like_a_post(app, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(processing, "process", lambda message, seconds=None: None)
        app.post()
    message = InboundMessage.objects.get()
    whole = bytes(message.body)
    for spoilt in (
        whole.replace(b"event.0201", b"nothing"),
        whole.replace(b'"fields"', b'"field"'),
        whole.replace(b'"id"', b'"ID"'),
        b"[]",
    ):
        message.body, message.state = spoilt, "received"
        assert processing.process(message).state == "quarantined"
        assert message.reason
    assert not Event.objects.exists()
    message.body = whole
    message.save()
    assert processing.process(message).state == "done"
    assert app.post()["service_request_id"] == Event.objects.get().number
