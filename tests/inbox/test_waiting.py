"""News of an event that has not come yet is kept, and told when it comes."""

import pytest

from integrations.models import Awaited, InboundMessage, InboundState
from integrations.processing import process
from tests.inbox.wire import about, envelope, incident

pytestmark = pytest.mark.django_db


def message():
    """The oldest message."""
    return InboundMessage.objects.order_by("pk").first()


def test_news_before_its_event_is_accepted_and_told_as_soon_as_the_event_comes(sender, room):
    answer = sender.post(envelope(about("Progress", "A-1", text="市民催办")), "msg_1")
    assert answer.status_code == 202
    assert list(answer.json()) == ["receipt"]
    assert message().state == InboundState.QUARANTINED
    assert message().reason == "事件未到：A-1。"
    number = sender.send(incident(id="A-1"))["event"]
    assert room.entries(number)[-1]["summary"] == "来源更新：市民催办"
    assert message().state == InboundState.DONE
    assert not Awaited.objects.exists()
    again = sender.post(bytes(message().body), "msg_1")
    assert (again.status_code, again.json()["event"]) == (200, number)


def test_news_that_waited_is_told_in_the_order_of_its_coming(sender, room):
    for word in ("一", "二", "三"):
        sender.send(about("Progress", "A-1", text=word))
    number = sender.send(incident(id="A-1"))["event"]
    told = [e["data"]["text"] for e in room.entries(number) if e["kind"] == "updated"]
    assert told == ["一", "二", "三"]


def test_another_sources_event_by_that_id_is_not_waited_for(sender, source, room):
    source.code, source.pk = "other", None
    source.save(force_insert=True)
    sender.send(incident(id="A-1"))
    message_of_other = InboundMessage.objects.create(
        source=source,
        key="1",
        digest="",
        body=envelope(about("Progress", "A-1", text="别家的")),
        received_at=message().received_at,
        retry_at=message().received_at,
    )
    assert process(message_of_other).state == InboundState.QUARANTINED


def test_the_clock_tries_again_for_a_day_and_then_gives_up(sender, clock):
    sender.send(about("Progress", "A-1", text="市民催办"))
    assert clock(minutes=5) == 0
    assert clock(minutes=6) == 1
    assert message().state == InboundState.QUARANTINED
    assert message().retry_at is not None
    clock(minutes=24 * 60)
    assert message().retry_at is None
    assert "24 小时" in message().reason
    assert clock(minutes=60) == 0
    # Should it come after all, it is told all the same.
    sender.send(incident(id="A-1"))
    assert message().state == InboundState.DONE


def test_what_is_wrong_besides_waiting_is_said_too(sender):
    problem = sender.refused(
        422, about("Progress", "A-1", text="x"), incident(id="B-1", location=None)
    )
    wrong = "第 2 项：需要位置或地址：打开定位，或填写地址。"
    assert problem["detail"] == message().reason == f"第 1 项：事件未到：A-1。 {wrong}"
    assert sender.send(incident(id="A-1"))["event"]
    assert message().state == InboundState.QUARANTINED
    assert message().reason == wrong
    assert message().retry_at is None
    assert not Awaited.objects.exists()


def test_an_event_that_comes_in_the_same_delivery_is_there_for_what_follows(sender, room):
    number = sender.send(incident(id="A-1"), about("Progress", "A-1", text="进展"))["event"]
    assert room.kinds(number)[-1] == "updated"
