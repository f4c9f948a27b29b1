"""企业微信应用消息: to one person; the access token is kept until it ends."""

import hashlib
from urllib.parse import quote, urlencode

from django.core.cache import caches
from django.utils.translation import gettext_lazy as _

from integrations.channels.answers import PAUSE_S, by_status, coded, object_of, post
from integrations.channels.kind import Kind
from integrations.channels.wording import compose
from integrations.http import NoAnswer, Refused, Unreachable
from integrations.outcome import SENT, Outcome, Verdict

BASE = "https://qyapi.weixin.qq.com"
LONGEST = 2048
# A token is taken anew so long before its end.
MARGIN_S, SHORTEST_S = 300, 60
TOKEN_PATIENCE_S = 5.0
STALE_TOKEN = {40014, 42001}
ERRCODES = {
    0: SENT,
    -1: Outcome(Verdict.RETRY, _("对方系统繁忙")),
    40001: Outcome(Verdict.FAILED, _("应用的 secret 无效")),
    40013: Outcome(Verdict.FAILED, _("企业的 corpid 无效")),
    40014: Outcome(Verdict.RETRY, _("access_token 无效")),
    42001: Outcome(Verdict.RETRY, _("access_token 已过期")),
    45009: Outcome(Verdict.RETRY, _("发送太频繁"), wait_s=60, block=True),
    45033: Outcome(Verdict.RETRY, _("并发太高"), wait_s=60, block=True),
    60020: Outcome(Verdict.FAILED, _("本机 IP 不在可信名单")),
    81013: Outcome(Verdict.FAILED, _("成员不存在，或不在应用的可见范围")),
}


class WecomApp(Kind):
    """Text to one member."""

    label = _("企业微信应用消息")
    address = _("成员的 userid")
    personal = True
    options = {
        "corpid": _("企业的 corpid"),
        "secret": _("应用的 secret"),
        "agentid": _("应用的 agentid"),
        "base": _("接口地址，私有部署或粤政易时填写"),
    }
    required = ("corpid", "secret", "agentid")
    secrets = ("secret",)

    def send(self, channel, message, fetch):
        """Send it to the member. A token that has ended is taken anew, once."""
        if lacking := self.lacking(channel):
            return lacking
        outcome = self._send(channel, message, fetch, fresh=False)
        return outcome or self._send(channel, message, fetch, fresh=True) or ERRCODES[42001]

    def _send(self, channel, message, fetch, fresh):
        token, failure = token_of(channel, fetch, fresh)
        if failure:
            return failure
        body = {
            "touser": message.recipient.address,
            "msgtype": "text",
            "agentid": channel.options["agentid"],
            "text": {"content": compose(message.content, LONGEST)},
        }
        url = f"{base_of(channel)}/cgi-bin/message/send?access_token={quote(token, safe='')}"
        return post(fetch, url, self.read, json=body)

    @staticmethod
    def read(answer):
        """The Outcome by `errcode`; None when the token has ended."""
        body = object_of(answer) or {}
        if body.get("errcode") in STALE_TOKEN:
            return None
        if body.get("errcode") == 0 and body.get("invaliduser"):
            return ERRCODES[81013]
        return coded(answer, "errcode", ERRCODES, "errmsg")


def base_of(channel):
    """Where the service is."""
    return str(channel.options.get("base") or BASE).rstrip("/")


def token_of(channel, fetch, fresh):
    """(access token, None) or (None, Outcome): nothing has been sent yet, so trying again is safe.

    `fresh` passes over the one that is kept.
    """
    query = {"corpid": channel.options["corpid"], "corpsecret": channel.options["secret"]}
    url = f"{base_of(channel)}/cgi-bin/gettoken?{urlencode(query)}"
    kept, name = caches["local"], f"wecom-{hashlib.sha256(url.encode()).hexdigest()}"
    if not fresh and (token := kept.get(name)):
        return token, None
    try:
        answer = fetch(url, timeout=TOKEN_PATIENCE_S, max_bytes=64 * 1024)
    except Refused as error:
        return None, Outcome(Verdict.FAILED, str(error))
    except (NoAnswer, Unreachable) as error:
        return None, Outcome(Verdict.RETRY, str(error), wait_s=PAUSE_S, block=True)
    outcome = by_status(answer.status, answer.headers) or coded(
        answer, "errcode", ERRCODES, "errmsg"
    )
    if outcome.verdict == Verdict.UNKNOWN:
        outcome = Outcome(Verdict.RETRY, outcome.reason, wait_s=PAUSE_S, block=True)
    if outcome.verdict != Verdict.SENT:
        return None, outcome
    body = object_of(answer)
    token, lasts = str(body.get("access_token") or ""), body.get("expires_in")
    lasts = lasts if isinstance(lasts, int) else 7200
    kept.set(name, token, max(lasts - MARGIN_S, SHORTEST_S))
    return token, None


KIND = WecomApp()
