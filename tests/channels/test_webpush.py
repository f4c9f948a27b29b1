"""Web Push: a browser can read the hint, nobody else, and it holds nothing but an id."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from integrations.channels import webpush

PRIVATE = base64.urlsafe_b64encode(bytes(range(1, 33))).decode().rstrip("=")


def coded(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Browser:
    """A browser's half of a subscription."""

    def __init__(self):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.keys = {"p256dh": coded(point), "auth": coded(self.auth)}

    def read(self, body):
        return json.loads(
            http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        )


@pytest.fixture
def browser(settings, service):
    settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = PRIVATE, "mailto:ops@xianfeng.example"
    service.answers = [(201, b"")]
    return Browser()


@pytest.fixture
def push(say, service, browser):
    def send(**fields):
        return say("webpush", {}, address=f"{service.url}/push/1", keys=browser.keys, **fields)

    return send


def test_the_browser_reads_an_id_and_nothing_else(service, browser, push):
    assert push().verdict == "sent"
    assert browser.read(service.last.body) == {"id": 7}
    assert service.last.headers["content-encoding"] == "aes128gcm"


def test_the_push_service_knows_the_server_by_its_key(service, browser, push):
    push()
    given = service.last.headers["authorization"]
    assert Vapid02.verify(given)
    parts = dict(part.split("=", 1) for part in given.removeprefix("vapid ").split(","))
    assert parts["k"] == webpush.public_key()
    claims = json.loads(base64.urlsafe_b64decode(parts["t"].split(".")[1] + "=="))
    assert claims["aud"] == service.url
    assert claims["sub"] == "mailto:ops@xianfeng.example"


def test_an_alarm_is_urgent_and_old_after_half_an_hour(service, push):
    push(urgent=True)
    assert (service.last.headers["urgency"], service.last.headers["ttl"]) == ("high", "1800")
    push(urgent=False)
    assert service.last.headers["urgency"] == "normal"


@pytest.mark.parametrize(
    ("status", "verdict", "gone"),
    [
        (201, "sent", False),
        (404, "failed", True),
        (410, "failed", True),
        (403, "failed", False),
        (413, "failed", False),
        (429, "retry", False),
        (500, "retry", False),
    ],
)
def test_by_status(service, push, status, verdict, gone):
    service.answers = [(status, b"")]
    outcome = push()
    assert (outcome.verdict, outcome.gone) == (verdict, gone)


@pytest.mark.parametrize("keys", [{}, {"p256dh": "AA", "auth": "AA"}, {"p256dh": 1, "auth": 2}])
def test_keys_that_are_none_end_the_subscription(service, say, browser, keys):
    outcome = say("webpush", {}, address=f"{service.url}/push/1", keys=keys or {"x": 1})
    assert (outcome.verdict, outcome.gone) == ("failed", True)
    assert service.requests == []


def test_without_a_key_of_the_server_nothing_is_pushed(settings, service, push):
    settings.VAPID_PRIVATE_KEY = ""
    assert push().verdict == "failed"
    assert webpush.public_key() == ""
