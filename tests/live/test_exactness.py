"""No gap and no duplicate, whatever happens between two awaits: the stream against a model.

A log in memory grows while screens come, go, stall and ask for more; every await may let anybody
else run first.
"""

import asyncio
import json
import random
from datetime import UTC, datetime

import pytest

from events.tail import screen as screens
from events.tail import wire
from events.tail.pressure import Pressure
from events.tail.screen import RESUME, Replay, Screen
from events.tail.stream import Stream
from events.timeline import Position

EPOCH = "5f0c7a52-6d1c-4c39-8a2e-0d4b8ea2f6c1"
AREAS = ("1", "2", "3")
EVENTS = {"event:1": {"a:x"}, "event:2": {"a:y"}, "event:3": {"a:x", "a:y"}}
LENGTH = 250


class Log:
    """A log in memory that reads as slowly as `chance` says."""

    def __init__(self, chance):
        self.chance = chance
        self.entries = []

    async def dawdle(self):
        for _step in range(self.chance.choice((0, 0, 0, 1, 3))):
            await asyncio.sleep(0)

    async def read(self, fn, log_id, *args):
        """As Reader does, with the functions of `wire`."""
        await self.dawdle()
        end = Position(EPOCH, len(self.entries))
        if fn is wire.read_end:
            found = wire.Tail(end, 0)
        elif fn is wire.read_after:
            after, limit = args
            found = wire.Tail(end, 0, tuple(self.entries[after : after + limit]))
        else:
            after, until = args
            found = tuple(self.entries[after:until])
        await self.dawdle()
        return found

    def grow(self):
        """One more entry of some event, in two areas."""
        offset = len(self.entries) + 1
        event = self.chance.choice(list(EVENTS))
        topics = sorted(f"area:{area}" for area in self.chance.sample(AREAS, 2))
        self.entries.append(
            wire.Encoded(
                offset=offset,
                at=datetime.now(UTC),
                event_topic=event,
                reach=(*topics, event, "desk"),
                audience=frozenset(EVENTS[event]),
                leavers=frozenset(),
                text=json.dumps({"op": "entry", "offset": offset}),
                denied="",
            )
        )

    def shown(self, topics, token, after):
        """The offsets that somebody with `token` and `topics` must hear after an offset."""
        return [
            entry.offset
            for entry in self.entries[after:]
            if token in entry.audience and set(topics) & set(entry.reach)
        ]


class Client:
    """A client by the book: keeps the greatest position, comes back with it."""

    def __init__(self, log, stream, chance, token, topics):
        self.log, self.stream, self.chance = log, stream, chance
        self.token, self.topics = token, topics
        self.position = self.start = len(log.entries)
        self.heard = []
        self.readies = 0
        self.screen = None

    async def send(self, message):
        """What the server sends; a transport may dawdle."""
        assert message["type"] == "websocket.send", message
        body = json.loads(message["text"])
        if body["op"] == "entry":
            self.heard.append(body["offset"])
            self.position = max(self.position, body["offset"])
        elif body["op"] == "ready":
            assert body["recovered"] is True
            self.readies += 1
            self.position = max(self.position, body["position"]["offset"])
        await self.log.dawdle()

    async def come(self):
        self.screen = Screen(self.send, None, frozenset({self.token}), Pressure())
        self.stream.join(self.screen)
        await self.stream.subscribe(self.screen, self.topics, Position(EPOCH, self.position))

    async def live(self):
        """Come, stall, look at the position, go, come back."""
        await self.come()
        while len(self.log.entries) < LENGTH:
            await asyncio.sleep(0)
            whim = self.chance.random()
            if whim < 0.02:
                self.stream.leave(self.screen)
                await self.come()
            elif whim < 0.05:
                self.screen.pressure.pause()
            elif whim < 0.15:
                self.screen.pressure.resume()
            elif whim < 0.2:
                seen = self.stream.known_to(self.screen).offset
                self.position = max(self.position, seen)
        self.screen.pressure.resume()


async def settle(stream, clients):
    """Until every screen is live at the log's end."""
    for _step in range(100_000):
        await stream.advance()
        if all(client.screen.live and not client.screen.replays for client in clients):
            return
        await asyncio.sleep(0)
    pytest.fail("the screens do not come to rest")


async def grow(log, stream, chance):
    """Append entries, and have the stream read them now and then."""
    while len(log.entries) < LENGTH:
        for _entry in range(chance.choice((0, 1, 1, 5))):
            log.grow()
        await stream.advance()
        await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(25))
def test_every_screen_hears_exactly_what_is_its_own(seed):
    async def scene():
        chance = random.Random(seed)
        log = Log(chance)
        for _entry in range(20):
            log.grow()
        stream = Stream(1, log.read, 10_000)
        await stream.open()
        clients = [
            Client(log, stream, chance, token, topics)
            for token in ("a:x", "a:y")
            for topics in (("desk",), ("area:1",), ("area:2", "area:3", "event:3"))
        ]
        for client in clients:
            client.position = client.start = chance.randrange(20)
        await asyncio.gather(grow(log, stream, chance), *(client.live() for client in clients))
        await settle(stream, clients)
        for client in clients:
            assert client.heard == log.shown(client.topics, client.token, client.start)
            assert stream.known_to(client.screen).offset == len(log.entries)

    asyncio.run(scene())


@pytest.mark.parametrize("seed", range(25))
def test_topics_added_on_the_way_miss_nothing_and_repeat_nothing(seed):
    async def scene():
        chance = random.Random(1000 + seed)
        log = Log(chance)
        for _entry in range(20):
            log.grow()
        stream = Stream(1, log.read, 10_000)
        await stream.open()
        client = Client(log, stream, chance, "a:x", ("area:1",))
        await client.come()
        asked = {"area:1": client.start}

        async def want():
            for topic in ("area:2", "event:3", "area:3", "area:2"):
                for _step in range(chance.randrange(60)):
                    await asyncio.sleep(0)
                if chance.random() < 0.5:
                    client.screen.pressure.pause()
                since = chance.randrange(stream.sent + 1)
                asked[topic] = min(since, asked.get(topic, since))
                await stream.subscribe(client.screen, (topic,), Position(EPOCH, since))
                client.screen.pressure.resume()

        await asyncio.gather(grow(log, stream, chance), want())
        await settle(stream, [client])
        due = {offset for topic in asked for offset in log.shown([topic], "a:x", asked[topic])}
        assert sorted(client.heard) == sorted(due)
        assert client.readies == 5

    asyncio.run(scene())


def test_a_transport_that_hangs_and_tells_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(screens, "STUCK_SECONDS", 0.01)
    closed = []

    async def send(message):
        if message["type"] == "websocket.send":
            await asyncio.Event().wait()
        closed.append(message)

    async def scene():
        screen = Screen(send, None, frozenset())
        await screen.show("text")
        await screen.show("more")
        return screen.closed

    assert asyncio.run(scene()) is True
    assert closed == [{"type": "websocket.close", "code": RESUME}]


def test_a_screen_holds_a_cursor_and_no_entries():
    holders = {"replays", "topics"}
    assert holders <= set(Screen.__slots__)
    assert set(Replay.__slots__) == {"topics", "since", "cursor", "until", "recovered"}
