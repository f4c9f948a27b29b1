"""Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64> …`.

The `standardwebhooks` library signs what we send. It cannot check what we receive: its tolerance is
five minutes for everybody, and it takes every body for UTF-8, where hotlines send GBK.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.signatures.scheme import Refusal, Scheme

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
# A sender that rotates keys signs with a few; more is somebody who guesses.
MOST_SIGNATURES = 10


class Standard(Scheme):
    """HMAC-SHA256 over id, time and body."""

    label = gettext_lazy("Standard Webhooks 签名")

    def check_headers(self, attempt):
        if not all(attempt.headers.get(name) for name in (ID, TIME, SIGNATURE)):
            raise Refusal(_("缺少签名：需要 webhook-id、webhook-timestamp、webhook-signature。"))
        attempt.id_in(ID)
        attempt.check_time(attempt.headers[TIME])

    def check(self, attempt, body):
        delivery_id, time = attempt.id_in(ID), attempt.headers[TIME]
        signed = f"{delivery_id}.{time}.".encode() + body
        offered = [
            value
            for part in attempt.headers[SIGNATURE].split()[:MOST_SIGNATURES]
            if (value := _value(part)) is not None
        ]
        for secret in attempt.secrets():
            key = key_of(secret)
            expected = hmac.digest(key, signed, hashlib.sha256) if key else b""
            if key and any(hmac.compare_digest(expected, value) for value in offered):
                return delivery_id
        raise Refusal(_("签名不符。"))

    def new_secret(self):
        return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def key_of(secret):
    """The bytes of a secret `whsec_<base64>`, or None for what is none."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX) + "==") or None
    except (binascii.Error, ValueError):
        return None


def _value(part):
    version, _comma, value = part.partition(",")
    if version != "v1":
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


SCHEME = Standard()
