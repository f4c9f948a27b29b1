"""钉钉群机器人: signed by a secret, 20 messages a minute, else ten minutes of silence."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from events import moment
from integrations.channels.answers import coded, post
from integrations.channels.kind import Kind
from integrations.channels.wording import compose
from integrations.outcome import SENT, Outcome, Verdict

BASE = "https://oapi.dingtalk.com"
LONGEST = 18_000
THROTTLED_S = 600
TOO_FAST = Outcome(Verdict.RETRY, _("发送太频繁，对方限流"), wait_s=THROTTLED_S, block=True)
ERRCODES = {
    0: SENT,
    -1: Outcome(Verdict.RETRY, _("对方系统繁忙")),
    130101: TOO_FAST,
    410100: TOO_FAST,
    310000: Outcome(Verdict.FAILED, _("安全校验未通过（加签、关键词或 IP）")),
    300001: Outcome(Verdict.FAILED, _("机器人的 access_token 无效")),
    400101: Outcome(Verdict.FAILED, _("机器人的 access_token 无效")),
    400102: Outcome(Verdict.FAILED, _("机器人已停用")),
    460101: Outcome(Verdict.FAILED, _("内容太长")),
}


class Dingtalk(Kind):
    """Text into the group of the robot."""

    label = _("钉钉群机器人")
    per_minute = 20
    options = {
        "token": _("机器人的 access_token"),
        "secret": _("加签密钥（SEC…），未启用加签时留空"),
        "keyword": _("自定义关键词，未启用时留空"),
        "base": _("接口地址，私有部署时填写"),
    }
    required = ("token",)
    secrets = ("token", "secret")

    def send(self, channel, message, fetch):
        """Send it to the group."""
        if lacking := self.lacking(channel):
            return lacking
        options = channel.options
        query = {"access_token": options["token"]}
        if secret := options.get("secret"):
            stamp = round(moment.now().timestamp() * 1000)
            query |= {"timestamp": stamp, "sign": sign(secret, stamp)}
        base = str(options.get("base") or BASE).rstrip("/")
        text = compose(message.content, LONGEST, keyword=options.get("keyword", ""))
        body = {"msgtype": "text", "text": {"content": text}}
        return post(fetch, f"{base}/robot/send?{urlencode(query)}", self.read, json=body)

    @staticmethod
    def read(answer):
        """The Outcome by `errcode`."""
        return coded(answer, "errcode", ERRCODES, "errmsg")


def sign(secret, stamp):
    """The signature of a moment in milliseconds: base64, not yet urlencoded."""
    said = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(said.digest()).decode()


KIND = Dingtalk()
