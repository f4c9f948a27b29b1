"""A storm rings a telephone a few times, not forty; an alarm always rings by itself."""

from datetime import timedelta

import pytest

from integrations import outbox
from integrations.models import Channel, OutboundMessage
from integrations.outbox import quiet
from tests.outbox.conftest import titles, whom
from tests.room import CITYOPS, EMERGENCY

FOR_EVER = float("inf")
pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(group, channel):
    """The group of the emergency office."""
    channel("group", departments=[EMERGENCY])
    return group


def storm(room, count, **fields):
    return [room.report(**fields)["number"] for _index in range(count)]


def test_forty_events_in_a_minute_are_five_notices_and_one_message(room, bot, moment):
    numbers = storm(room, 40)
    outbox.tick()
    assert [message.event.number for message in bot.said] == numbers[: quiet.ALONE]
    moment.move(seconds=31)
    outbox.tick()
    assert len(bot.said) == quiet.ALONE + 1
    bundle = bot.said[-1]
    assert bundle.content["title"] == "35 条新通知，涉及 35 个事件"
    lines = bundle.content["text"].splitlines()
    assert numbers[5] in lines[0]
    assert lines[-1] == "……另有 27 条"
    assert bundle.content["url"] == "https://xianfeng.example/"
    bundled = OutboundMessage.objects.filter(state="bundled")
    assert {row.bundled_in_id for row in bundled} == {bundle.pk}
    assert len(bundled) == 35
    moment.move(hours=1)
    assert outbox.tick() == 0


def test_a_storm_that_goes_on_is_a_few_messages_a_minute(room, bot, moment, monkeypatch):
    monkeypatch.setattr(quiet, "ALONE", 1)
    for _minute in range(3):
        for _part in range(3):
            storm(room, 2)
            outbox.tick()
            moment.move(seconds=20)
    moment.move(minutes=2)
    outbox.tick()
    assert len(bot.said) <= 3 * (quiet.ALONE + 2)
    ended = OutboundMessage.objects.filter(purpose="notice")
    assert ended.count() == 18
    assert set(ended.values_list("state", flat=True)) == {"sent", "bundled"}


def test_alarms_are_never_bundled(room, bot, moment):
    storm(room, 12)
    alarms = storm(room, 12, priority="P1")
    outbox.tick()
    assert [one.event.number for one in bot.said if one.urgent] == alarms
    assert bot.said[0].urgent
    assert not OutboundMessage.objects.filter(urgent=True, state="bundled").exists()


def test_alarms_do_not_push_the_others_into_a_bundle(room, bot):
    storm(room, 12, priority="P1")
    number = room.report()["number"]
    outbox.tick()
    assert bot.said[-1].event.number == number


def test_quiet_is_for_each_recipient(room, phone, channel, reach):
    channel("phone")
    reach("duty.hongqiao", "police.hongqiao")
    storm(room, quiet.ALONE)
    outbox.tick()
    number = room.report()["number"]
    room.do("dispatcher", number, "transfer", department=CITYOPS, reason="城管")
    outbox.tick()
    assert whom(phone).count("duty.hongqiao") == quiet.ALONE
    reach("cityops.hongqiao")
    number = room.report()["number"]
    room.do("dispatcher", number, "transfer", department=CITYOPS, reason="城管")
    outbox.tick()
    assert whom(phone)[-1] == "cityops.hongqiao"


def test_what_waits_because_the_channel_is_blocked_is_bundled_too(room, bot, moment):
    Channel.objects.update(blocked_until=moment.now() + timedelta(minutes=11))
    for _minute in range(10):
        storm(room, 2)
        outbox.tick()
        moment.move(minutes=1)
    moment.move(minutes=2)
    outbox.tick()
    assert len(bot.said) == quiet.ALONE + 1
    assert "15 条新通知，涉及 15 个事件" in titles(bot)


def test_a_bundle_names_only_what_its_reader_may_still_see(room, phone, channel, reach, moment):
    channel("phone")
    reach("duty.hongqiao")
    numbers = storm(room, quiet.ALONE + 3)
    outbox.tick()
    for number in numbers[-2:]:
        room.do("dispatcher", number, "transfer", department=CITYOPS, reason="城管")
    moment.move(seconds=31)
    outbox.tick()
    bundle = phone.said[-1]
    assert bundle.content["title"] == "1 条新通知，涉及 1 个事件"
    assert numbers[-1] not in bundle.content["text"]
    assert numbers[-3] in bundle.content["text"]


def test_a_bundle_of_nothing_is_not_sent(room, phone, channel, reach, moment):
    channel("phone")
    reach("duty.hongqiao")
    number = storm(room, quiet.ALONE + 1)[-1]
    outbox.tick()
    room.do("dispatcher", number, "transfer", department=CITYOPS, reason="城管")
    moment.move(seconds=31)
    outbox.tick()
    assert len(phone.said) == quiet.ALONE
    assert OutboundMessage.objects.get(purpose="bundle").state == "dead"


def test_what_comes_while_a_bundle_is_being_sent_goes_into_the_next(room, bot, moment):
    storm(room, quiet.ALONE + 1)
    outbox.tick()
    OutboundMessage.objects.filter(purpose="bundle").update(state="sending")
    room.report()
    outbox.read(FOR_EVER)
    bundles = OutboundMessage.objects.filter(purpose="bundle").order_by("pk")
    assert [bundle.bundles.count() for bundle in bundles] == [1, 1]
