"""Several clocks at once read every entry once and send every message once."""

import threading
import time
from contextlib import suppress

import pytest

from integrations import http, outbox
from integrations.channels import answers
from integrations.models import OutboundMessage, OutboxTally
from integrations.outbox import courier
from integrations.outbox.crew import crew
from tests.channels.stub import never, running
from tests.outbox.conftest import states
from tests.room import at_once, sample

FOR_EVER = float("inf")
EVENTS = 12
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def bot(group, channel):
    """A slow channel into a group, so that couriers meet."""
    channel("group", "bot")
    send, lock = type(group).send, threading.Lock()

    def slowly(*args):
        time.sleep(0.01)
        with lock:
            return send(group, *args)

    group.send = slowly
    return group


def storm(room, count=EVENTS):
    for _index in range(count):
        assert room.send("grid.beiyuan", "reports/", sample(priority="P1")).status_code == 201


def test_four_clocks_tell_everybody_once(room, bot):
    storm(room)
    at_once([outbox.tick] * 4)
    outbox.tick()
    assert states() == ["sent"] * EVENTS
    assert len({message.pk for message in bot.said}) == len(bot.said) == EVENTS
    assert OutboxTally.objects.get(verdict="sent").count == EVENTS


def test_of_two_couriers_that_pick_the_same_message_one_sends_it(room, bot, monkeypatch):
    storm(room, 1)
    outbox.read(FOR_EVER)
    pick, meeting = courier._next, threading.Barrier(2)

    def together(*args):
        found = pick(*args)
        # Where one writes at a time they cannot meet, and need not.
        with suppress(threading.BrokenBarrierError):
            meeting.wait(0.5)
        return found

    monkeypatch.setattr(courier, "_next", together)
    at_once([lambda: outbox.deliver(FOR_EVER)] * 2)
    assert len(bot.said) == 1
    assert states() == ["sent"]


def test_couriers_together_keep_to_the_limit_of_a_channel(room, bot, moment):
    bot.per_minute = 5
    storm(room)
    outbox.read(FOR_EVER)
    at_once([lambda: outbox.deliver(FOR_EVER)] * 4)
    assert len(bot.said) == 5
    moment.move(seconds=61)
    at_once([lambda: outbox.deliver(FOR_EVER)] * 4)
    assert len(bot.said) == 10


def test_events_that_come_while_it_reads_are_not_missed(room, bot):
    room.client("grid.beiyuan")
    at_once([lambda: storm(room, 5), *[lambda: outbox.read(FOR_EVER)] * 3])
    outbox.tick()
    assert OutboundMessage.objects.filter(state="sent").count() == 5


def test_a_channel_that_does_not_answer_holds_up_no_other(
    room, group, channel, settings, monkeypatch
):
    http._tls()
    monkeypatch.setattr(answers, "PATIENCE_S", 0.5)
    order = []
    group.send = lambda *args: order.append("group") or group.__class__.send(group, *args)
    with running(never) as deaf:
        settings.XIANFENG_OUTBOUND_ALLOW = [f"127.0.0.1:{deaf.port}"]
        channel("wecom_bot", "deaf", options={"key": "k", "base": deaf.url})
        channel("group", "bot")
        storm(room, 3)
        with crew() as run:
            assert outbox.tick(run) == 6
        assert len(deaf.requests) == 3
    assert len(order) == 3
    ends = {
        row.channel.code: row.state for row in OutboundMessage.objects.select_related("channel")
    }
    assert ends == {"deaf": "unknown", "bot": "sent"}


def test_from_a_report_to_the_groups_telephone(room, channel, settings):
    with running({"errcode": 0, "errmsg": "ok"}) as service:
        settings.XIANFENG_OUTBOUND_ALLOW = ["127.0.0.1"]
        channel("wecom_bot", "bot", options={"key": "k", "base": service.url})
        number = room.report(priority="P1")["number"]
        outbox.tick()
    text = service.last.json()["text"]["content"]
    assert text.startswith("【特急】新事件，请签收\n")
    assert text.endswith(f"\nhttps://xianfeng.example/events/{number}/")
    assert states() == ["sent"]
