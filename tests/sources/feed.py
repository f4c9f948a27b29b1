"""Another system at `/feeds/<source>/`: it signs bytes of any encoding with the demo's key."""

import base64
import hashlib
import hmac
import json
import uuid
from pathlib import Path

from django.test import Client

from events import moment
from events.models import Event
from integrations import sources

SECRET = "whsec_eGlhbmZlbmctZGVtby1zZWNyZXQtMjRieXRlcw=="
FOLDER = Path(sources.__file__).parent


def sample(kind, number):
    """The bytes of a kind's sample by the number at the beginning of its name."""
    (path,) = (FOLDER / kind / "samples").glob(f"{number}_*")
    return path.read_bytes()


def sign(body):
    """The headers of Standard Webhooks for bytes."""
    name, at = f"msg_{uuid.uuid4().hex}", str(int(moment.now().timestamp()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{name}.{at}.".encode() + body, hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": name, "webhook-timestamp": at, "webhook-signature": signature}


class Feed:
    """One source's sender."""

    def __init__(self, code):
        self.code, self.client = code, Client()

    def post(self, body, content_type="application/xml"):
        """The answer to bytes, a text, or data as JSON."""
        if not isinstance(body, bytes | str):
            body, content_type = json.dumps(body, ensure_ascii=False), "application/json"
        body = body if isinstance(body, bytes) else body.encode()
        return self.client.post(
            f"/feeds/{self.code}/", body, content_type=content_type, headers=sign(body)
        )

    def send(self, body, content_type="application/xml"):
        """The Event of a delivery that is accepted and makes or touches one."""
        answer = self.post(body, content_type)
        assert answer.status_code in (200, 202), answer.content.decode()
        return Event.objects.get(number=answer.json()["event"])

    def sample(self, number, change=None):
        """The Event of a sample; `change` is {old: new} of its text or fields, None for gone."""
        body = sample(self.code, number)
        if change is None:
            return self.send(body)
        if body.lstrip()[:1] in b"{[":
            record = json.loads(body) | change
            return self.send({name: value for name, value in record.items() if value is not None})
        text = body.decode()
        for old, new in change.items():
            assert old in text
            text = text.replace(old, new)
        return self.send(text)

    def refused(self, body, content_type="application/xml"):
        """The detail of a delivery that is put aside."""
        answer = self.post(body, content_type)
        assert answer.status_code == 422, answer.content.decode()
        return answer.json()["detail"]


def where(event):
    """(street, community) of an event by name, None for what is not known."""
    return event.street and event.street.name, event.community and event.community.name


def told(event, *kinds):
    """[(kind, data)] of the event's entries of those kinds."""
    rows = event.timeline.filter(kind__in=kinds).order_by("seq")
    return list(rows.values_list("kind", "data"))


def updates(event):
    """The texts by which the source updated the event."""
    return [data["text"] for _kind, data in told(event, "updated")]
