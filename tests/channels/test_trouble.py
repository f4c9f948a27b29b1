"""What can go wrong between us and any service, and what that means for the message."""

import pytest

from tests.channels.stub import drip, hang_up, never
from tests.servers import free_port

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def options(kind, url):
    """Options by which every kind goes to that address."""
    common = {"key": "topsecret", "token": "topsecret", "hook": "topsecret", "base": url}
    mas = {"ec_name": "e", "ap_id": "a", "secret_key": "topsecret", "sign": "s", "plain_http": True}
    secret = {"secret": SECRET} if kind == "webhook" else {}
    return {**common, **mas, **secret, "url": f"{url}/in"}


CODED = ["wecom_bot", "dingtalk", "feishu", "mas"]
ALL = [*CODED, "webhook"]


@pytest.fixture(params=ALL)
def kind(request):
    return request.param


def test_a_refused_connection_is_tried_again_and_the_channel_left_alone(say, settings, kind):
    port = free_port()
    settings.XIANFENG_OUTBOUND_ALLOW = [f"127.0.0.1:{port}"]
    outcome = say(kind, options(kind, f"http://127.0.0.1:{port}"))
    assert (outcome.verdict, outcome.block) == ("retry", True)
    assert "topsecret" not in outcome.reason


def test_an_address_inside_is_refused_for_good(say, settings, kind):
    settings.XIANFENG_OUTBOUND_ALLOW = []
    for url in ("http://127.0.0.1:1", "http://169.254.169.254", "http://[::1]:1", "ftp://x"):
        outcome = say(kind, options(kind, url))
        assert (outcome.verdict, outcome.block) == ("failed", False)
        assert "topsecret" not in outcome.reason


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ((500, b"oops"), "retry"),
        ((502, b"<html>bad gateway</html>"), "retry"),
        ((503, b"", {"Retry-After": "120"}), "retry"),
        ((504, b""), "unknown"),
        ((429, b""), "retry"),
        ((404, b"nothing here"), "failed"),
        ((403, b"no"), "failed"),
        ((302, b"", {"Location": "http://127.0.0.1:1/"}), "failed"),
        (hang_up, "unknown"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_status_or_a_silence(service, say, kind, answer, verdict):
    service.answers = [answer]
    outcome = say(kind, options(kind, service.url))
    assert outcome.verdict == verdict
    assert outcome.reason
    assert "topsecret" not in outcome.reason
    assert len(service.requests) == 1


@pytest.mark.parametrize("kind", ["wecom_bot", "webhook"])
@pytest.mark.parametrize("answer", [never, drip], ids=lambda value: value.__name__)
def test_who_does_not_come_to_an_end_may_have_it(service, say, impatient, kind, answer):
    service.answers = [answer]
    outcome = say(kind, options(kind, service.url))
    assert (outcome.verdict, outcome.block) == ("unknown", False)
    assert len(service.requests) == 1


def test_who_asks_for_calm_is_left_alone_so_long(service, say, kind):
    for given, wait_s in (("120", 120), ("soon", 60), ("-5", 1), ("nan", 60), ("1e9", 86400)):
        service.answers = [(503, b"", {"Retry-After": given})]
        outcome = say(kind, options(kind, service.url))
        assert (outcome.wait_s, outcome.block) == (wait_s, True)


@pytest.mark.parametrize("kind", CODED)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sign in</html>",
        b"[]",
        b"{}",
        b'{"errcode":"0","code":"0"}',
        b"\xff\xfe",
        b"null",
    ],
    ids=["empty", "html", "list", "object", "text", "bytes", "null"],
)
def test_a_200_that_is_not_the_services_answer_is_unknown(service, say, kind, body):
    service.answers = [(200, body)]
    assert say(kind, options(kind, service.url)).verdict == "unknown"


def test_an_answer_without_end_is_not_read(service, say, kind):
    service.answers = [(200, b"x" * 200_000)]
    assert say(kind, options(kind, service.url)).verdict == "unknown"
    service.answers = [(500, b"x" * 200_000)]
    assert say(kind, options(kind, service.url)).verdict == "retry"
