"""A message is tried as long as it makes sense, never in doubt, and its end is seen."""

from datetime import timedelta

import pytest

from integrations import outbox
from integrations.models import Channel, Contact, OutboundMessage
from integrations.outbox import courier, patience, settling
from tests.outbox.conftest import failed, retry, states, unknown, whom

FOR_EVER = float("inf")
pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(group, channel):
    """A channel into a group that hears of every event."""
    channel("group", "bot")
    return group


@pytest.fixture
def message(room, bot):
    """A message that waits."""
    room.report()
    outbox.read(FOR_EVER)
    return OutboundMessage.objects.get()


def now_of(message):
    message.refresh_from_db()
    return message


def deliver():
    return outbox.deliver(FOR_EVER)


def test_what_was_sent_is_sent(message, bot):
    assert deliver() == 1
    assert deliver() == 0
    assert now_of(message).state == "sent"
    assert (message.attempts, message.reason) == (1, "")
    assert message.ended_at >= message.claimed_at


def test_what_fails_for_good_is_a_dead_letter_with_its_reason(message, bot):
    bot.outcomes = [failed()]
    deliver()
    assert (now_of(message).state, message.reason) == ("dead", "never")
    assert deliver() == 0


def test_what_may_have_arrived_is_never_sent_again_by_itself(message, bot, moment):
    bot.outcomes = [unknown()]
    deliver()
    assert (now_of(message).state, message.reason) == ("unknown", "nobody knows")
    moment.move(days=1)
    outbox.tick()
    assert len(bot.said) == 1


def test_where_twice_is_once_doubt_is_tried_again(room, system, channel, moment):
    channel("system", kinds=["claimed"])
    room.claimed()
    system.outcomes = [unknown()]
    outbox.tick()
    assert states() == ["pending"]
    moment.move(seconds=10)
    outbox.tick()
    assert states() == ["sent"]
    first, second = system.said
    assert first.key == second.key


def test_an_error_of_our_own_is_doubt_and_stops_nobody(room, bot, channel, caplog):
    channel("group", "second")
    room.report()
    bot.outcomes = [ValueError("https://secret.example?key=k")]
    outbox.tick()
    assert sorted(states()) == ["sent", "unknown"]
    unknown_ = OutboundMessage.objects.get(state="unknown")
    assert "ValueError" in unknown_.reason
    assert "secret" not in unknown_.reason
    assert not any("secret.example" in str(vars(record)) for record in caplog.records)


# Trying again


def test_pauses_grow_and_differ_by_chance(message, bot, moment):
    bot.outcomes = [retry() for _turn in range(50)]
    patience.dice.seed(7)
    pauses = []
    while now_of(message).state == "pending":
        assert message.reason in {"", "later"}
        assert deliver() == 1
        if now_of(message).state == "pending":
            pauses.append((message.next_at - moment.now()).total_seconds())
            moment.move(seconds=pauses[-1] + 0.1)
    assert message.state == "dead"
    for pause, planned in zip(pauses, patience.CALM.pauses_s, strict=False):
        assert planned * 0.79 <= pause <= planned * 1.2
    assert pauses[0] != patience.CALM.pauses_s[0]
    assert sum(pauses) <= patience.CALM.lasts_s
    patience.dice.seed(7)
    assert patience.CALM.pause_s(1) == pytest.approx(pauses[0], abs=0.5)


def test_a_service_that_names_a_time_is_not_asked_before(message, bot, moment):
    bot.outcomes = [retry(wait_s=900)]
    deliver()
    moment.move(seconds=890)
    assert deliver() == 0
    moment.move(seconds=11)
    assert deliver() == 1


def test_an_alarm_is_tried_for_minutes_and_a_webhook_for_days(room, bot, system, channel, moment):
    channel("system", kinds=["claimed"])
    bot.outcomes = system.outcomes = None
    bot.outcomes, system.outcomes = ([retry() for _turn in range(90)] for _side in range(2))
    room.claimed(priority="P1")
    outbox.tick()
    started, ends = moment.now(), {}
    while "pending" in states():
        due = OutboundMessage.objects.filter(state="pending").earliest("next_at").next_at
        moment.move(seconds=max(0.1, (due - moment.now()).total_seconds() + 0.1))
        outbox.tick()
        for row in OutboundMessage.objects.filter(state="dead"):
            ends.setdefault(row.purpose, (moment.now() - started, row.attempts))
    lasted, attempts = ends["notice"]
    assert timedelta(minutes=28) < lasted < timedelta(minutes=31)
    assert attempts > 20
    lasted, attempts = ends["webhook"]
    assert timedelta(days=3) < lasted < timedelta(days=5)
    assert 8 <= attempts < 15


def test_what_is_not_sent_in_time_dies_though_the_channel_was_never_open(message, moment):
    Channel.objects.update(blocked_until=moment.now() + timedelta(days=9))
    moment.move(hours=7)
    assert outbox.tick() == 0
    assert now_of(message).state == "dead"
    assert message.reason


def test_a_channel_that_asks_for_calm_is_left_alone_so_long(room, bot, moment):
    bot.outcomes = [retry(wait_s=60, block=True)]
    for _index in range(3):
        room.report()
    outbox.tick()
    assert len(bot.said) == 1
    assert Channel.objects.get().blocked_why == "later"
    moment.move(seconds=50)
    assert outbox.tick() == 0
    moment.move(seconds=11)
    outbox.tick()
    assert states() == ["sent"] * 3


def test_a_blocked_channel_holds_up_no_other(room, bot, channel):
    channel("group", "second")
    room.report()
    bot.outcomes = [retry(wait_s=600, block=True)]
    outbox.tick()
    assert sorted(states()) == ["pending", "sent"]


