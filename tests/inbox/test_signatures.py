"""Who is let in: signed, in time, with a key that is valid; and what is kept of the others."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client

from integrations.models import InboundMessage, Source, SourceSecret
from integrations.signatures import schemes
from tests.inbox.wire import KEY, OTHER_KEY, Sender, envelope, incident

pytestmark = pytest.mark.django_db


def let_in(answer):
    """Whether a delivery was let in; one that was not is not kept."""
    assert answer.status_code in (202, 401), answer.content.decode()
    assert InboundMessage.objects.exists() == (answer.status_code == 202)
    return answer.status_code == 202


def configure(source, **fields):
    """Change the source's settings."""
    Source.objects.filter(pk=source.pk).update(**fields)


def test_a_changed_byte_is_noticed(sender):
    body = envelope(incident())
    headers = sender.headers(body)
    assert not let_in(sender.post(body.replace(b"W-", b"X-"), headers=headers))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed(sender, name):
    body = envelope(incident())
    headers = {key: value for key, value in sender.headers(body).items() if key != name}
    assert not let_in(sender.post(body, headers=headers))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_id_and_time_are_signed_too(sender, name, moment):
    body = envelope(incident())
    headers = sender.headers(body)
    other = sender.headers(body, at=moment.now() - timedelta(seconds=5))
    assert not let_in(sender.post(body, headers={**headers, name: other[name]}))


@pytest.mark.parametrize(
    "signature", ["", "v1", "v1,", "v1,???", "v2,AAAA", "v1,AAAA", ",", " ", "v1a,AAAA", "v1,ÿ"]
)
def test_what_is_no_signature_is_refused(sender, signature):
    body = envelope(incident())
    headers = {**sender.headers(body), "webhook-signature": signature}
    assert not let_in(sender.post(body, headers=headers))


@pytest.mark.parametrize("time", ["", "now", "1e9", "-1", "9" * 5000, "1.5", "NaN"])
def test_what_is_no_time_is_refused(sender, time):
    body = envelope(incident())
    headers = {**sender.headers(body), "webhook-timestamp": time}
    assert not let_in(sender.post(body, headers=headers))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_delivery_cannot_be_sent_again_by_whoever_overheard_it(sender, moment, minutes):
    body = envelope(incident())
    at = moment.now() + timedelta(minutes=minutes)
    assert not let_in(sender.post(body, at=at))


@pytest.mark.parametrize("minutes", [-55, 55])
def test_a_source_with_a_bad_clock_is_given_more_time(sender, source, moment, minutes):
    configure(source, skew_seconds=3600)
    at = moment.now() + timedelta(minutes=minutes)
    assert let_in(sender.post(envelope(incident()), at=at))


def test_while_keys_are_rotated_both_are_valid(sender, source):
    SourceSecret.objects.create(source=source, secret=OTHER_KEY)
    body = envelope(incident())
    assert sender.post(body, key=KEY).status_code == 202
    assert sender.post(body, key=OTHER_KEY).status_code == 202
    # A sender that signs with both, the unknown one first.
    headers = sender.headers(body)
    headers["webhook-signature"] = "v1,AAAA v1a,BBBB " + headers["webhook-signature"]
    assert sender.post(body, headers=headers).status_code == 202


def test_a_key_ends_when_it_is_said_to_end(sender, source, moment):
    later = moment.now() + timedelta(hours=1)
    SourceSecret.objects.update(expires_at=later)
    assert sender.post(envelope(incident())).status_code == 202
    moment.move(minutes=61)
    assert sender.post(envelope(incident())).status_code == 401
    SourceSecret.objects.create(source=source, secret=OTHER_KEY)
    assert sender.post(envelope(incident()), key=OTHER_KEY).status_code == 202


def test_another_sources_key_is_no_key_here(sender):
    other = Source.objects.create(code="other", name="另一系统", kind="wire")
    SourceSecret.objects.create(source=other, secret=OTHER_KEY)
    assert not let_in(sender.post(envelope(incident()), key=OTHER_KEY))


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_???", "短"])
def test_a_key_that_is_none_opens_nothing(source, secret):
    SourceSecret.objects.update(secret=secret)
    body = envelope(incident())
    empty = base64.b64encode(hmac.digest(b"", b"id.1." + body, "sha256")).decode()
    sender = Sender(Client())
    for value in (empty, "", "===="):
        headers = {**sender.headers(body), "webhook-signature": f"v1,{value}"}
        assert not let_in(sender.post(body, headers=headers))


def test_a_body_in_another_encoding_is_signed_as_it_is(sender, source):
    configure(source, encoding="gbk")
    body = json.dumps({"items": [incident(text="井盖缺失")]}, ensure_ascii=False).encode("gbk")
    headers = sender.headers(b"")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(KEY.removeprefix("whsec_"))
    value = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    headers["webhook-signature"] = f"v1,{value}"
    assert sender.post(body, headers=headers).status_code == 202


