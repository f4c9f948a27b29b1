"""Webhooks to other systems by Standard Webhooks: every entry, signed, for days if need be."""

import hashlib
import json
from datetime import UTC

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from standardwebhooks.webhooks import EmptyWebhookSecretError
from standardwebhooks.webhooks import Webhook as Signer

from events import moment
from integrations.channels.answers import arrived, post
from integrations.channels.kind import Kind
from integrations.outcome import Outcome, Verdict


class Webhook(Kind):
    """A POST of JSON: {type, timestamp, data}. The same message has the same webhook-id always."""

    label = gettext_lazy("Webhook（Standard Webhooks）")
    entries = True
    idempotent = True
    options = {
        "url": gettext_lazy("接收地址"),
        "secret": gettext_lazy("签名密钥（whsec_…）"),
        "texts": gettext_lazy("连同人工填写的文字（true/false）"),
    }
    required = ("url", "secret")
    secrets = ("secret",)

    def send(self, channel, message, fetch):
        """Send it; a 410 means that nobody wants it any more."""
        if lacking := self.lacking(channel):
            return lacking
        body = json.dumps(message.content, ensure_ascii=False, separators=(",", ":"))
        try:
            headers = signed(channel.options["secret"], name_of(message), moment.now(), body)
        except (ValueError, TypeError, EmptyWebhookSecretError):
            return Outcome(Verdict.FAILED, _("签名密钥不是 whsec_ 加 base64。"))
        gone = Outcome(Verdict.FAILED, _("对方答复 HTTP 410：不再接收。"), gone=True)
        headers["Content-Type"] = "application/json"
        return post(
            fetch,
            channel.options["url"],
            arrived,
            verdicts={410: gone},
            data=body.encode(),
            headers=headers,
        )


def name_of(message):
    """The webhook-id: of this message and no other."""
    return f"msg_{hashlib.sha256(message.key.encode()).hexdigest()[:32]}"


def signed(secret, name, at, body):
    """The three headers of Standard Webhooks. Raises ValueError, or EmptyWebhookSecretError, for a
    secret that is none."""
    at = at.astimezone(UTC)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret).sign(name, at, body),
    }


KIND = Webhook()
