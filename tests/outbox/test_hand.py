"""What a person does by hand: send again, give up, try a channel out; and what the pages show."""

import json

import pytest

from dispatch import clock
from dispatch.problem import Conflict, Invalid
from integrations import outbox
from integrations.models import Channel, Contact, OutboundMessage
from tests.outbox.conftest import failed, retry, states, unknown

FOR_EVER = float("inf")
pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(group, channel):
    """A channel into a group."""
    channel("group", "bot")
    return group


def ended(room, bot, outcome):
    """A message that ended so."""
    bot.outcomes = [outcome]
    room.report()
    outbox.tick()
    return OutboundMessage.objects.get()


@pytest.mark.parametrize("outcome", [failed(), unknown(), retry()], ids=lambda one: one.verdict)
def test_a_person_sends_again_what_failed_is_unknown_or_waits(room, bot, user, moment, outcome):
    message = ended(room, bot, outcome)
    moment.move(days=30) if outcome.verdict != "retry" else moment.move(seconds=1)
    outbox.resend(message, user("dispatcher"))
    assert (message.state, "重发" in message.reason) == ("pending", True)
    outbox.tick()
    message.refresh_from_db()
    assert message.state == "sent"
    assert len(bot.said) == 2


@pytest.mark.parametrize("state", ["sent", "sending", "bundled"])
def test_what_was_sent_or_is_being_sent_is_not_sent_again(room, bot, user, state):
    message = ended(room, bot, failed())
    OutboundMessage.objects.update(state=state)
    with pytest.raises(Conflict):
        outbox.resend(message, user("dispatcher"))
    with pytest.raises(Conflict):
        outbox.give_up(message, user("dispatcher"))
    assert states() == [state]


def test_a_person_gives_up_what_waits_or_is_unknown(room, bot, user, moment):
    message = ended(room, bot, unknown())
    outbox.give_up(message, user("dispatcher"))
    assert (message.state, "放弃" in message.reason) == ("dead", True)
    moment.move(days=1)
    outbox.tick()
    assert len(bot.said) == 1
    with pytest.raises(Conflict):
        outbox.give_up(message, user("dispatcher"))


def test_a_channel_is_tried_out_by_a_message(bot, user):
    outbox.try_out(Channel.objects.get(), user("dispatcher"))
    outbox.tick()
    assert bot.said[0].content["title"].startswith("【测试】")


def test_a_channel_to_persons_is_tried_out_on_oneself(phone, channel, reach, user):
    row = channel("phone")
    with pytest.raises(Invalid):
        outbox.try_out(row, user("dispatcher"))
    reach("dispatcher", "supervisor")
    outbox.try_out(row, user("dispatcher"))
    outbox.tick()
    assert [message.recipient.user.username for message in phone.said] == ["dispatcher"]


def test_after_a_restore_a_person_decides_about_what_waits(room, bot, system, channel, user):
    channel("system", "hook", kinds=["claimed"])
    room.claimed()
    outbox.read(FOR_EVER)
    assert outbox.doubt_all() == 1
    assert outbox.doubt_all() == 0
    outbox.tick()
    assert bot.said == []
    assert len(system.said) == 1
    outbox.resend(OutboundMessage.objects.get(state="unknown"), user("dispatcher"))
    outbox.tick()
    assert len(bot.said) == 1


def test_an_administrator_says_where_people_are_reached(room, client, user):
    client.force_login(user("admin"))
    page = client.get("/admin/integrations/contact/add/").content.decode()
    assert "手机号码" in page
    assert "wecom_bot" not in page
    fields = {"user": user("duty.hongqiao").pk, "address": "138", "active": "on"}
    for kind, status in (("wecom_bot", 200), ("mas", 302)):
        answer = client.post("/admin/integrations/contact/add/", {**fields, "kind": kind})
        assert answer.status_code == status
    assert Contact.objects.get().kind == "mas"
    for who in ("duty.hongqiao", "dispatcher"):
        client.force_login(user(who))
        assert client.get("/admin/integrations/contact/").status_code == 302


# What the pages show


def test_the_health_page_shows_what_waits_without_being_ill_of_it(room, bot, client, moment):
    clock.tick()
    calm = client.get("/readyz").json()["outbox"]
    assert calm == {"pending": 0, "oldest_s": None, "dead": 0}
    bot.outcomes = [failed(), retry(wait_s=3600, block=True)]
    for _index in range(3):
        room.report()
    outbox.tick()
    moment.move(seconds=20)
    answer = client.get("/readyz")
    shown = answer.json()["outbox"]
    assert (shown["pending"], shown["dead"]) == (2, 1)
    assert 20 <= shown["oldest_s"] < 30
    assert answer.json()["clock"]["alive"]


def test_metrics_count_over_all_processes(room, bot, client):
    bot.outcomes = [failed()]
    for _index in range(3):
        room.report()
    outbox.tick()
    text = client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    base = 'xianfeng_outbox_attempts_total{lane="bot",purpose="notice"'
    assert f'{base},verdict="failed"}} 1.0' in text
    assert f'{base},verdict="sent"}} 2.0' in text
    assert "xianfeng_outbox_pending 0.0" in text


def test_logs_hold_no_address_and_no_words(room, phone, channel, reach, caplog):
    channel("phone")
    reach("duty.hongqiao")
    phone.outcomes = [failed()]
    room.report(text="李小明 13812345678")
    outbox.tick()
    for record in caplog.records:
        line = json.dumps(vars(record), default=str, ensure_ascii=False)
        assert "duty.hongqiao@phone" not in line
        assert "13812345678" not in line
