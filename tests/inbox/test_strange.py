"""Whatever a source sends, it is an event or lies in quarantine with a reason; never an error.

`XIANFENG_FUZZ=100000 pytest tests/inbox/test_strange.py` tries so many deliveries.
"""

import base64
import hmac
import os
import time
import uuid

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings

from config.demo.sources import SECRET
from integrations.models import InboundMessage, InboundState
from tests.inbox.mutations import deliveries

EXAMPLES = int(os.environ.get("XIANFENG_FUZZ", "100"))


@pytest.fixture(autouse=True)
def wire():
    """Here the kinds are the real ones."""


def signed(body):
    """The headers of a delivery, signed over its bytes whatever they are."""
    delivery_id, now = f"msg_{uuid.uuid4().hex}", str(int(time.time()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    value = hmac.digest(key, f"{delivery_id}.{now}.".encode() + body, "sha256")
    signature = f"v1,{base64.b64encode(value).decode()}"
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": now,
        "webhook-signature": signature,
    }


@pytest.mark.django_db
@given(deliveries())
@example(("hotline", b"", ""))
@example(("command", b"[" * 100_000, "application/json"))
@example(("command", b"<a>" * 100_000, "text/xml"))
@example(("flood", b"7E7E" * 1000, "application/octet-stream"))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_whatever_comes_is_done_or_put_aside_with_a_reason(delivery):
    code, body, content_type = delivery
    with transaction.atomic():
        answer = Client().generic(
            "POST", f"/feeds/{code}/", body, content_type, headers=signed(body)
        )
        assert answer.status_code in (200, 202, 422), answer.content.decode()
        message = InboundMessage.objects.get(source__code=code)
        assert bytes(message.body) == body
        if message.state == InboundState.QUARANTINED:
            assert message.reason
            assert (answer.status_code == 422) == (message.retry_at is None)
        else:
            assert message.state == InboundState.DONE
        transaction.set_rollback(True)
