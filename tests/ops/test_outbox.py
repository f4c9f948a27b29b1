"""What goes out: what failed stands first, is sent again or given up; channels and their keys."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from events.models import Event
from integrations.models import Channel, Contact, OperatorAct, OutboundMessage, Source
from tests.ops.conftest import page_of

pytestmark = pytest.mark.django_db


def listed(client, **filters):
    """Ids of the messages that the list shows."""
    answer = client.get(f"/ops/outbox/?{urlencode(filters)}")
    page_of(answer)
    return {row.pk for row in answer.context["page"].rows}


def at(name, message):
    return reverse(f"ops:{name}", args=[message.pk])


def test_the_list_opens_with_what_needs_a_person(operator, outgoing):
    dead, unknown = outgoing("dead"), outgoing("unknown")
    sent, pending = outgoing("sent"), outgoing("pending")
    assert listed(operator) == {dead.pk, unknown.pk}
    assert listed(operator, state="all") == {dead.pk, unknown.pk, sent.pk, pending.pk}
    assert listed(operator, state="pending") == {pending.pk}


def test_the_list_is_filtered_by_channel_source_and_event(operator, outgoing, report):
    event = Event.objects.get(number=report()["number"])
    first = outgoing(event=event)
    other = Channel.objects.create(code="other", name="另一个", kind="webhook")
    second = outgoing(channel=other)
    third = outgoing(channel=None, source=Source.objects.get(code="hotline"), purpose="write_back")
    assert listed(operator, channel="bot") == {first.pk}
    assert listed(operator, channel="other") == {second.pk}
    assert listed(operator, source="hotline") == {third.pk}
    assert listed(operator, event=event.number.lower()) == {first.pk}


def test_a_dead_letter_is_sent_again(operator, outgoing, user):
    message = outgoing("dead", attempts=9)
    assert "机器人的 key 无效" in page_of(operator.get(at("outbound", message)))
    answer = operator.post(at("resend", message), follow=True)
    assert "已排队重发" in page_of(answer)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("pending", 0)
    act = OperatorAct.objects.get(outbound=message)
    assert (act.verb, act.user) == ("resent", user("dispatcher"))


def test_what_was_sent_is_not_sent_again(operator, outgoing):
    message = outgoing("sent")
    answer = operator.post(at("resend", message), follow=True)
    assert "不能这样做" in page_of(answer)
    message.refresh_from_db()
    assert message.state == "sent"
    assert not OperatorAct.objects.filter(outbound=message).exists()


@pytest.mark.parametrize("state", ["dead", "unknown"])
def test_what_was_given_up_needs_nobody_any_more(operator, outgoing, moment, state):
    message = outgoing(state)
    operator.post(at("give-up", message))
    assert listed(operator) == set()
    assert listed(operator, state="dead") == {message.pk}
    # Sent again and failed again, it is back.
    operator.post(at("resend", message))
    moment.move(minutes=5)
    OutboundMessage.objects.filter(pk=message.pk).update(state="dead", ended_at=moment.now())
    assert listed(operator) == {message.pk}


def test_failed_ones_of_a_channel_go_by_the_lot_but_never_unknown_ones(operator, outgoing):
    dead, unknown = [outgoing("dead") for _n in range(3)], outgoing("unknown")
    operator.post("/ops/outbox/resend/")
    assert listed(operator) == {*(one.pk for one in dead), unknown.pk}
    answer = operator.post("/ops/outbox/resend/", {"channel": "bot"}, follow=True)
    assert "已排队重发 3 条" in page_of(answer)
    assert listed(operator) == {unknown.pk}


def test_content_is_for_operators_and_an_address_shows_its_end_only(visit, outgoing, user):
    contact = Contact.objects.create(user=user("duty.hongqiao"), kind="mas", address="13912345678")
    message = outgoing(recipient=contact, content={"text": "请签收", "token": "T0ken"})
    text = page_of(visit("dispatcher").get(at("outbound", message)))
    assert "请签收" in text
    assert "…5678" in text
    assert "13912345678" not in text
    assert "T0ken" not in text
    assert "请签收" not in page_of(visit("auditor").get(at("outbound", message)))


def test_a_list_of_many_costs_no_more_than_a_list_of_few(
    operator, outgoing, django_assert_max_num_queries
):
    outgoing()
    for path in ("outbox/", "channels/", "acts/"):
        operator.get(f"/ops/{path}")
        with django_assert_max_num_queries(16) as few:
            operator.get(f"/ops/{path}")
        for number in range(8):
            operator.post(at("resend", outgoing()))
            outgoing("unknown")
            Channel.objects.create(code=f"{path[:3]}{number}", name="群", kind="wecom_bot")
        with django_assert_max_num_queries(16) as many:
            operator.get(f"/ops/{path}")
        assert len(many) == len(few), path


def settings(channel, client, **fields):
    """The fields of a channel's form as its page has them, but for `fields`."""
    answer = client.get(f"/ops/channels/{channel.code}/")
    return {
        "seen": answer.context["seen"],
        "name": channel.name,
        "active": "on",
        "per_minute": 0,
        "option:key": "",
        "option:base": "",
        **fields,
    }


def save(client, channel, **fields):
    return client.post(f"/ops/channels/{channel.code}/save/", settings(channel, client, **fields))


def test_a_channels_key_is_never_shown_and_stays_when_left_empty(operator, channel):
    assert "a-key-of-the-bot" not in page_of(operator.get("/ops/channels/bot/"))
    assert save(operator, channel, name="新名字").status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.options) == ("新名字", {"key": "a-key-of-the-bot"})
    text = page_of(operator.get("/ops/channels/bot/"))
    assert "洪桥街应急群 → 新名字" in text


def test_a_new_key_is_kept_and_only_its_name_is_told(operator, channel):
    save(operator, channel, **{"option:key": "another-key", "option:base": "https://wx.example"})
    channel.refresh_from_db()
    assert channel.options == {"key": "another-key", "base": "https://wx.example"}
    act = OperatorAct.objects.get(verb="options")
    assert act.detail == "base、key"
    assert "another-key" not in page_of(operator.get("/ops/channels/bot/"))
    assert "another-key" not in page_of(operator.get("/ops/acts/"))


def test_who_saves_after_somebody_else_is_told_and_changes_nothing(operator, channel):
    stale = settings(channel, operator, name="我的")
    save(operator, channel, name="先来的")
    answer = operator.post("/ops/channels/bot/save/", stale)
    assert "刚被别人改过" in page_of(answer, 422)
    channel.refresh_from_db()
    assert channel.name == "先来的"


def test_a_new_channel_sends_nothing_before_it_is_switched_on(operator):
    fields = {"code": "new", "name": "新群", "kind": "wecom_bot"}
    operator.post("/ops/new-channel/", fields)
    assert Channel.objects.get(code="new").active is False
    assert "缺少参数" in page_of(operator.get("/ops/channels/"))
    text = page_of(operator.post("/ops/new-channel/", fields), 422)
    assert "field-error" in text


def test_a_test_message_goes_out_by_the_channel(operator, channel):
    answer = operator.post("/ops/channels/bot/try/", follow=True)
    assert "测试消息已排队" in page_of(answer)
    message = OutboundMessage.objects.get(channel=channel)
    assert (message.purpose, message.state) == ("test", "pending")


def test_who_has_no_address_of_that_kind_is_told(operator):
    Channel.objects.create(code="sms", name="短信", kind="mas")
    answer = operator.post("/ops/channels/sms/try/", follow=True)
    assert "没有这类通道的联系方式" in page_of(answer)
    assert not OutboundMessage.objects.exists()
