"""企业微信群机器人."""

import pytest

from tests.channels.conftest import NOTICE


@pytest.fixture
def bot(service):
    return {"key": "k&1", "base": f"{service.url}/private/"}


def said(service):
    body = service.last.json()
    return body[body["msgtype"]]["content"]


def test_a_notice_is_text_with_title_text_and_address(service, say, bot):
    assert say("wecom_bot", bot).verdict == "sent"
    assert service.last.method == "POST"
    assert service.last.path == "/private/cgi-bin/webhook/send"
    assert service.last.query == {"key": "k&1"}
    assert service.last.headers["content-type"].startswith("application/json")
    assert service.last.json() == {
        "msgtype": "text",
        "text": {"content": f"{NOTICE['title']}\n{NOTICE['text']}\n{NOTICE['url']}"},
    }


def test_text_of_exactly_2048_bytes_passes_unchanged(service, say, bot):
    text = "汉" * 682 + "ab"
    assert len(text.encode()) == 2048
    say("wecom_bot", bot, {"title": "", "text": text})
    assert said(service) == text


def test_one_byte_more_is_cut_between_two_characters(service, say, bot):
    assert say("wecom_bot", bot, {"title": "", "text": "汉" * 683}).verdict == "sent"
    assert len(said(service).encode()) <= 2048
    assert said(service) == "汉" * 681 + "…"


def test_what_is_cut_keeps_its_address(service, say, bot):
    say("wecom_bot", bot, {**NOTICE, "text": "🚨" * 1000})
    assert len(said(service).encode()) <= 2048
    assert said(service).endswith(f"…\n{NOTICE['url']}")
    assert "\ufffd" not in said(service)


def test_markdown_may_have_4096_bytes(service, say, bot):
    for characters, whole in ((1365, True), (1366, False)):
        say("wecom_bot", {**bot, "format": "markdown"}, {"title": "", "text": "汉" * characters})
        assert service.last.json()["msgtype"] == "markdown"
        assert len(said(service).encode()) <= 4096
        assert (said(service) == "汉" * characters) is whole


def test_an_urgent_notice_may_call_everybody(service, say, bot):
    loud = {**bot, "mention_urgent": True}
    say("wecom_bot", loud, urgent=True)
    assert service.last.json()["text"]["mentioned_list"] == ["@all"]
    for options, urgent in ((loud, False), (bot, True), ({**bot, "mention_urgent": "false"}, True)):
        say("wecom_bot", options, urgent=urgent)
        assert "mentioned_list" not in service.last.json()["text"]


@pytest.mark.parametrize(
    ("errcode", "verdict", "wait_s", "block"),
    [
        (0, "sent", None, False),
        (-1, "retry", None, False),
        (45009, "retry", 60, True),
        (93000, "failed", None, False),
        (40058, "failed", None, False),
        (12345, "failed", None, False),
    ],
)
def test_the_errcode_decides_although_the_status_is_200(
    service, say, bot, errcode, verdict, wait_s, block
):
    service.answers = [{"errcode": errcode, "errmsg": "hint: [x]"}]
    outcome = say("wecom_bot", bot)
    assert (outcome.verdict, outcome.wait_s, outcome.block) == (verdict, wait_s, block)
    assert errcode == 0 or str(errcode) in outcome.reason


def test_a_bot_without_a_key_says_what_is_missing(service, say):
    outcome = say("wecom_bot", {"base": service.url})
    assert outcome.verdict == "failed"
    assert "key" in outcome.reason
    assert service.requests == []
