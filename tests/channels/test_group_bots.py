"""钉钉 and 飞书: signatures by the services' own examples, and their codes."""

from datetime import UTC, datetime

import pytest

from events import moment
from integrations.channels import dingtalk, feishu

SECRET = "SEC0123456789abcdef"
AT = datetime.fromtimestamp(1700000000, UTC)
DINGTALK_SIGN = "TSZbRFUuvaSQaRKUpF970OPCb2/LcQAP3wOvwZIzBZk="
FEISHU_SIGN = "PiO7POLlSx/DM2qf8Dy/XCWeJK3exVnevp5G99LEN2M="


@pytest.fixture
def at(monkeypatch):
    """The moment of the examples."""
    monkeypatch.setattr(moment, "now", lambda: AT)


def test_dingtalk_signs_the_address_in_milliseconds(service, say, at):
    options = {"token": "t", "secret": SECRET, "base": service.url}
    assert say("dingtalk", options).verdict == "sent"
    assert service.last.path == "/robot/send"
    assert service.last.query == {
        "access_token": "t",
        "timestamp": "1700000000000",
        "sign": DINGTALK_SIGN,
    }
    assert dingtalk.sign(SECRET, 1700000000000) == DINGTALK_SIGN


def test_dingtalk_without_a_secret_does_not_sign(service, say):
    assert say("dingtalk", {"token": "t", "base": service.url}).verdict == "sent"
    assert service.last.query == {"access_token": "t"}


@pytest.mark.parametrize(
    ("errcode", "verdict", "wait_s"),
    [
        (0, "sent", None),
        (-1, "retry", None),
        (130101, "retry", 600),
        (410100, "retry", 600),
        (310000, "failed", None),
        (300001, "failed", None),
        (460101, "failed", None),
    ],
)
def test_dingtalk_by_errcode(service, say, errcode, verdict, wait_s):
    service.answers = [{"errcode": errcode, "errmsg": "x"}]
    outcome = say("dingtalk", {"token": "t", "base": service.url})
    assert (outcome.verdict, outcome.wait_s, outcome.block) == (verdict, wait_s, bool(wait_s))


def test_feishu_signs_the_body_in_seconds(service, say, at):
    options = {"hook": "h-1", "secret": SECRET, "base": service.url}
    assert say("feishu", options).verdict == "sent"
    assert service.last.path == "/open-apis/bot/v2/hook/h-1"
    body = service.last.json()
    assert (body["timestamp"], body["sign"]) == ("1700000000", FEISHU_SIGN)
    assert body["msg_type"] == "text"
    assert feishu.sign(SECRET, 1700000000) == FEISHU_SIGN


@pytest.mark.parametrize(
    ("answer", "verdict", "wait_s"),
    [
        ({"code": 0, "msg": "success"}, "sent", None),
        ({"code": 11232, "msg": "frequency limited psm"}, "retry", 60),
        ({"code": 9499, "msg": "too many request"}, "retry", 60),
        ({"code": 9499, "msg": "Bad Request"}, "failed", None),
        ({"code": 19021, "msg": "sign match fail"}, "failed", None),
        ({"code": 19024, "msg": "Key Words Not Found"}, "failed", None),
    ],
)
def test_feishu_by_code(service, say, answer, verdict, wait_s):
    service.answers = [answer]
    outcome = say("feishu", {"hook": "h", "base": service.url})
    assert (outcome.verdict, outcome.wait_s) == (verdict, wait_s)


@pytest.mark.parametrize(("kind", "field"), [("dingtalk", "text"), ("feishu", "content")])
def test_a_keyword_that_the_group_insists_on_is_put_in_front(service, say, kind, field):
    options = {"token": "t", "hook": "h", "base": service.url, "keyword": "先锋"}
    words = "content" if kind == "dingtalk" else "text"
    say(kind, options, {"title": "新事件", "text": ""})
    assert service.last.json()[field][words] == "先锋 新事件"
    say(kind, options, {"title": "先锋新事件", "text": ""})
    assert service.last.json()[field][words] == "先锋新事件"
