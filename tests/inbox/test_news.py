"""What a source says about its event later: told in the room, decided by people."""

import pytest

from events.models import Event
from tests.inbox.wire import about, incident
from tests.room import fold

pytestmark = pytest.mark.django_db


def told(room, number, kind="updated"):
    """The sentences of the entries of a kind, oldest first."""
    return [entry["summary"] for entry in room.entries(number) if entry["kind"] == kind]


def test_the_same_again_changes_nothing(sender, room):
    entry = incident(id="A-1")
    number = sender.send(entry)["event"]
    before = room.event(number)
    sender.send(entry)
    sender.send({**entry, "at": "2026-06-01 10:00:00"})
    assert room.event(number) == before


def test_a_reporter_who_was_unknown_is_added_and_screens_can_follow(sender, room):
    number = sender.send(incident(id="A-1"))["event"]
    before = room.event(number)
    sender.send(incident(id="A-1", reporter_name="陈先生", reporter_phone="13800138000"))
    after, entries = room.event(number), room.entries(number, before["seq"])
    assert after["reporter"]["name"] == "陈先生"
    assert "13800138000" not in str(entries)
    assert fold(before, entries) == after


def test_other_content_is_told_in_words_and_overwrites_nothing(sender, room):
    number = sender.send(incident(id="A-1", address="解放北路1号"))["event"]
    before = room.event(number)
    sender.send(
        incident(
            id="A-1",
            text="已有人受伤",
            address="解放北路2号",
            category="emergency.lost-person",
            priority="P1",
            location={"lon": 113.267614, "lat": 23.13185, "crs": "WGS84"},
        )
    )
    (sentence,) = told(room, number)
    for word in ("已有人受伤", "解放北路2号", "走失", "特急", "仁生里社区"):
        assert word in sentence
    after = room.event(number)
    for name in ("text", "address", "category", "priority", "location", "area", "title"):
        assert after[name] == before[name]


def test_what_was_empty_is_filled(sender, room):
    number = sender.send(incident(id="A-1", text="", location=None, address="不知道哪里"))["event"]
    assert room.event(number)["location"] is None
    sender.send(incident(id="A-1", address="不知道哪里"))
    event = room.event(number)
    assert event["text"] == "北园酒家门口井盖缺失"
    assert event["area"]["community"]["name"] == "北园社区"
    assert room.kinds(number)[-2:] == ["updated", "relocated"]


def test_what_the_source_said_earlier_changes_nothing_later(sender, room):
    number = sender.send(incident(id="A-1", text="新", at="2026-06-01 10:00:00"))["event"]
    sender.send(incident(id="A-1", text="旧", at="2026-06-01 09:00:00"))
    sender.send(about("Progress", "A-1", text="后", at="2026-06-01 12:00:00"))
    sender.send(about("Progress", "A-1", text="前", at="2026-06-01 11:00:00"))
    assert told(room, number) == ["来源更新：后"]


def test_a_late_withdrawal_is_not_lost_behind_newer_progress(sender, room):
    number = sender.send(incident(id="A-1", at="2026-06-01 09:00:00"))["event"]
    sender.send(about("Progress", "A-1", text="后", at="2026-06-01 12:00:00"))
    sender.send(about("Withdrawal", "A-1", reason="误报", at="2026-06-01 11:00:00"))
    assert len(told(room, number, "withdrawal_asked")) == 1


def test_the_same_words_at_another_time_are_news(sender, room):
    number = sender.send(incident(id="A-1"))["event"]
    for at in ("2026-06-01 11:00:00", "2026-06-01 12:00:00", "2026-06-01 12:00:00"):
        sender.send(about("Progress", "A-1", text="市民催办", at=at))
    assert told(room, number) == ["来源更新：市民催办"] * 2


def test_a_withdrawal_is_a_question_and_closes_nothing(sender, room):
    number = sender.send(incident(id="A-1"))["event"]
    lead = room.event(number)["assignments"]
    sender.send(about("Withdrawal", "A-1", reason="市民撤诉"))
    event = room.event(number)
    assert event["state"] == "registered"
    assert event["assignments"] == lead
    (entry,) = [e for e in room.entries(number) if e["kind"] == "withdrawal_asked"]
    assert entry["data"] == {"reason": "市民撤诉", "source": "对接系统"}
    # Whoever handles it reads it; who does not, does not.
    assert entry in room.entries(number, who="duty.hongqiao")
    assert room.ask("cityops.hongqiao", f"events/{number}/timeline/").status_code == 404
    room.do("dispatcher", number, "cancel", reason="来源撤单")


@pytest.mark.parametrize(("granted", "kind"), [(True, "return_granted"), (False, "return_refused")])
def test_the_answer_to_a_return_is_told(sender, room, granted, kind):
    number = sender.send(incident(id="A-1"))["event"]
    sender.send(about("Decision", "A-1", granted=granted, text="理由"))
    (sentence,) = told(room, number, kind)
    assert "理由" in sentence
    assert room.event(number)["state"] == "registered"


def test_the_citizens_rating_is_told_also_after_the_end(sender, room):
    number = sender.send(incident(id="A-1"))["event"]
    room.do("duty.hongqiao", number, "claim")
    room.do("duty.hongqiao", number, "complete", text="已处置")
    room.do("supervisor", number, "close")
    sender.send(about("Rating", "A-1", satisfied=True, solved=False, text="太慢"))
    assert told(room, number, "rated") == ["满意、未解决 太慢"]
    assert room.event(number)["state"] == "closed"


def test_of_a_merged_event_the_news_is_told_where_it_is_handled(sender, room):
    number = sender.send(incident(id="A-1"))["event"]
    main = room.report()["number"]
    room.do("dispatcher", number, "merge", into=main)
    sender.send(about("Progress", "A-1", text="市民催办"))
    sender.send(incident(id="A-1", text="又来一次"))
    assert "来源更新：市民催办" in told(room, main)
    assert any("又来一次" in sentence for sentence in told(room, main))
    assert room.event(main)["text"] == "北园酒家门口井盖缺失"


def test_fields_longer_than_any_column_are_cut_and_the_event_is_there(sender, room):
    number = sender.send(
        incident(id="A-1", address="地" * 900, reporter_name="名" * 900, reporter_phone="1" * 900)
    )["event"]
    event = Event.objects.get(number=number)
    assert len(event.address) == 300
    assert len(event.reporter_name) == 60


def test_characters_that_a_database_does_not_take_are_left_out(sender, room):
    number = sender.send(incident(id="A-1", text="井\x00盖", reporter_name="陈\x00"))["event"]
    sender.send(about("Progress", "A-1", text="市\x00民\ud800催办"))
    assert room.event(number)["text"] == "井盖"
    assert told(room, number) == ["来源更新：市民�催办"]


@pytest.mark.parametrize("value", ["x" * 121, "a\nb", "\x00"])
def test_what_cannot_be_an_id_is_put_aside_with_words(sender, value):
    problem = sender.refused(422, incident(id=value))
    assert "编号无效" in problem["detail"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"location": None}, "需要位置或地址"),
        ({"category": "no.such"}, "没有这个事件分类"),
        ({"location": {"lon": 0, "lat": 0, "crs": "WGS84"}}, "0,0"),
        ({"location": {"lon": 113.2, "lat": 23.1, "crs": "XX"}}, "坐标系"),
    ],
)
def test_what_cannot_be_accepted_is_put_aside_with_the_reason(sender, fields, words):
    assert words in sender.refused(422, incident(**fields))["detail"]
    assert not Event.objects.filter(source="wire").exists()
