"""Every entry is read once, whatever crashes, and one that cannot be read silences no other."""

import pytest

from dispatch import intake
from events.models import Log, TimelineEntry
from events.report import Report
from events.timeline import Actor
from integrations import outbox
from integrations.models import OutboundMessage, OutboxCursor
from integrations.outbox import answers, notices, quiet, reader, words
from tests.outbox.conftest import retry, whom
from tests.room import sample

FOR_EVER = float("inf")
pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(phone, channel, reach):
    """The duty officer has a telephone."""
    channel("phone")
    reach("duty.hongqiao")
    return phone


def keys():
    return sorted(OutboundMessage.objects.values_list("key", flat=True))


def offset():
    return OutboxCursor.objects.get(log__code="440104").offset


def top():
    return Log.objects.get(code="440104").top


def test_an_entry_is_read_once(room, duty):
    room.report()
    outbox.tick()
    outbox.tick()
    assert whom(duty) == ["duty.hongqiao"]
    assert offset() == top()


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (reader, "notices"),
        (reader, "answers"),
        (reader, "quieten"),
        (OutboundMessage.objects, "bulk_create"),
        (OutboxCursor, "save"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_between_two_statements_loses_and_doubles_nothing(
    owner, name, after, room, duty, monkeypatch
):
    room.report()
    whole = getattr(owner, name)

    def dying(*args, **kwargs):
        if after:
            whole(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dying)
        with pytest.raises(Killed):
            outbox.tick()
    assert keys() == []
    outbox.tick()
    assert whom(duty) == ["duty.hongqiao"]
    assert offset() == top()


def test_a_cursor_that_somebody_set_back_sends_nothing_again(room, duty, caplog):
    room.report()
    outbox.tick()
    before = keys()
    OutboxCursor.objects.update(offset=0)
    outbox.tick()
    assert keys() == before
    assert whom(duty) == ["duty.hongqiao"]
    assert not [record for record in caplog.records if record.name == "xianfeng.outbox"]


def test_an_outbox_that_was_away_reads_all_pages_in_order(room, duty, monkeypatch):
    monkeypatch.setattr(reader, "PAGE", 3)
    monkeypatch.setattr(quiet, "ALONE", 100)
    numbers = [room.report()["number"] for _index in range(5)]
    outbox.tick()
    assert [message.event.number for message in duty.said] == numbers
    assert offset() == top()


def test_reading_ends_with_its_time_and_goes_on_later(room, duty, monkeypatch):
    monkeypatch.setattr(reader, "PAGE", 3)
    for _index in range(3):
        room.report()
    outbox.read(until=0)
    assert offset() == 3
    outbox.read(FOR_EVER)
    assert offset() == top()


def test_one_entry_that_cannot_be_read_silences_no_other(room, duty, monkeypatch, caplog):
    secret = "13800000000"
    numbers = [room.report(text=f"{secret} {index}")["number"] for index in range(3)]
    whole = words.notice

    def poisoned(entry, scene):
        if entry.event.number == numbers[1]:
            raise KeyError(secret)
        return whole(entry, scene)

    monkeypatch.setattr(notices.words, "notice", poisoned)
    outbox.tick()
    assert [message.event.number for message in duty.said] == [numbers[0], numbers[2]]
    assert offset() == top()
    logged = [record for record in caplog.records if record.name == "xianfeng.outbox"]
    assert any("passed over" in record.getMessage() for record in logged)
    assert not any(secret in str(vars(record)) for record in logged)


def test_a_new_district_is_read_from_its_beginning(room, duty):
    OutboxCursor.objects.all().delete()
    room.report()
    outbox.tick()
    assert whom(duty) == ["duty.hongqiao"]


def test_nothing_new_costs_one_question_and_no_write(room, duty, django_assert_num_queries):
    room.report()
    outbox.tick()
    with django_assert_num_queries(1):
        outbox.read(FOR_EVER)
    with django_assert_num_queries(5):
        outbox.tick()


def test_a_page_costs_the_same_for_one_event_and_for_many(
    room, duty, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(quiet, "ALONE", 1)
    room.report()
    outbox.read(FOR_EVER)
    for events in (2, 12):
        for _index in range(events):
            room.report()
        with django_assert_max_num_queries(25):
            outbox.read(FOR_EVER)
    assert OutboundMessage.objects.filter(purpose="notice").count() == 15


def test_an_installation_without_channels_makes_no_messages(room):
    room.report()
    outbox.tick()
    assert keys() == []
    assert offset() == TimelineEntry.objects.count()


# Sources


def test_a_source_hears_of_its_own_events_in_order(room, echo, source):
    source("hotline-x")
    number = told_by("hotline-x", "A-1")
    told_by("other", "B-1")
    for who, action in (("duty.hongqiao", "claim"), ("duty.hongqiao", "complete")):
        room.do(who, number, action)
    room.do("supervisor", number, "close")
    outbox.tick()
    assert echo.heard == [("hotline-x", "A-1", "claimed"), ("hotline-x", "A-1", "closed")]


def told_by(code, external_id, **fields):
    """The number of an event that a source has sent."""
    body = sample(**fields)
    report = Report(
        source=code, external_id=external_id, text=body["text"], location=body["location"]
    )
    return intake.accept(report, Actor(None, code))[0]["number"]


def test_a_later_answer_waits_for_an_earlier_one(room, echo, source, moment):
    source("hotline-x")
    number, other = told_by("hotline-x", "A-1"), told_by("hotline-x", "A-2")
    echo.outcomes = [retry()]
    room.do("duty.hongqiao", number, "claim")
    outbox.tick()
    room.do("dispatcher", number, "cancel", reason="误")
    room.do("duty.hongqiao", other, "claim")
    outbox.tick()
    assert [stage[1:] for stage in echo.heard] == [("A-1", "claimed"), ("A-2", "claimed")]
    moment.move(minutes=2)
    outbox.tick()
    assert [stage[1:] for stage in echo.heard[2:]] == [("A-1", "claimed"), ("A-1", "cancelled")]


def test_a_merged_events_source_hears_what_the_main_one_goes_through(room, echo, source):
    source("hotline-x")
    main, other = room.report()["number"], told_by("hotline-x", "A-1")
    room.do("dispatcher", other, "merge", into=main)
    room.do("duty.hongqiao", main, "claim")
    outbox.tick()
    assert echo.heard == [("hotline-x", "A-1", "claimed")]
    room.do("dispatcher", main, "unmerge", number=other)
    room.do("dispatcher", main, "cancel", reason="误")
    outbox.tick()
    assert echo.heard == [("hotline-x", "A-1", "claimed")]


def test_an_answer_that_cannot_be_written_is_a_dead_letter_and_the_next_goes_out(
    room, echo, source, caplog
):
    source("hotline-x")
    number = told_by("hotline-x", "A-1")
    room.do("duty.hongqiao", number, "post", text="poison")
    room.do("duty.hongqiao", number, "claim")
    outbox.tick()
    assert echo.heard == [("hotline-x", "A-1", "claimed")]
    dead = OutboundMessage.objects.get(state="dead")
    assert dead.source.code == "hotline-x"
    assert "KeyError" in dead.reason
    assert answers.log.name in {record.name for record in caplog.records}


def test_a_source_that_is_switched_off_hears_later(room, echo, source):
    row = source("hotline-x", active=False)
    number = told_by("hotline-x", "A-1")
    room.do("duty.hongqiao", number, "claim")
    outbox.tick()
    assert echo.heard == []
    row.active = True
    row.save()
    outbox.tick()
    assert echo.heard == [("hotline-x", "A-1", "claimed")]


# Systems


def test_a_system_hears_every_entry_without_what_people_typed(room, system, channel):
    channel("system", kinds=["claimed", "posted"])
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "post", text="李小明 13812345678")
    outbox.tick()
    assert [message.content["type"] for message in system.said] == ["event.claimed", "event.posted"]
    claimed = system.said[0].content["data"]
    assert claimed["number"] == number
    assert claimed["area"] == "440104001112"
    assert claimed["url"].endswith(f"/events/{number}/")
    assert "李" not in str(system.said[1].content)
    assert "138" not in str(system.said[1].content["data"]["entry"])


def test_a_system_of_a_department_hears_of_what_that_may_see(room, system, channel):
    channel("system", "mine", ["440104001-emergency"])
    channel("system", "theirs", ["440104001-cityops"])
    channel("system", "with-texts", options={"texts": True}, kinds=["registered"])
    room.report(text="水管爆裂")
    outbox.tick()
    assert {message.channel.code for message in system.said} == {"mine", "with-texts"}
    texts = [message for message in system.said if message.channel.code == "with-texts"]
    assert texts[0].content["data"]["entry"]["text"] == "水管爆裂"
