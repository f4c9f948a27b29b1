"""What cannot be read is kept with a reason, mended by people, replayed, never doubled."""

import json
from dataclasses import dataclass

import pytest

from dispatch import hearsay
from dispatch.problem import Conflict
from events.models import Event
from integrations import incidents, processing
from integrations.items import Item
from integrations.models import InboundMessage, InboundState
from integrations.quarantine import discard, mend, replay, replay_all
from integrations.sources import Unreadable
from tests.inbox.wire import about, envelope, incident

pytestmark = pytest.mark.django_db


def message():
    """The oldest message."""
    return InboundMessage.objects.order_by("pk").first()


def events():
    """How many events the source has."""
    return Event.objects.filter(source="wire").count()


def test_what_cannot_be_read_has_a_receipt_and_a_reason(sender):
    answer = sender.post(b'{"items": [', "msg_1")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "JSON 不完整或格式有误：第 1 行第 12 列。"
    assert answer.json()["receipt"] == str(message().receipt)
    assert bytes(message().body) == b'{"items": ['
    assert sender.post(b'{"items": [', "msg_1").json() == answer.json()
    assert InboundMessage.objects.count() == 1


def test_mended_and_replayed_it_is_the_event_that_it_should_have_been(sender, user, moment):
    body = envelope(incident(id="A-1"))
    sender.post(body[:-1])
    row = mend(message(), body, user("dispatcher"))
    assert events() == 0
    assert replay(row).state == InboundState.DONE
    assert Event.objects.get(source="wire").external_id == "A-1"
    row = message()
    assert bytes(row.body) == body[:-1]
    assert (row.mended_by.username, row.reason) == ("dispatcher", "")
    with pytest.raises(Conflict):
        replay(row)
    with pytest.raises(Conflict):
        mend(row, body, user("dispatcher"))


def test_a_replay_never_makes_a_second_event(sender, user):
    good, bad = incident(id=None), incident(id="B-1", location=None)
    answer = sender.refused(422, good, bad)
    assert answer["event"]
    assert answer["detail"].startswith("第 2 项：")
    for _time in range(3):
        replay(message())
    assert events() == 1
    mended = envelope(good, {**bad, "address": "解放北路1号"})
    replay(mend(message(), mended, user("dispatcher")))
    assert events() == 2
    assert message().state == InboundState.DONE


def test_of_a_mended_message_only_what_is_new_is_applied(sender, user, room):
    number = sender.send(incident(id="A-1"))["event"]
    said = about("Progress", "A-1", text="进展", at="2026-06-01 10:00:00")
    sender.refused(422, said, incident(location=None))
    row = InboundMessage.objects.get(state=InboundState.QUARANTINED)
    # The operator takes out what has been done, and what cannot be done.
    replay(mend(row, envelope(said), user("dispatcher")))
    assert room.kinds(number).count("updated") == 1
    row.refresh_from_db()
    assert row.state == InboundState.DONE


@dataclass(frozen=True)
class Knock(Item):
    """An item that would be told as often as it is applied."""

    name: str

    def apply(self, context, prepared):
        if self.name == "bad":
            raise Unreadable("坏")
        return hearsay.updated(context.change, self.name, context.actor, "敲门").event


def test_what_was_applied_once_is_not_applied_by_a_replay_wherever_it_stands(
    sender, user, room, wire, monkeypatch
):
    number = sender.send(incident())["event"]
    monkeypatch.setattr(
        wire, "read", lambda source, delivery: map(Knock, delivery.body.decode().split())
    )
    assert sender.post(f"{number} bad".encode()).status_code == 422
    row = InboundMessage.objects.get(state=InboundState.QUARANTINED)
    assert replay(row).state == InboundState.QUARANTINED
    assert room.kinds(number).count("updated") == 1
    for content in (f"bad {number}", number):
        row = replay(mend(row, content.encode(), user("dispatcher")))
    assert row.state == InboundState.DONE
    assert room.kinds(number).count("updated") == 1


def test_all_of_a_source_are_replayed_in_steps(sender, source, wire, monkeypatch):
    real = wire.read
    monkeypatch.setattr(wire, "read", lambda source, delivery: 1 / 0)
    for _number in range(5):
        sender.post(envelope(incident()))
    broken = message()
    monkeypatch.setattr(
        wire,
        "read",
        lambda source, delivery: 1 / 0 if delivery.body == broken.body else real(source, delivery),
    )
    first = replay_all(source, limit=3)
    assert (first.done, first.kept) == (2, 1)
    second = replay_all(source, after=first.last, limit=3)
    assert (second.done, second.kept) == (2, 0)
    assert replay_all(source, after=second.last).last is None
    assert events() == 4


def test_what_was_discarded_stays_as_it_is_and_is_gone_from_the_quarantine(sender, user):
    sender.post(b"nonsense")
    row = discard(message(), user("dispatcher"), "测试消息")
    assert row.state == InboundState.DISCARDED
    assert row.reason == "测试消息（dispatcher）"
    assert bytes(message().body) == b"nonsense"
    for act in (replay, lambda row: discard(row, user("dispatcher"), "x")):
        with pytest.raises(Conflict):
            act(message())


def test_a_kind_that_stumbles_leaves_a_neutral_reason_and_no_personal_data_in_the_log(
    sender, wire, monkeypatch, caplog
):
    def stumble(source, delivery):
        raise ValueError(f"cannot read 13800138000 in {delivery.body}")

    monkeypatch.setattr(wire, "read", stumble)
    problem = sender.refused(422, incident(reporter_phone="13800138000"))
    assert problem["detail"] == "处理时出错，原文已保存，请联系维护人员。"
    assert "ValueError" in str([record.fields for record in caplog.records if record.levelno > 30])
    assert "13800138000" not in json.dumps([str(vars(r)) for r in caplog.records])


def test_a_source_whose_kind_is_gone_keeps_what_comes(sender, source):
    source.kind = "gone"
    source.save()
    assert sender.refused(422, incident())["receipt"]


@pytest.mark.parametrize("error", [RecursionError, MemoryError, UnicodeError, KeyError, OSError])
def test_whatever_an_item_fails_with_stops_no_other_item(sender, monkeypatch, error):
    real = incidents.apply

    def apply(item, context, prepared):
        if item.report.text == "坏":
            raise error
        return real(item, context, prepared)

    monkeypatch.setattr(incidents, "apply", apply)
    answer = sender.refused(422, incident(text="坏"), incident())
    assert answer["event"]
    assert events() == 1


def test_a_message_that_ends_every_process_ends_in_quarantine(sender, monkeypatch, clock):
    class Killed(BaseException):
        pass

    def kill(message):
        raise Killed

    monkeypatch.setattr(processing, "translate", kill)
    with pytest.raises(Killed):
        sender.post(envelope(incident()))
    for _time in range(processing.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            clock()
    clock()
    assert message().state == InboundState.QUARANTINED
    assert "10 次" in message().reason
