"""短信 移动云MAS: one JSON object in base64, its digest instead of a password."""

import base64
import hashlib
import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.channels.answers import object_of, post
from integrations.channels.kind import Kind
from integrations.outcome import SENT, Outcome, Verdict

# A text message costs; what is longer than this belongs behind the link.
LONGEST_CHARACTERS = 300


class Mas(Kind):
    """A text message to a mobile telephone: only what must be known at once."""

    label = gettext_lazy("短信（移动云MAS）")
    address = gettext_lazy("手机号码")
    personal = True
    kinds = ("dispatched", "support_requested", "overdue", "supervised", "escalated", "instructed")
    options = {
        "url": gettext_lazy("接口地址（https）"),
        "ec_name": gettext_lazy("集团客户名称 ecName"),
        "ap_id": gettext_lazy("接口账号 apId"),
        "secret_key": gettext_lazy("接口密码 secretKey"),
        "sign": gettext_lazy("签名编码"),
        "add_serial": gettext_lazy("扩展码"),
        "plain_http": gettext_lazy("专线内允许不加密的 http（true/false）"),
    }
    required = ("url", "ec_name", "ap_id", "secret_key", "sign")
    secrets = ("secret_key",)

    def send(self, channel, message, fetch):
        """Hand it to the gateway."""
        if lacking := self.lacking(channel):
            return lacking
        options = channel.options
        if not str(options["url"]).startswith("https://") and not self.on(channel, "plain_http"):
            return Outcome(Verdict.FAILED, _("短信含手机号码，接口地址须为 https。"))
        letter = body(options, message.recipient.address, words(message.content))
        data = base64.b64encode(json.dumps(letter, ensure_ascii=False).encode())
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return post(fetch, options["url"], self.read, data=data, headers=headers)

    @staticmethod
    def read(answer):
        """The Outcome by `success` and `rspcod`."""
        said = object_of(answer)
        if said is None or not isinstance(said.get("success"), bool):
            return Outcome(
                Verdict.UNKNOWN, _("对方的答复不是约定的格式（HTTP %s）。") % answer.status
            )
        if said["success"]:
            return SENT
        return Outcome(Verdict.FAILED, f"rspcod {str(said.get('rspcod') or '')[:100]}")


def body(options, mobiles, content):
    """The JSON object of one text message."""
    sign, serial = str(options["sign"]), str(options.get("add_serial") or "")
    return {
        "ecName": options["ec_name"],
        "apId": options["ap_id"],
        "mobiles": mobiles,
        "content": content,
        "sign": sign,
        "addSerial": serial,
        "mac": mac(options, mobiles, content, sign, serial),
    }


def mac(options, mobiles, content, sign, serial):
    """The digest of the gateway's protocol, which knows no other than MD5."""
    parts = (options["ec_name"], options["ap_id"], options["secret_key"])
    whole = "".join([*map(str, parts), mobiles, content, sign, serial])
    return hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest()


def words(content):
    """Title, text and address in one line; a long text is cut, the address is not."""
    said = " ".join(part for part in (content.get("title"), content.get("text")) if part)
    said, url = " ".join(said.split()), content.get("url", "")
    room = LONGEST_CHARACTERS - len(url) - 1
    if len(said) > room:
        said = said[: room - 1] + "…"
    return f"{said} {url}".strip()


KIND = Mas()
