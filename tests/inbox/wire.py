"""A kind of source that says in plain JSON which items it holds, and a system that sends it."""

import base64
import json
import uuid

from standardwebhooks import Webhook

from events import moment
from events.report import Report
from integrations import items
from integrations.items import Incident, Picture
from integrations.reading import json as reading
from integrations.reading import times
from integrations.sources import Kind, Unreadable
from integrations.sources.kind import Delivery
from tests import BEIYUAN

KEY = "whsec_" + base64.b64encode(b"a key of twenty-four bytes").decode()
OTHER_KEY = "whsec_" + base64.b64encode(b"another one, a bit longer.").decode()


class Wire(Kind):
    """`{"items": [{"item": "Incident", "id": …, "text": …}, {"item": "Progress", …}]}`."""

    label = "试验"

    def read(self, source, delivery):
        content = reading.parse(delivery.body, delivery.content_type, source.encoding)
        if not isinstance(content, dict) or "items" not in content:
            raise Unreadable("没有 items。")
        return [self.item(dict(entry)) for entry in content["items"]]

    def item(self, entry):
        name = entry.pop("item")
        said_at = times.parse(entry.pop("at", None))
        if name == "Incident":
            also = tuple(entry.pop("also", ()))
            report = Report(
                source="", external_id=entry.pop("id", ""), **{"location": None, **entry}
            )
            return Incident(report, said_at, also)
        if name == "Picture":
            content = base64.b64decode(entry.pop("content", ""))
            return Picture(entry.pop("id"), content=content, **entry)
        return getattr(items, name)(entry.pop("id"), said_at=said_at, **entry)

    def pull(self, source, cursor, fetch):
        after = cursor.get("after", 0)
        rows = fetch(f"{source.options['url']}?after={after}").json()
        return [Delivery(json.dumps(row).encode()) for row in rows], {"after": after + len(rows)}


def incident(**fields):
    """An Incident at BEIYUAN, as Wire reads it; None leaves a field out."""
    fields = {
        "item": "Incident",
        "id": f"W-{uuid.uuid4().hex[:8]}",
        "text": "北园酒家门口井盖缺失",
        "location": {**BEIYUAN, "crs": "WGS84"},
        **fields,
    }
    return {name: value for name, value in fields.items() if value is not None}


def about(item, external_id, **fields):
    """Another item about an event."""
    return {"item": item, "id": external_id, **fields}


def envelope(*entries):
    """The bytes of a delivery."""
    return json.dumps({"items": entries}).encode()


class Sender:
    """A system that sends to `/feeds/<code>/`, signed by the library of Standard Webhooks."""

    def __init__(self, client, code="wire", key=KEY):
        self.client, self.code, self.key = client, code, key

    def headers(self, body, delivery_id=None, at=None, key=None):
        """The three headers of a delivery."""
        delivery_id, at = delivery_id or f"msg_{uuid.uuid4().hex}", at or moment.now()
        return {
            "webhook-id": delivery_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(key or self.key).sign(delivery_id, at, body.decode()),
        }

    def post(self, body, delivery_id=None, *, at=None, key=None, headers=None, **options):
        """The answer to a delivery of bytes."""
        if headers is None:
            headers = self.headers(body, delivery_id, at, key)
        return self.client.post(
            f"/feeds/{self.code}/",
            body,
            **{"content_type": "application/json", "headers": headers, **options},
        )

    def send(self, *entries, delivery_id=None):
        """The JSON of a delivery of items that is accepted."""
        answer = self.post(envelope(*entries), delivery_id)
        assert answer.status_code in (200, 202), answer.content.decode()
        return answer.json()

    def refused(self, status, *entries, delivery_id=None):
        """The problem of a delivery of items that is not accepted."""
        answer = self.post(envelope(*entries), delivery_id)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()
