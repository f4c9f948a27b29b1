"""Web Push (RFC 8030, 8291, 8292): a hint to a browser, which then asks us what it is about.

The push services are often out of reach from mainland China: never the only channel.
"""

import base64
import json
from functools import lru_cache
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from py_vapid import Vapid02, VapidException

from events import moment
from integrations.channels.answers import arrived, post
from integrations.channels.kind import Kind
from integrations.outcome import Outcome, Verdict

# How long the push service keeps it for a telephone that is off; seconds.
URGENT_TTL_S, TTL_S = 1800, 6 * 3600
TOKEN_S = 12 * 3600


class WebPush(Kind):
    """A hint of one id to one browser."""

    label = gettext_lazy("浏览器推送（Web Push）")
    address = gettext_lazy("浏览器的订阅地址")
    personal = True

    def send(self, channel, message, fetch):
        """Hand the hint to the browser's push service."""
        key = vapid()
        if key is None:
            return Outcome(Verdict.FAILED, _("没有设置 XIANFENG_VAPID_PRIVATE_KEY。"))
        contact = message.recipient
        try:
            body = encrypted(contact, {"id": message.pk})
            endpoint = urlsplit(contact.address)
            claims = {
                "aud": f"{endpoint.scheme}://{endpoint.netloc}",
                "exp": int(moment.now().timestamp()) + TOKEN_S,
                "sub": settings.VAPID_SUBJECT,
            }
            headers = {
                **key.sign(claims),
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(URGENT_TTL_S if message.urgent else TTL_S),
                "Urgency": "high" if message.urgent else "normal",
            }
        except (ValueError, TypeError, KeyError, http_ece.ECEException, VapidException):
            return Outcome(Verdict.FAILED, _("浏览器的订阅信息无效。"), gone=True)
        gone = Outcome(Verdict.FAILED, _("浏览器已取消订阅。"), gone=True)
        return post(
            fetch,
            contact.address,
            arrived,
            verdicts={404: gone, 410: gone},
            data=body,
            headers=headers,
        )


def encrypted(contact, hint):
    """The hint for the eyes of that browser only (aes128gcm). Raises ValueError for bad keys."""
    keys = contact.options["keys"]
    return http_ece.encrypt(
        json.dumps(hint).encode(),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(keys["p256dh"]),
        auth_secret=decoded(keys["auth"]),
        version="aes128gcm",
    )


def decoded(text):
    """The bytes of base64url without padding. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def vapid():
    """The key that signs for this server, or None when there is none in the settings."""
    return _vapid(settings.VAPID_PRIVATE_KEY) if settings.VAPID_PRIVATE_KEY else None


@lru_cache(2)
def _vapid(text):
    return Vapid02.from_raw(text.encode())


def public_key():
    """The public key that browsers subscribe with, base64url; "" when push is off."""
    key = vapid()
    if key is None:
        return ""
    raw = key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


KIND = WebPush()
