"""One open socket as the tail sees it: topics, rights, and how far it has been told."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from events.tail.pressure import Pressure

# Close codes of ours; clients resume after RESUME and RESTART (docs/live.md).
UNAUTHENTICATED, FORBIDDEN, RESUME = 4401, 4403, 4408
POLICY, FAILURE, RESTART = 1008, 1011, 1012
# How long a server that tells nothing of back-pressure may hold a send.
STUCK_SECONDS = 2
NEVER = float("inf")


@dataclass(slots=True)
class Replay:
    """What `topics` missed: the entries with `cursor` < offset <= `until`, then a `ready`."""

    topics: tuple
    since: int
    cursor: int
    until: int
    recovered: bool


@dataclass(frozen=True)
class Verdict:
    """What a second look at a person's rights found.

    `code` closes the socket; else `badge` and `tokens` replace the old and `lost` topics end.
    """

    code: int | None = None
    badge: object = None
    tokens: frozenset = frozenset()
    lost: tuple = ()


@dataclass(eq=False, slots=True)
class Screen:
    """A socket. It holds a cursor, never a queue that can grow.

    `topics` maps a topic to the offset after which its entries are delivered. A `live` screen is
    told of every new entry; one that is not reads after `cursor` in a task of its own.
    """

    send: object
    badge: object
    tokens: frozenset
    pressure: Pressure | None = None
    topics: dict = field(default_factory=dict)
    cursor: int = 0
    live: bool = True
    replays: deque = field(default_factory=deque)
    task: asyncio.Task | None = None
    closed: bool = False
    told_at: float = 0.0
    stream: object = None

    def take(self, entry):
        """The text that this entry is to this screen, or None. Marks the entry as told."""
        self.cursor = entry.offset
        text = self._text(entry)
        if text is None or self._told_after(entry) >= entry.offset:
            return None
        return text

    def take_missed(self, entry, topics, audience):
        """The same for a replay of `topics`: what another topic has shown is not shown twice.

        `audience` is the event's present one: who has lost the event does not read up on it.
        """
        text = self._text(entry)
        if text is entry.text and self.tokens.isdisjoint(audience):
            return None
        if text is None or self._told_after(entry) < entry.offset:
            return None
        if any(topic in topics and topic in self.topics for topic in entry.reach):
            return text
        return None

    def _told_after(self, entry):
        return min((self.topics.get(topic, NEVER) for topic in entry.reach), default=NEVER)

    def _text(self, entry):
        if not self.tokens.isdisjoint(entry.audience):
            return entry.text
        if entry.leavers and not self.tokens.isdisjoint(entry.leavers):
            return entry.denied
        return None

    def halt(self):
        """Stop reading on."""
        if self.task is not None:
            self.task.cancel()
            self.task = None

    def rewind(self, offset):
        """Begin again at `offset` of another past; what was to be replayed is gone."""
        self.halt()
        self.live = False
        self.cursor = offset
        self.topics = dict.fromkeys(self.topics, offset)
        for replay in self.replays:
            replay.recovered = False
            replay.since = replay.cursor = replay.until = offset

    async def room(self):
        """Return when the transport has room."""
        if self.pressure is not None:
            await self.pressure.room()

    @property
    def paused(self):
        """Whether the transport has no room now."""
        return self.pressure is not None and self.pressure.paused

    async def show(self, text):
        """Hand a text to the transport. A transport that fails or hangs ends the screen."""
        if self.closed:
            return
        message = {"type": "websocket.send", "text": text}
        try:
            if self.pressure is not None:
                await self.send(message)
            else:
                async with asyncio.timeout(STUCK_SECONDS):
                    await self.send(message)
        except TimeoutError:
            await self.close(RESUME)
        except (OSError, RuntimeError):
            self.closed = True

    async def close(self, code):
        """Close the socket; nothing is sent after it."""
        if self.closed:
            return
        self.closed = True
        try:
            async with asyncio.timeout(STUCK_SECONDS):
                await self.send({"type": "websocket.close", "code": code})
        except (OSError, RuntimeError, TimeoutError):
            return
