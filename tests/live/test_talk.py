"""What a client may say, and what happens when it says something else."""

import json
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.screens import SAYS

DUTY = "duty.hongqiao"

NONSENSE = {
    "no JSON": "{",
    "no object": "[]",
    "no op": "{}",
    "unknown op": '{"op":"dance"}',
    "op of another type": '{"op":["ping"]}',
    "no topics": '{"op":"subscribe","topics":[]}',
    "topics of another type": '{"op":"subscribe","topics":"desk"}',
    "topic of another type": '{"op":"subscribe","topics":[1]}',
    "offset of another type": json.dumps(
        {"op": "subscribe", "topics": ["desk"], "position": {"epoch": "x", "offset": "1"}}
    ),
    "offset below zero": json.dumps(
        {"op": "subscribe", "topics": ["desk"], "position": {"epoch": "x", "offset": -1}}
    ),
    "offset beyond all numbers": json.dumps(
        {"op": "subscribe", "topics": ["desk"], "position": {"epoch": "x", "offset": 10**30}}
    ),
    "epoch that is none": json.dumps(
        {"op": "subscribe", "topics": ["desk"], "position": {"epoch": "x", "offset": 1}}
    ),
    "too many topics": json.dumps({"op": "subscribe", "topics": [f"area:{n}" for n in range(65)]}),
    "too large": json.dumps({"op": "ping", "padding": "x" * 65_536}),
    "too deep": "[" * 60_000,
    "typing that is none": '{"op":"here","event":"YX-1","typing":"yes"}',
    "binary": b"\x00\x01",
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_answered_and_the_socket_goes_on(screens, nonsense):
    screen = screens(DUTY)
    screen.blurt(nonsense)
    assert screen.hear()["op"] == "error"
    assert screen.subscribe("desk")["op"] == "ready"


def test_nonsense_again_and_again_ends_the_socket(screens):
    screen = screens(DUTY)
    for _time in range(4):
        screen.blurt("nonsense")
    assert screen.code() == 1008
    assert len(screen.ops("error")) == 3


def test_a_frame_that_nobody_needs_ends_the_socket(screens):
    screen = screens(DUTY)
    screen.blurt("x" * 200_000)
    assert screen.code() == 1009


def test_a_flood_of_messages_ends_the_socket(screens):
    screen = screens(DUTY, max_queue=None)
    with suppress(ConnectionClosed):
        for _time in range(100_000):
            screen.say("ping")
    assert screen.code() == 1008


def test_topics_of_several_subscriptions_count_together(screens):
    screen = screens("supervisor")
    for part in (range(60), range(60, 65)):
        screen.say("subscribe", topics=[f"area:440104{n:06}" for n in part], position=None)
    assert screen.until("error")["op"] == "error"


def test_a_ping_is_answered_with_the_position(screens, ledger):
    screen = screens(DUTY)
    screen.say("ping")
    assert screen.hear()["position"] == ledger.position()


def test_every_subscription_has_one_answer(screens):
    screen = screens(DUTY)
    for _time in range(5):
        screen.say("subscribe", topics=["desk"], position=None)
    screen.say("ping")
    screen.until("top")
    while len(screen.ops("ready")) < 5:
        screen.hear()
    assert len(screen.ops("ready")) == 5


def test_the_schema_refuses_what_the_protocol_does_not_know():
    assert not SAYS.is_valid({"op": "dance"})
    assert not SAYS.is_valid({"op": "ping", "more": 1})
