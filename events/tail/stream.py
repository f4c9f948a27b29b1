"""One log in one process: its newest entries, encoded once, and the screens that follow it.

Everything here runs in the hub's event loop. What matters for "no gap, no duplicate" happens
between two awaits: a screen is *live* (told by `_deliver`), or it reads on by its own cursor
(`_catch_up`), and changes from one to the other in one step.
"""

import asyncio
import logging
from functools import partial

from django.db import Error as DatabaseError

from events import moment
from events.tail import meters, wire
from events.tail.screen import FAILURE, RESUME, Replay
from events.timeline import Position

CHUNK = 200
PAUSE_EVERY = 100
# Entries kept beyond the furthest that a screen may be behind.
SLACK = 1000
log = logging.getLogger("xianfeng.tail")


class Stream:
    """A log as this process knows it.

    `sent` is the newest entry that was taken up, `done` the newest that every live screen has.
    `ring` holds the entries from `low` to `sent`.
    """

    def __init__(self, log_id, read, catch_up):
        self.log_id = log_id
        self.catch_up = catch_up
        self.wake = asyncio.Event()
        self.screens = set()
        self.access_version = None
        self._read = read
        self._topics = {}
        self._filling = asyncio.Lock()

    async def open(self):
        """Begin at the log's present end. Raises DatabaseError."""
        self._begin(await self._read(wire.read_end, self.log_id))

    def _begin(self, tail):
        self.epoch = tail.position.epoch
        self.access_version = tail.access_version
        self.sent = self.done = tail.position.offset
        self.low = self.sent + 1
        self.ring = {}

    @property
    def position(self):
        """Where every live screen is."""
        return Position(self.epoch, self.done)

    async def read_end(self):
        """The log's end as the database has it now. Raises DatabaseError."""
        return (await self._read(wire.read_end, self.log_id)).position

    async def advance(self):
        """Read what is new and deliver it; (entries read, whether there may be more).

        A log that is another one now, or has lost entries, sends every screen for a new snapshot.
        Raises DatabaseError.
        """
        tail = await self._read(wire.read_after, self.log_id, self.sent, CHUNK)
        self.access_version = tail.access_version
        expected = range(self.sent + 1, self.sent + 1 + len(tail.entries))
        if (
            tail.position.epoch != self.epoch
            or tail.position.offset < self.sent
            or [entry.offset for entry in tail.entries] != list(expected)
        ):
            await self._reset(tail)
            return 0, False
        for entry in tail.entries:
            await self._deliver(entry)
        return len(tail.entries), tail.position.offset > self.sent

    async def _deliver(self, entry):
        self.ring[entry.offset] = entry
        self.sent = entry.offset
        if len(self.ring) > self.catch_up + SLACK:
            del self.ring[self.low]
            self.low += 1
        targets = {}
        for topic in entry.reach:
            targets.update(self._topics.get(topic, ()))
        told = 0
        for count, screen in enumerate(targets, 1):
            if screen.live and screen.cursor < entry.offset:
                if screen.paused:
                    self._fall_behind(screen, entry.offset - 1)
                elif (text := screen.take(entry)) is not None:
                    self._forget_denied(screen, entry, text)
                    await screen.show(text)
                    told += 1
            if count % PAUSE_EVERY == 0:
                await asyncio.sleep(0)
        self.done = entry.offset
        meters.DELIVERIES.inc(told)
        meters.LAG.observe(max((moment.now() - entry.at).total_seconds(), 0))

    def _forget_denied(self, screen, entry, text):
        if text is entry.denied:
            self.unfollow(screen, entry.event_topic)

    async def _reset(self, tail):
        meters.RESETS.inc()
        log.warning("log %s: its past has changed, screens reload", self.log_id)
        self._begin(tail)
        screens = list(self.screens)
        for screen in screens:
            screen.rewind(self.sent)
        for screen in screens:
            if screen.paused:
                await screen.close(RESUME)
            await screen.show(wire.RESET)
            if not screen.closed:
                self._fall_behind(screen, self.sent)

    # Following

    def join(self, screen):
        """Take a screen in; it hears of nothing until it subscribes."""
        screen.stream = self
        screen.cursor = self.sent
        self.screens.add(screen)

    def leave(self, screen):
        """Let a screen go; nothing more is sent to it."""
        screen.closed = True
        self.screens.discard(screen)
        for topic in list(screen.topics):
            self.unfollow(screen, topic)
        screen.halt()

    def followers(self, topic):
        """The screens that follow `topic`."""
        return list(self._topics.get(topic, ()))

    def unfollow(self, screen, topic):
        """End a topic for a screen."""
        if screen.topics.pop(topic, None) is not None:
            screens = self._topics[topic]
            del screens[screen]
            if not screens:
                del self._topics[topic]

    def reached(self, screen):
        """The offset up to which this screen has been told on its topics."""
        return max(screen.cursor, self.done) if screen.live else screen.cursor

    def known_to(self, screen):
        """The position from which this screen could resume on all of its topics."""
        offsets = [replay.cursor for replay in screen.replays]
        return Position(self.epoch, min([self.reached(screen), *offsets]))

    async def subscribe(self, screen, topics, position):
        """Follow `topics` (already allowed) from `position`, or from now when it is None.

        The screen is told what it missed and then `ready`. Raises DatabaseError.
        """
        end = None
        if position is not None and position.offset > self.sent:
            end = await self.read_end()
        base = self.reached(screen)
        highest = max(self.sent, end.offset if end and end.epoch == self.epoch else 0)
        recovered = (
            position is not None
            and position.epoch == self.epoch
            and self.sent - self.catch_up <= position.offset <= highest
        )
        since = position.offset if recovered else base
        base = max(base, since)
        if position is not None:
            meters.RESUMES.labels(str(recovered).lower()).inc()
        missed = []
        for topic in topics:
            known = screen.topics.get(topic)
            if known is None:
                screen.topics[topic] = base
                self._topics.setdefault(topic, {})[screen] = None
            if known is None or known > since:
                missed.append(topic)
        screen.replays.append(Replay(tuple(missed), since, since, base, recovered))
        if screen.live:
            self._fall_behind(screen, self.reached(screen))

    def _fall_behind(self, screen, cursor):
        screen.live = False
        screen.cursor = cursor
        screen.task = asyncio.create_task(self._catch_up(screen))
        screen.task.add_done_callback(partial(_report, screen))

    async def _catch_up(self, screen):
        count = 0
        while not screen.closed:
            if screen.replays:
                await self._replay(screen, screen.replays[0])
                screen.replays.popleft()
                continue
            if screen.cursor >= self.sent:
                screen.live = True
                screen.task = None
                return
            if screen.paused:
                await screen.room()
                continue
            entry = self.ring.get(screen.cursor + 1)
            if entry is None:
                await self.too_slow(screen)
                return
            if (text := screen.take(entry)) is not None:
                self._forget_denied(screen, entry, text)
                await screen.show(text)
                meters.DELIVERIES.inc()
            count += 1
            if count % PAUSE_EVERY == 0:
                await asyncio.sleep(0)

    async def _replay(self, screen, replay):
        if replay.cursor < replay.until and not await self._fill(replay.cursor):
            replay.recovered = False
        behind = replay.recovered and replay.cursor < replay.until
        present = self._audiences(replay) if behind else {}
        while replay.recovered and replay.cursor < replay.until and not screen.closed:
            if screen.paused:
                await screen.room()
                continue
            entry = self.ring.get(replay.cursor + 1)
            if entry is None:
                await self.too_slow(screen)
                return
            text = screen.take_missed(entry, replay.topics, present[entry.event_topic])
            replay.cursor = entry.offset
            if text is not None:
                self._forget_denied(screen, entry, text)
                await screen.show(text)
                meters.DELIVERIES.inc()
            if replay.cursor % PAUSE_EVERY == 0:
                await asyncio.sleep(0)
        if replay.recovered:
            for topic in replay.topics:
                if topic in screen.topics:
                    screen.topics[topic] = min(screen.topics[topic], replay.since)
        await screen.room()
        await screen.show(wire.ready(Position(self.epoch, replay.until), replay.recovered))

    def _audiences(self, replay):
        """Who may see each event of a replay now: what was lost meanwhile is not read up."""
        entries = (self.ring[offset] for offset in range(replay.cursor + 1, self.sent + 1))
        return {entry.event_topic: entry.audience for entry in entries}

    async def _fill(self, offset):
        """Extend the ring down to the entry after `offset`; False when the log no longer has it.

        One reader for all: after a restart a thousand screens that resume share these reads.
        """
        async with self._filling:
            delay = 0.1
            while self.low > offset + 1:
                if offset < self.sent - self.catch_up - SLACK // 2:
                    return False
                low, epoch = self.low, self.epoch
                after = max(offset, low - 1 - CHUNK)
                try:
                    entries = await self._read(wire.read_between, self.log_id, after, low - 1)
                except DatabaseError:
                    meters.READ_FAILURES.inc()
                    await asyncio.sleep(delay)
                    delay = min(delay * 2, 2)
                    continue
                if self.epoch != epoch:
                    return False
                if [entry.offset for entry in entries] != list(range(after + 1, low)):
                    return False
                if self.low != low:
                    continue
                self.ring.update((entry.offset, entry) for entry in entries)
                self.low = after + 1
        return True

    async def too_slow(self, screen):
        """Close a screen that does not keep up; it comes back and resumes."""
        if screen.closed:
            return
        meters.SLOW_CLOSES.inc()
        log.info("a screen does not keep up and is told to resume")
        await screen.close(RESUME)


def _report(screen, task):
    """A screen whose reading failed must come back rather than stand still."""
    if not task.cancelled() and task.exception() is not None:
        log.error("a screen could not read on", exc_info=task.exception())
        screen.task = asyncio.create_task(screen.close(FAILURE))
