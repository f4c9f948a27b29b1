"""Who else has the event open."""

import uuid
from dataclasses import replace

import pytest

from events.tail.presence import Person, Presence

EVENT = "YX-ROOM"
ANN, BEN = Person(1, "李", "洪桥"), Person(2, "王", "流花")


@pytest.fixture
def number(ledger):
    """The number of an event in the district that nobody has opened yet."""
    number = f"YX-{uuid.uuid4().hex[:8]}"
    ledger.post(audience=["a:440104"], event=number)
    return number


@pytest.fixture
def room(screens, number):
    """Two people who follow the event, and one who does not."""
    people = [screens(name) for name in ("supervisor", "dispatcher", "auditor")]
    for screen in people[:2]:
        screen.subscribe(f"event:{number}")
    people[2].subscribe("desk")
    return people


def test_those_at_an_event_see_each_other_and_nobody_else_does(room, number):
    one, other, outside = room
    one.say("here", event=number, typing=False)
    assert len(other.until("here")["people"]) == 1
    other.say("here", event=number, typing=True)
    for screen in (one, other):
        while len((seen := screen.until("here"))["people"]) < 2:
            pass
        assert {person["typing"] for person in seen["people"]} == {False, True}
    outside.reach(0)
    assert outside.ops("here") == []


def test_who_comes_later_sees_who_is_there(room, screens, number):
    room[0].say("here", event=number, typing=False)
    while not room[1].until("here")["people"]:
        pass
    late = screens("auditor")
    late.subscribe(f"event:{number}")
    late.reach(0)
    assert [len(seen["people"]) for seen in late.ops("here")][-1:] == [1]


def test_who_leaves_is_gone_for_the_others(room, number):
    room[0].say("here", event=number, typing=False)
    room[1].until("here")
    room[0].socket.close()
    assert room[1].until("here")["people"] == []


def test_presence_needs_the_events_topic(room, number):
    room[2].say("here", event=number, typing=False)
    assert room[2].until("error")
    room[1].reach(0)
    assert room[1].ops("here") == []


def test_a_person_with_two_screens_is_one_and_stays_until_both_are_closed(room, screens, number):
    twin = screens("supervisor")
    twin.subscribe(f"event:{number}")
    room[0].say("here", event=number, typing=False)
    room[1].until("here")
    twin.say("here", event=number, typing=True)
    assert [one["typing"] for one in room[1].until("here")["people"]] == [True]
    twin.socket.close()
    assert [one["typing"] for one in room[1].until("here")["people"]] == [False]
    room[0].socket.close()
    assert room[1].until("here")["people"] == []


def test_the_silent_are_forgotten_after_half_a_minute():
    now = [0.0]
    presence = Presence(clock=lambda: now[0])
    assert presence.note(EVENT, "1", ANN) is True
    now[0] = 20.0
    assert presence.note(EVENT, "2", BEN) is True
    assert presence.expire() == []
    now[0] = 30.0
    assert presence.expire() == [EVENT]
    assert [one["name"] for one in presence.people(EVENT)] == [BEN.name]


def test_saying_it_again_changes_nothing_for_the_others():
    presence = Presence()
    presence.note(EVENT, "1", ANN)
    assert presence.note(EVENT, "1", ANN) is False
    assert presence.note(EVENT, "1", replace(ANN, typing=True)) is True
    assert presence.note(EVENT, "2", None) is False
