"""What a source reads back: the stage of its own event, and nothing of anybody else's."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.models import Source, SourceSecret
from tests.inbox.wire import OTHER_KEY, Sender, incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(sender):
    """The answer to reading an event back by its id, signed."""

    def get(external_id, sender=sender, headers=None):
        return sender.client.get(
            f"/feeds/{sender.code}/events/{external_id}/", headers=headers or sender.headers(b"")
        )

    return get


def test_the_stage_follows_the_event(sender, room, read):
    number = sender.send(incident(id="A-1", reporter_name="陈先生"))["event"]
    first = read("A-1").json()
    assert (first["number"], first["state"], first["stage"]) == (number, "registered", "待签收")
    assert first["departments"][0] == "洪桥街道应急办公室"
    room.do("duty.hongqiao", number, "claim")
    room.do("duty.hongqiao", number, "post", text="内部商量")
    room.do("duty.hongqiao", number, "complete", text="已换新井盖，联系电话13800138000")
    last = read("A-1").json()
    assert (last["state"], last["external_id"]) == ("handled", "A-1")
    assert last["responded_at"] <= last["handled_at"]
    (reply,) = last["replies"]
    assert reply["text"].startswith("已换新井盖")
    for hidden in ("13800138000", "内部商量", "陈先生"):
        assert hidden not in str(last)


def test_a_merged_event_is_as_far_as_its_main_event(sender, room, read):
    number = sender.send(incident(id="A-1"))["event"]
    main = room.report()["number"]
    room.do("duty.hongqiao", main, "claim")
    room.do("dispatcher", number, "merge", into=main)
    found = read("A-1").json()
    assert (found["number"], found["merged_into"], found["state"]) == (number, main, "responded")


def test_another_sources_event_is_not_there(sender, read):
    sender.send(incident(id="A-1"))
    other = Source.objects.create(code="other", name="另一系统", kind="wire")
    SourceSecret.objects.create(source=other, secret=OTHER_KEY)
    stranger = Sender(Client(), "other", OTHER_KEY)
    assert read("A-1", stranger).status_code == 404
    assert read("A-1").status_code == 200


def test_who_does_not_sign_reads_nothing(sender, read):
    sender.send(incident(id="A-1"))
    assert read("A-1", headers={"x-request-id": "1"}).status_code == 401
    assert read("A-1", headers=sender.headers(b"other")).status_code == 401


@pytest.mark.parametrize("value", ["A/1", "甲-1", "A 1"])
def test_ids_may_have_any_characters(sender, read, value):
    sender.send(incident(id=value))
    assert read(value).json()["external_id"] == value


@pytest.mark.parametrize("value", ["nobody", "x" * 150, "%00", "%F0%9F"])
def test_what_is_not_there_is_not_found(read, value):
    assert read(value).status_code == 404


def test_only_reading(sender):
    answer = sender.client.post("/feeds/wire/events/A-1/", headers=sender.headers(b""))
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


def test_reading_back_costs_the_same_however_long_the_story(sender, room, read):
    number = sender.send(incident(id="A-1"))["event"]
    with CaptureQueriesContext(connection) as early:
        read("A-1")
    room.do("duty.hongqiao", number, "claim")
    for word in "一二三四五":
        room.do("duty.hongqiao", number, "post", text=word)
    with CaptureQueriesContext(connection) as late:
        read("A-1")
    assert len(late) == len(early) <= 6
