"""What the tests of the operators' pages share: people signed in, and messages that came."""

import json

import pytest
from django.test import Client

from events import moment
from integrations.models import Channel, InboundMessage, OutboundMessage, Source
from integrations.processing import deliver
from integrations.sources.kind import Delivery

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Who may look and act, who may only look, who may neither.
OPERATORS = ("admin", "dispatcher")
AUDITOR = "auditor"
OTHERS = ("duty.hongqiao", "grid.beiyuan", "supervisor")


@pytest.fixture
def visit(user):
    """Django's test client, signed in as a username."""

    def sign_in(username="dispatcher", **options):
        client = Client(**options)
        client.force_login(user(username), BACKEND)
        return client

    return sign_in


@pytest.fixture
def operator(visit):
    """A dispatcher at the pages."""
    return visit("dispatcher")


def ticket(number="202611250001", **fields):
    """The bytes of a hotline ticket as JSON."""
    record = {
        "工单编号": number,
        "问题分类": "市容环卫->垃圾清运->暴露垃圾",
        "标题": "门前垃圾未清理",
        "主要内容": "市民反映门前垃圾堆放三天未清理",
        "被反映区": "越秀区",
        "被反映街乡镇": "洪桥街道",
        "来电人": "张三",
        "来电人电话": "13800138000",
        "小区点位": "小北路202号",
        **fields,
    }
    return json.dumps(record, ensure_ascii=False).encode()


@pytest.fixture
def arrive():
    """Let a message arrive at a source as if its door had taken it; the InboundMessage."""

    def take(body, code="hotline", content_type="application/json", delivery_id="", **headers):
        source = Source.objects.get(code=code)
        sent = {"content-type": content_type, **headers}
        delivery = Delivery(body, content_type, sent, moment.now())
        message, _created = deliver(source, delivery, delivery_id)
        return InboundMessage.objects.select_related("source").get(pk=message.pk)

    return take


@pytest.fixture
def broken(arrive):
    """A ticket whose end is missing, in quarantine."""
    message = arrive(ticket()[:-1])
    assert message.state == "quarantined"
    return message


@pytest.fixture
def channel():
    """A bot of a work group."""
    return Channel.objects.create(
        code="bot", name="洪桥街应急群", kind="wecom_bot", options={"key": "a-key-of-the-bot"}
    )


@pytest.fixture
def outgoing(channel):
    """A message that goes out by the channel, in the state asked for."""

    def make(state="dead", **fields):
        now = moment.now()
        return OutboundMessage.objects.create(
            **{
                "key": f"test:{OutboundMessage.objects.count()}",
                "purpose": "notice",
                "channel": channel,
                "content": {"title": "积水", "text": "请签收"},
                "state": state,
                "reason": "机器人的 key 无效" if state == "dead" else "",
                "created_at": now,
                "ended_at": None if state == "pending" else now,
                **fields,
            }
        )

    return make


def page_of(answer, status=200):
    """The text of a page; fails for another status."""
    text = answer.content.decode()
    assert answer.status_code == status, text[:2000]
    return text
