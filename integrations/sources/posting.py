"""Posting an answer to a source, and reading what it made of it."""

from django.utils.translation import gettext as _

from integrations.channels.answers import post
from integrations.outcome import SENT, Outcome, Verdict
from integrations.reading.document import data_of
from integrations.reading.records import records
from integrations.sources.kind import Unreadable

# How such systems say no beside HTTP's 200. Which of 0 and 1 is yes, they do not agree on.
VERDICT = ("success", "resultCode", "errcode", "errorCode", "code", "result")
NO = {"false", "fail", "failed", "failure", "error", "失败", "-1"}
WORDS = ("message", "msg", "errmsg", "resultMsg", "description")


def send(source, message, fetch, **what):
    """The Outcome of a POST to the source's `answer_url`; `what` is fetch's data, json, headers."""
    url = source.options.get("answer_url")
    if not url:
        return Outcome(Verdict.FAILED, _("来源没有设置回写地址（answer_url）。"))
    return post(fetch, url, judged, **what)


def judged(answer):
    """The Outcome of an answer with a 2xx status: sent, unless its body plainly says otherwise."""
    text = answer.text.strip()
    if text[:1] not in ("<", "{"):
        return SENT
    try:
        data = data_of(text)
    except Unreadable:
        return SENT
    for fields in records(data, lambda fields: fields.any(*VERDICT)):
        return _verdict(fields)
    return SENT


def _verdict(fields):
    said = fields.get(*VERDICT).lower()
    http = int(said) if said.isdecimal() and len(said) == 3 else 0
    if said not in NO and http < 400:
        return SENT
    words = fields.get(*WORDS, limit=200) or said
    verdict = Verdict.RETRY if http >= 500 else Verdict.FAILED
    return Outcome(verdict, _("对方答复失败：{words}").format(words=words))
