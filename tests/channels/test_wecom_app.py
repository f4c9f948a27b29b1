"""企业微信应用消息: the token is kept, and taken anew when it has ended."""

import json

import pytest
from django.core.cache import caches

from tests.channels.stub import never


@pytest.fixture
def app(service):
    caches["local"].clear()
    return {"corpid": "c", "secret": "s&1", "agentid": 1000002, "base": service.url}


def token(text, **fields):
    return {"errcode": 0, "errmsg": "ok", "access_token": text, "expires_in": 7200, **fields}


OK = {"errcode": 0, "errmsg": "ok", "invaliduser": ""}


def paths(service):
    return [request.path.rsplit("/", 1)[-1] for request in service.requests]


def test_it_reaches_one_member_with_a_token(service, say, app):
    service.answers = [token("T1"), OK]
    assert say("wecom_app", app, address="zhang.san").verdict == "sent"
    asked, sent = service.requests
    assert (asked.path, asked.query) == (
        "/cgi-bin/gettoken",
        {"corpid": "c", "corpsecret": "s&1"},
    )
    assert (sent.path, sent.query) == ("/cgi-bin/message/send", {"access_token": "T1"})
    body = sent.json()
    assert (body["touser"], body["agentid"], body["msgtype"]) == ("zhang.san", 1000002, "text")


def test_the_token_is_asked_for_once(service, say, app):
    service.answers = [token("T1"), OK]
    say("wecom_app", app, address="a")
    say("wecom_app", app, address="b")
    assert paths(service) == ["gettoken", "send", "send"]


@pytest.mark.parametrize("errcode", [40014, 42001])
def test_a_token_that_has_ended_is_taken_anew_and_the_message_sent(service, say, app, errcode):
    service.answers = [token("T1"), OK]
    say("wecom_app", app, address="a")
    service.answers = [{"errcode": errcode, "errmsg": "x"}, token("T2"), OK]
    assert say("wecom_app", app, address="b").verdict == "sent"
    assert paths(service)[2:] == ["send", "gettoken", "send"]
    assert service.last.query == {"access_token": "T2"}


def test_a_new_token_that_does_not_help_is_tried_later(service, say, app):
    bad = {"errcode": 42001, "errmsg": "x"}
    service.answers = [token("T1"), bad, token("T2"), bad]
    assert say("wecom_app", app, address="a").verdict == "retry"
    assert len(service.requests) == 4


def test_a_wrong_secret_is_final(service, say, app):
    service.answers = [{"errcode": 40001, "errmsg": "invalid credential"}]
    outcome = say("wecom_app", app, address="a")
    assert outcome.verdict == "failed"
    assert "s&1" not in outcome.reason


def test_no_token_in_time_means_that_nothing_was_sent(service, say, app, impatient, monkeypatch):
    monkeypatch.setattr("integrations.channels.wecom_app.TOKEN_PATIENCE_S", 0.5)
    service.answers = [never]
    outcome = say("wecom_app", app, address="a")
    assert (outcome.verdict, outcome.block) == ("retry", True)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"errcode": 81013, "errmsg": "user & party & tag all invalid"}, "failed"),
        ({"errcode": 0, "errmsg": "ok", "invaliduser": "a"}, "failed"),
        ({"errcode": 45009, "errmsg": "freq"}, "retry"),
        ({"errcode": -1, "errmsg": "busy"}, "retry"),
        ({"errcode": 60020, "errmsg": "not allow to access from your ip"}, "failed"),
    ],
)
def test_by_errcode(service, say, app, answer, verdict):
    service.answers = [token("T1"), answer]
    assert say("wecom_app", app, address="a").verdict == verdict


def test_long_text_is_cut_to_2048_bytes(service, say, app):
    service.answers = [token("T1"), OK]
    say("wecom_app", app, {"title": "", "text": "汉" * 683}, address="a")
    assert len(json.loads(service.last.body)["text"]["content"].encode()) <= 2048
