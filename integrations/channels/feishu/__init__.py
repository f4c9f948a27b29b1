"""飞书群机器人: signed by a secret, an own kind of signature, 100 messages a minute."""

import base64
import hashlib
import hmac
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from events import moment
from integrations.channels.answers import coded, object_of, post
from integrations.channels.kind import Kind
from integrations.channels.wording import compose
from integrations.outcome import SENT, Outcome, Verdict

BASE = "https://open.feishu.cn"
LONGEST = 18_000
TOO_FAST = Outcome(Verdict.RETRY, _("发送太频繁，对方限流"), wait_s=60, block=True)
CODES = {
    0: SENT,
    11232: TOO_FAST,
    19001: Outcome(Verdict.FAILED, _("机器人地址无效")),
    19021: Outcome(Verdict.FAILED, _("签名校验未通过，或本机时钟偏差超过 1 小时")),
    19022: Outcome(Verdict.FAILED, _("本机 IP 不在白名单")),
    19024: Outcome(Verdict.FAILED, _("缺少自定义关键词")),
}


class Feishu(Kind):
    """Text into the group of the bot."""

    label = _("飞书群机器人")
    per_minute = 100
    options = {
        "hook": _("webhook 地址末尾的标识"),
        "secret": _("签名密钥，未启用签名时留空"),
        "keyword": _("自定义关键词，未启用时留空"),
        "base": _("接口地址，私有部署时填写"),
    }
    required = ("hook",)
    secrets = ("hook", "secret")

    def send(self, channel, message, fetch):
        """Send it to the group."""
        if lacking := self.lacking(channel):
            return lacking
        options = channel.options
        text = compose(message.content, LONGEST, keyword=options.get("keyword", ""))
        body = {"msg_type": "text", "content": {"text": text}}
        if secret := options.get("secret"):
            stamp = int(moment.now().timestamp())
            body |= {"timestamp": str(stamp), "sign": sign(secret, stamp)}
        base = str(options.get("base") or BASE).rstrip("/")
        url = f"{base}/open-apis/bot/v2/hook/{quote(str(options['hook']), safe='')}"
        return post(fetch, url, self.read, json=body)

    @staticmethod
    def read(answer):
        """The Outcome by `code`; one code has two meanings that only its words tell apart."""
        body = object_of(answer) or {}
        if body.get("code") == 9499 and "too many" in str(body.get("msg")).lower():
            return TOO_FAST
        return coded(answer, "code", CODES, "msg")


def sign(secret, stamp):
    """The signature of a moment in seconds: the moment and the secret are the key, nothing is
    what is signed."""
    said = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(said.digest()).decode()


KIND = Feishu()
