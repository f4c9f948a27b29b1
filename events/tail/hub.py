"""The hub: one per server process and event loop. It reads each log once for all its screens."""

import asyncio
import logging
import time
import uuid
import weakref
from contextlib import contextmanager
from dataclasses import asdict

from django.conf import settings
from django.db import Error as DatabaseError

from events.tail import hints, meters, wire
from events.tail.presence import Person, Presence
from events.tail.reader import Batch, Reader
from events.tail.screen import FAILURE, RESUME
from events.tail.stream import Stream

SLOWEST_RETRY = 2.0
RECHECK_CHUNK = 500
log = logging.getLogger("xianfeng.tail")
_hubs = weakref.WeakKeyDictionary()


def current(policy):
    """The running loop's hub, started when needed.

    `policy` knows about people; its functions are called in a thread, for many sockets at once:
    `admit([claim, …])` returns a badge or None for each, `recheck([(badge, topics), …])` a Verdict.
    """
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None or hub.stopped:
        hub = _hubs[loop] = Hub(policy)
    return hub


class Hub:
    """Screens join it with the log they follow; it stops when the last visitor has left."""

    def __init__(self, policy):
        self.id = uuid.uuid4().hex
        self.stopped = False
        self.screens = set()
        # How often rights were seen to change.
        self.changes = 0
        self.gate = Reader("tail-gate")
        self._reader = Reader("tail-reader")
        self._recheck = policy.recheck
        self.admit = Batch(self.gate, policy.admit)
        self._visitors = 0
        self._recheck_wanted = asyncio.Event()
        self._streams = {}
        self._opening = asyncio.Lock()
        self._presence = Presence()
        self._loop = asyncio.get_running_loop()
        self._poll_seconds = settings.TAIL_POLL_SECONDS
        self._heartbeat_seconds = settings.TAIL_HEARTBEAT_SECONDS
        self._stall_seconds = getattr(settings, "TAIL_STALL_SECONDS", 15)
        self._tasks, self._sending = set(), set()
        hints.listen(self._heard)
        self._spawn(self._beat())
        self._spawn(self._look_again())
        if hints.shared_layer() is not None:
            self._spawn(self._listen())

    def _spawn(self, work):
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task):
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        # A hub that lost a part must not go on half deaf: its screens come back to a new one.
        log.critical("the live tail failed and starts afresh", exc_info=task.exception())
        self._streams.clear()
        farewells = [screen.close(FAILURE) for screen in self.screens]
        self.stop()
        _hubs.pop(self._loop, None)
        self._farewell = asyncio.gather(*farewells)

    # Screens come and go

    @contextmanager
    def visit(self):
        """Keep the hub running for as long as a socket is open."""
        self._visitors += 1
        try:
            yield
        finally:
            self._visitors -= 1
            if not self._visitors:
                self.stop()

    async def join(self, screen, log_id, changes):
        """Let `screen` follow a log; its rights were read when `self.changes` was `changes`.

        Raises DatabaseError.
        """
        async with self._opening:
            stream = self._streams.get(log_id)
            if stream is None:
                stream = Stream(log_id, self._reader, settings.TAIL_CATCH_UP)
                await stream.open()
                self._streams[log_id] = stream
                self._spawn(self._follow(stream))
                self.look_again()
        screen.told_at = time.monotonic()
        stream.join(screen)
        self.screens.add(screen)
        if changes != self.changes:
            self.look_again()
        meters.SCREENS.inc()

    def unfollow(self, screen, topics):
        """End some topics of a screen."""
        for topic in topics:
            if topic in screen.topics:
                self._absent(screen, topic)
                screen.stream.unfollow(screen, topic)

    def leave(self, screen):
        """A socket that has joined is gone."""
        self.unfollow(screen, list(screen.topics))
        screen.stream.leave(screen)
        self.screens.discard(screen)
        meters.SCREENS.dec()

    def stop(self):
        """End every task and thread of the hub."""
        self.stopped = True
        hints.unlisten(self._heard)
        for task in list(self._tasks):
            task.cancel()
        self.gate.close()
        self._reader.close()

    # Hearing of new entries

    def _heard(self, log_id, top):
        try:
            self._loop.call_soon_threadsafe(self._wake, log_id, top)
        except RuntimeError:  # the loop has been closed
            hints.unlisten(self._heard)

    def _wake(self, log_id, top):
        stream = self._streams.get(log_id)
        if stream is not None and top > stream.sent:
            stream.wake.set()

    async def _follow(self, stream):
        """Read a log when a hint or the poll says so; a failing database is asked again."""
        delay = self._poll_seconds
        version = stream.access_version
        while True:
            found = "hint"
            try:
                async with asyncio.timeout(delay):
                    await stream.wake.wait()
            except TimeoutError:
                found = "poll"
            stream.wake.clear()
            try:
                count, more = await stream.advance()
            except DatabaseError as error:
                meters.READ_FAILURES.inc()
                log.warning("log %s could not be read: %s", stream.log_id, type(error).__name__)
                delay = min(delay * 2, max(SLOWEST_RETRY, self._poll_seconds))
                continue
            delay = self._poll_seconds
            if count:
                meters.ENTRIES.labels(found).inc(count)
            if more:
                stream.wake.set()
            if stream.access_version != version:
                version = stream.access_version
                self.changes += 1
                self.look_again()

    async def _listen(self):
        """Hear the other processes by the channel layer, and come back when it was away."""
        delay = 1
        while True:
            layer = hints.shared_layer()
            try:
                channel = await layer.new_channel()
                await layer.group_add(hints.GROUP, channel)
                delay = 1
                while True:
                    await self._receive(await layer.receive(channel))
            except hints.LAYER_ERRORS as error:
                meters.LAYER_FAILURES.inc()
                log.warning("the channel layer is away: %s", type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 10)

    async def _receive(self, message):
        if message["type"] == "tail.hint":
            self._wake(message["log"], message["top"])
        elif message["type"] == "tail.here" and message["hub"] != self.id:
            person = Person(**message["person"]) if message["person"] else None
            if self._presence.note(message["event"], message["seat"], person):
                await self._show_people(message["event"])

    # Every second

    async def _beat(self):
        """Heartbeats, stalled sockets, forgotten people."""
        while True:
            await asyncio.sleep(min(1.0, self._heartbeat_seconds / 4, self._stall_seconds / 4))
            now = time.monotonic()
            for stream in list(self._streams.values()):
                text = wire.top(stream.position)
                for count, screen in enumerate(list(stream.screens), 1):
                    await self._tend(screen, text, now)
                    if count % 100 == 0:
                        await asyncio.sleep(0)
                        text = wire.top(stream.position)
            for event in self._presence.expire():
                await self._show_people(event)

    async def _tend(self, screen, text, now):
        if screen.paused:
            if now - screen.pressure.paused_at > self._stall_seconds:
                await screen.stream.too_slow(screen)
        elif now - screen.told_at >= self._heartbeat_seconds:
            screen.told_at = now
            if not screen.live:
                text = wire.top(screen.stream.known_to(screen))
            await screen.show(text)

    # Rights

    def look_again(self):
        """Somebody's rights may have changed: check all screens soon."""
        self._recheck_wanted.set()

    async def _look_again(self):
        """Check everybody's session and rights when they change, and every heartbeat."""
        while True:
            try:
                async with asyncio.timeout(self._heartbeat_seconds):
                    await self._recheck_wanted.wait()
            except TimeoutError:
                pass
            self._recheck_wanted.clear()
            screens = list(self.screens)
            for start in range(0, len(screens), RECHECK_CHUNK):
                chunk = screens[start : start + RECHECK_CHUNK]
                seats = [(screen.badge, tuple(screen.topics)) for screen in chunk]
                try:
                    verdicts = await self.gate(self._recheck, seats)
                except DatabaseError:
                    meters.READ_FAILURES.inc()
                    await asyncio.sleep(self._poll_seconds)
                    self._recheck_wanted.set()
                    break
                for screen, (badge, _topics), verdict in zip(chunk, seats, verdicts, strict=True):
                    if screen.badge is badge:
                        await self._apply(screen, verdict)

    async def _apply(self, screen, verdict):
        if verdict.code is not None:
            await screen.close(verdict.code)
            return
        screen.badge = verdict.badge
        if verdict.tokens == screen.tokens:
            return
        screen.tokens = verdict.tokens
        if screen.paused:
            await screen.close(RESUME)
            return
        self.unfollow(screen, verdict.lost)
        for topic in verdict.lost:
            await screen.show(wire.denied(topic))
        await screen.show(wire.RESET)

    # Presence

    async def here(self, screen, event, person):
        """Somebody has the event open on that screen, and says so again within 30 seconds."""
        changed = self._presence.note(event, self._seat(screen), person)
        self._tell_layer(event, screen, person)
        if changed:
            await self._show_people(event)

    async def show_people(self, screen, event):
        """Tell one screen who is at the event, if anybody is."""
        people = self._presence.people(event)
        if people and not screen.paused:
            await screen.show(wire.here(event, people))

    def _seat(self, screen):
        return f"{self.id}:{id(screen)}"

    def _absent(self, screen, topic):
        kind, _sep, event = topic.partition(":")
        if kind == "event" and self._presence.note(event, self._seat(screen), None):
            self._tell_layer(event, screen, None)
            self._spawn(self._show_people(event))

    async def _show_people(self, event):
        topic = f"event:{event}"
        text = wire.here(event, self._presence.people(event))
        for stream in list(self._streams.values()):
            for screen in stream.followers(topic):
                if not screen.paused:
                    await screen.show(text)

    def _tell_layer(self, event, screen, person):
        if (layer := hints.shared_layer()) is not None:
            message = {
                "type": "tail.here",
                "hub": self.id,
                "event": event,
                "seat": self._seat(screen),
                "person": asdict(person) if person else None,
            }
            # Not among the hub's tasks: who leaves last still says so, though the hub ends then.
            task = self._loop.create_task(_send(layer, message))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)


async def _send(layer, message):
    try:
        async with asyncio.timeout(hints.SEND_SECONDS):
            await layer.group_send(hints.GROUP, message)
    except hints.LAYER_ERRORS:
        meters.LAYER_FAILURES.inc()
