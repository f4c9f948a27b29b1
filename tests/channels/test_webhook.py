"""Webhooks by Standard Webhooks: signed as its library verifies, patient, and told when to stop."""

import json
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CONTENT = {"type": "event.claimed", "timestamp": "2026-11-21T00:00:00.000Z", "data": {"n": "汉"}}


@pytest.fixture
def hook(service):
    service.answers = [(204, b"")]
    return {"url": f"{service.url}/in?x=1", "secret": SECRET}


def test_the_library_verifies_what_arrives(service, say, hook):
    assert say("webhook", hook, CONTENT).verdict == "sent"
    assert Webhook(SECRET).verify(service.last.body, service.last.headers) == CONTENT
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(service.last.body + b" ", service.last.headers)


def test_the_same_message_has_the_same_id_and_another_has_another(service, say, hook, moment):
    for key in ("a", "a", "b"):
        say("webhook", hook, CONTENT, key=key)
        moment.move(hours=5)
    one, again, other = (request.headers["webhook-id"] for request in service.requests)
    assert one == again != other
    assert "." not in one
    stamps = [int(request.headers["webhook-timestamp"]) for request in service.requests]
    assert stamps[1] - stamps[0] >= timedelta(hours=5).total_seconds()


def test_who_says_410_wants_no_more(service, say, hook):
    service.answers = [(410, b"")]
    outcome = say("webhook", hook, CONTENT)
    assert (outcome.verdict, outcome.gone) == ("failed", True)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_an_arrival_whatever_the_body(service, say, hook, status):
    service.answers = [(status, b"" if status == 204 else b"<html>")]
    assert say("webhook", hook, CONTENT).verdict == "sent"


@pytest.mark.parametrize("secret", ["whsec_", "whsec_***", "汉"])
def test_a_secret_that_is_none_is_said_in_words(service, say, hook, secret):
    outcome = say("webhook", {**hook, "secret": secret}, CONTENT)
    assert outcome.verdict == "failed"
    assert service.requests == []
    assert secret == "whsec_" or secret not in outcome.reason


def test_the_body_is_compact_utf8(service, say, hook):
    say("webhook", hook, CONTENT)
    assert (
        service.last.body == json.dumps(CONTENT, ensure_ascii=False, separators=(",", ":")).encode()
    )