def test_a_channel_that_is_switched_off_keeps_its_messages(message, bot):
    Channel.objects.update(active=False)
    assert deliver() == 0
    Channel.objects.update(active=True)
    assert deliver() == 1


def test_who_wants_no_more_is_switched_off(room, group, phone, channel, reach):
    channel("group", "bot")
    channel("phone", "phones")
    (contact,) = reach("duty.hongqiao")
    group.outcomes, phone.outcomes = [failed(gone=True)], [failed(gone=True)]
    room.report()
    outbox.tick()
    assert Channel.objects.get(code="bot").active is False
    assert Channel.objects.get(code="phones").active is True
    contact.refresh_from_db()
    assert contact.active is False
    room.report()
    outbox.tick()
    assert len(group.said) == len(phone.said) == 1


def test_an_address_that_was_removed_meanwhile_gets_nothing(room, phone, channel, reach):
    channel("phone")
    reach("duty.hongqiao", "police.hongqiao")
    room.report()
    outbox.read(FOR_EVER)
    Contact.objects.filter(user__username="duty.hongqiao").delete()
    outbox.deliver(FOR_EVER)
    assert whom(phone) == ["police.hongqiao"]
    assert sorted(states()) == ["dead", "sent"]


def test_what_arrived_long_ago_is_forgotten_and_what_failed_is_not(room, bot, moment, settings):
    settings.OUTBOX_DAYS = 30
    bot.outcomes = [failed()]
    for _index in range(2):
        room.report()
    outbox.tick()
    moment.move(days=29)
    outbox.tick()
    assert states() == ["dead", "sent"]
    moment.move(days=2)
    outbox.tick()
    assert states() == ["dead"]


# So many in a minute


def move_to(moment, seconds):
    """Move to so many seconds after the first message was claimed, however long that took."""
    claimed = OutboundMessage.objects.filter(claimed_at__isnull=False)
    first = claimed.earliest("claimed_at").claimed_at
    moment.move(seconds=(first - moment.now()).total_seconds() + seconds)


def test_the_21st_message_in_a_minute_waits(room, bot, moment):
    bot.per_minute = 20
    for _index in range(21):
        room.report(priority="P1")
    outbox.tick()
    assert len(bot.said) == 20
    move_to(moment, 59)
    assert outbox.tick() == 0
    moment.move(seconds=30)
    assert outbox.tick() == 1
    assert states() == ["sent"] * 21


def test_an_alarm_goes_before_what_waits(room, bot, moment):
    bot.per_minute = 2
    for _index in range(4):
        room.report()
    outbox.tick()
    alarm = room.report(priority="P1")["number"]
    moment.move(seconds=61)
    outbox.tick()
    assert bot.said[2].event.number == alarm


def test_a_channel_may_be_slower_than_its_kind(room, bot, moment):
    bot.per_minute = 20
    Channel.objects.update(per_minute=1)
    for _index in range(2):
        room.report()
    outbox.tick()
    assert len(bot.said) == 1


def test_tries_count_as_the_service_counts_them(room, bot, moment):
    bot.per_minute = 3
    bot.outcomes = [retry(), failed(), unknown()]
    for _index in range(4):
        room.report()
    outbox.tick()
    assert len(bot.said) == 3
    move_to(moment, 59)
    assert outbox.tick() == 0
    moment.move(seconds=30)
    assert outbox.tick() == 2


def test_one_tick_ends_in_time_and_the_rest_comes_later(room, bot):
    for _index in range(3):
        room.report()
    assert outbox.tick(budget_s=0) == 1
    assert outbox.tick(budget_s=0) == 1
    outbox.tick()
    assert states() == ["sent"] * 3


# Killed in the middle


class Killed(BaseException):
    """The process dies here."""


def test_who_dies_while_sending_leaves_doubt_not_a_second_alarm(message, bot, moment):
    bot.outcomes = []
    bot.send = lambda *args: (_ for _ in ()).throw(Killed)
    with pytest.raises(Killed):
        deliver()
    assert now_of(message).state == "sending"
    moment.move(minutes=4)
    outbox.tick()
    assert now_of(message).state == "sending"
    moment.move(minutes=2)
    del bot.send
    outbox.tick()
    assert now_of(message).state == "unknown"
    assert message.reason
    outbox.tick()
    assert bot.said == []


def test_who_dies_after_sending_leaves_doubt_too(message, bot, moment, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(courier, "settle", lambda *args: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            deliver()
    moment.move(minutes=6)
    outbox.tick()
    assert now_of(message).state == "unknown"
    assert len(bot.said) == 1


def test_where_twice_is_once_the_dead_processs_work_is_done_again(room, system, channel, moment):
    channel("system", kinds=["claimed"])
    room.claimed()
    system.send = lambda *args: (_ for _ in ()).throw(Killed)
    with pytest.raises(Killed):
        outbox.tick()
    del system.send
    moment.move(minutes=6)
    outbox.tick()
    assert states() == ["sent"]


def test_a_slow_courier_that_was_given_up_still_says_how_it_ended(message, bot, moment):
    lane = next(iter(courier.lanes(moment.now())))
    claimed = courier.claim(lane)
    moment.move(minutes=6)
    outbox.sweep()
    assert now_of(message).state == "unknown"
    settling.settle(lane, claimed, courier.attempt(lane, claimed))
    assert now_of(message).state == "sent"


def test_a_message_that_a_person_gave_up_stays_given_up(message, bot, moment, user):
    lane = next(iter(courier.lanes(moment.now())))
    claimed = courier.claim(lane)
    moment.move(minutes=6)
    outbox.sweep()
    outbox.give_up(now_of(message), user("dispatcher"))
    settling.settle(lane, claimed, courier.attempt(lane, claimed))
    assert now_of(message).state == "dead"
