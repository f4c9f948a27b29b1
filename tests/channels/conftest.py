"""A service on loopback, and saying something through a kind of channel without a database."""

import pytest

from integrations import http
from integrations.channels import answers, kinds
from integrations.models import Channel, Contact, OutboundMessage
from tests.channels.stub import running

NOTICE = {
    "title": "【特急】新事件，请签收",
    "text": "井盖缺失 · 洪桥街道 北园社区\nYX20261121-000123",
    "url": "https://xianfeng.example/events/YX20261121-000123/",
    "number": "YX20261121-000123",
    "urgent": True,
}


@pytest.fixture
def service(settings):
    """A service that the guard lets us reach."""
    with running({"errcode": 0, "errmsg": "ok", "code": 0, "success": True}) as stub:
        settings.XIANFENG_OUTBOUND_ALLOW = [f"127.0.0.1:{stub.port}"]
        yield stub


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits longer than half a second. What is made once for all requests is there."""
    http._tls()
    monkeypatch.setattr(answers, "PATIENCE_S", 0.5)


@pytest.fixture
def say():
    """The Outcome of sending `content` by a kind with those options."""

    def send(kind, options, content=NOTICE, *, address="", keys=None, key="notice:x:-:1", **fields):
        channel = Channel(code="x", kind=kind, options=options)
        contact = Contact(kind=kind, address=address, options={"keys": keys} if keys else {})
        message = OutboundMessage(
            pk=7, key=key, channel=channel, recipient=contact, content=content, **fields
        )
        return kinds()[kind].send(channel, message, http.fetch)

    return send
