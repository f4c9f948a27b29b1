"""企业微信群机器人: a webhook into a group, 20 messages a minute, sizes counted in bytes."""

from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from integrations.channels.answers import coded, post
from integrations.channels.kind import Kind
from integrations.channels.wording import compose
from integrations.outcome import SENT, Outcome, Verdict

BASE = "https://qyapi.weixin.qq.com"
LONGEST = {"text": 2048, "markdown": 4096}
# The status is 200 whatever happens.
ERRCODES = {
    0: SENT,
    -1: Outcome(Verdict.RETRY, _("对方系统繁忙")),
    45009: Outcome(Verdict.RETRY, _("发送太频繁"), wait_s=60, block=True),
    45033: Outcome(Verdict.RETRY, _("并发太高"), wait_s=60, block=True),
    93000: Outcome(Verdict.FAILED, _("机器人的 key 无效")),
    40058: Outcome(Verdict.FAILED, _("内容超过长度或不合格式")),
}


class WecomBot(Kind):
    """Text or markdown into the group of the bot."""

    label = _("企业微信群机器人")
    per_minute = 20
    options = {
        "key": _("机器人的 key"),
        "base": _("接口地址，私有部署或粤政易时填写"),
        "format": _("text 或 markdown，默认 text"),
        "mention_urgent": _("特急时提醒所有人（true/false）"),
    }
    required = secrets = ("key",)

    def send(self, channel, message, fetch):
        """Send it to the group; longer than the service takes is cut."""
        if lacking := self.lacking(channel):
            return lacking
        form = "markdown" if channel.options.get("format") == "markdown" else "text"
        body = {"content": compose(message.content, LONGEST[form])}
        if form == "text" and message.urgent and self.on(channel, "mention_urgent"):
            body["mentioned_list"] = ["@all"]
        base = str(channel.options.get("base") or BASE).rstrip("/")
        url = f"{base}/cgi-bin/webhook/send?key={quote(str(channel.options['key']), safe='')}"
        return post(fetch, url, self.read, json={"msgtype": form, form: body})

    @staticmethod
    def read(answer):
        """The Outcome by `errcode`."""
        return coded(answer, "errcode", ERRCODES, "errmsg")


KIND = WecomBot()
