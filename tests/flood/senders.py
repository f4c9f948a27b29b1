"""Who sends to flood control's door: signs like the demo source, in every form it takes."""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import timedelta
from pathlib import Path

from django.test import Client
from django.utils.timezone import localtime

from config.demo.sources import SECRET
from events import moment
from integrations.signatures.standard import key_of

DATA = Path(__file__).parent / "data"
NUMBERS = itertools.count(1)


def push(body, content_type="application/json"):
    """The answer of the door to a signed delivery; `body` is bytes, text, or JSON data."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body, ensure_ascii=False)
    body = body.encode() if isinstance(body, str) else body
    delivery, at = f"flood-{next(NUMBERS)}", str(int(moment.now().timestamp()))
    signature = hmac.digest(key_of(SECRET), f"{delivery}.{at}.".encode() + body, hashlib.sha256)
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
    return Client().post("/feeds/flood/", body, content_type=content_type, headers=headers)


def taken(body, content_type="application/json"):
    """The receipt of a delivery that is taken."""
    answer = push(body, content_type)
    assert answer.status_code == 202, answer.content.decode()
    return answer.json()


def refused(body, content_type="application/json"):
    """Why a delivery is put aside, in words."""
    answer = push(body, content_type)
    assert answer.status_code == 422, answer.content.decode()
    return answer.json()["detail"]


def ago(**kwargs):
    """A time before now, as the platforms write it."""
    return f"{localtime(moment.now() - timedelta(**kwargs)):%Y-%m-%d %H:%M:%S}"