def test_of_those_who_are_not_let_in_only_a_count_and_a_reason_are_kept(sender, source, moment):
    let_in(sender.post(envelope(incident()), key=OTHER_KEY))
    let_in(sender.post(envelope(incident()), headers={}))
    source.refresh_from_db()
    assert source.refused == 2
    assert source.refused_at == moment.now() or (moment.now() - source.refused_at).seconds < 60
    assert "webhook-id" in source.refused_why


class TestToken:
    """A shared token."""

    @pytest.fixture(autouse=True)
    def scheme(self, source):
        """The source shows a token."""
        configure(source, scheme="token")
        SourceSecret.objects.update(secret="open sesame")

    @pytest.mark.parametrize(
        "headers", [{"authorization": "Bearer open sesame"}, {"x-api-key": "open sesame"}]
    )
    def test_is_taken_in_either_header(self, sender, headers):
        assert let_in(sender.post(envelope(incident()), headers=headers))

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"authorization": "Bearer "},
            {"authorization": "Basic open sesame"},
            {"x-api-key": "open sesam"},
            {"x-api-key": "ÿ"},
        ],
    )
    def test_must_be_the_same(self, sender, headers):
        assert not let_in(sender.post(envelope(incident()), headers=headers))

    def test_the_delivery_may_have_an_id(self, sender):
        headers = {"x-api-key": "open sesame", "idempotency-key": "D-1"}
        sender.post(envelope(incident()), headers=headers)
        assert InboundMessage.objects.get().key == "D-1"


class TestMac:
    """An HMAC of the body."""

    @pytest.fixture(autouse=True)
    def scheme(self, source):
        """The source signs bodies."""
        configure(source, scheme="mac")
        SourceSecret.objects.update(secret="a key")

    def sign(self, signed):
        return hmac.new(b"a key", signed, hashlib.sha256).hexdigest()

    def test_is_taken_in_its_usual_headers(self, sender):
        body = envelope(incident())
        assert let_in(sender.post(body, headers={"x-signature": self.sign(body).upper()}))
        hub = {"x-hub-signature-256": f"sha256={self.sign(body)}"}
        assert sender.post(body, headers=hub).status_code == 200

    def test_must_be_of_this_body(self, sender):
        headers = {"x-signature": self.sign(b"another")}
        assert not let_in(sender.post(envelope(incident()), headers=headers))

    def test_ids_that_nobody_signed_do_not_count(self, sender):
        body = envelope(incident())
        headers = {"x-signature": self.sign(body), "webhook-id": "D-1"}
        sender.post(body, headers=headers)
        assert InboundMessage.objects.get().key.startswith("sha256:")

    def test_may_be_over_the_time_too(self, sender, source, moment):
        configure(source, options={"signed_time": True, "signature_header": "X-Mac"})
        body, now = envelope(incident()), int(moment.now().timestamp())
        old = str(now - 3600)
        for time in (old, ""):
            headers = {"x-mac": self.sign(time.encode() + b"." + body), "x-timestamp": time}
            assert not let_in(sender.post(body, headers=headers))
        headers = {"x-mac": self.sign(f"{now}.".encode() + body), "x-timestamp": str(now)}
        assert let_in(sender.post(body, headers=headers))


@pytest.mark.parametrize(
    ("allow_from", "address", "expected"),
    [
        (["10.20.0.0/16"], "10.20.3.4", True),
        (["10.20.0.0/16"], "::ffff:10.20.3.4", True),
        (["10.20.0.0/16"], "10.21.3.4", False),
        (["nonsense", "2001:db8::1"], "2001:db8::1", True),
        ([], "127.0.0.1", False),
        (None, "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1", False),
        (["127.0.0.1"], "", False),
    ],
)
def test_who_does_not_sign_must_come_from_a_listed_address(
    sender, source, allow_from, address, expected
):
    configure(source, scheme="none", options={"allow_from": allow_from})
    answer = sender.post(envelope(incident()), headers={}, REMOTE_ADDR=address)
    assert let_in(answer) == expected


@pytest.mark.parametrize(
    "fields",
    [{"scheme": "gone"}, {"scheme": "mac", "options": []}, {"scheme": "none", "options": 7}],
)
def test_a_source_that_is_set_up_wrongly_lets_nobody_in(sender, source, fields):
    configure(source, **fields)
    assert not let_in(sender.post(envelope(incident())))


@pytest.mark.parametrize("name", ["standard", "token", "mac"])
def test_every_scheme_makes_keys_that_cannot_be_guessed(name):
    scheme = schemes()[name]
    made = {scheme.new_secret() for _time in range(10)}
    assert len(made) == 10
    assert all(len(secret) >= 32 for secret in made)
    assert str(scheme.label)


def test_who_does_not_sign_has_no_keys():
    with pytest.raises(NotImplementedError):
        schemes()["none"].new_secret()
