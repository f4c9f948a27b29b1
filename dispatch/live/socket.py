"""The live socket (docs/live.md): reads what the client says; the hub sends."""

import asyncio
import logging

from channels.consumer import AsyncConsumer
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import parse_cookie
from django.utils.translation import gettext as _

from dispatch.live import badge as badges
from dispatch.live import origin
from dispatch.live.messages import MAX_TOPICS, Allowance, BadMessage, read
from events.tail import hub as hubs
from events.tail import wire
from events.tail.presence import Person
from events.tail.pressure import SCOPE_KEY
from events.tail.screen import FAILURE, FORBIDDEN, POLICY, UNAUTHENTICATED, Screen

AUTH_SECONDS = 5
HANDLE_SECONDS = 10
# Messages a client may send, and mistakes it may make, before it is shown the door.
MESSAGES = {"rate": 10, "burst": 60}
MISTAKES = {"rate": 1 / 20, "burst": 3}
# Subscriptions whose replay has not been sent yet.
MAX_REPLAYS = 16
log = logging.getLogger("xianfeng.live")


class Gone(Exception):
    """The client has left, or was told to."""


class LiveSocket(AsyncConsumer):
    """One socket. It has no channel of its own in the channel layer and runs no query itself.

    Channels' dispatch would make a thread hop for every message and subscribe every socket to the
    layer; here the hub of the process does that once for all.
    """

    async def __call__(self, scope, receive, send):
        """Serve one socket until it closes."""
        await receive()  # websocket.connect
        if not origin.allowed(scope):
            await send({"type": "websocket.close", "code": FORBIDDEN})
            return
        await send({"type": "websocket.accept"})
        self._receive = receive
        self._messages, self._mistakes = Allowance(**MESSAGES), Allowance(**MISTAKES)
        self._hub = hubs.current(badges)
        self._screen = Screen(send, None, frozenset(), scope.get(SCOPE_KEY))
        with self._hub.visit():
            try:
                await self._enter(scope)
            except Gone:
                return
            try:
                while True:
                    await self._serve_one()
            except Gone:
                return
            finally:
                self._hub.leave(self._screen)

    async def _enter(self, scope):
        """Find out who this is and join the hub. Raises Gone."""
        badge, changes = None, self._hub.changes
        try:
            if origin.from_browser(scope):
                cookies = parse_cookie(origin.header(scope, b"cookie") or "")
                if key := cookies.get(settings.SESSION_COOKIE_NAME):
                    badge = await self._hub.admit(badges.Claim(session=key))
            if badge is None:
                async with asyncio.timeout(AUTH_SECONDS):
                    badge = await self._authenticate()
            if not badge.scope.tokens or badge.log_id is None:
                await self._close(FORBIDDEN)
            self._wear(badge)
            await self._hub.join(self._screen, badge.log_id, changes)
        except TimeoutError:
            await self._close(UNAUTHENTICATED)
        except DatabaseError:
            log.warning("a socket could not be let in: the database does not answer")
            await self._close(FAILURE)

    async def _authenticate(self):
        while True:
            try:
                message = await self._next()
                if message.op != "auth":
                    raise BadMessage(_("请先用 auth 登录"))
            except BadMessage as problem:
                await self._complain(problem)
                continue
            return await self._badge_of(message.token)

    async def _badge_of(self, token):
        badge = await self._hub.admit(badges.Claim(token=token))
        if badge is None:
            await self._close(UNAUTHENTICATED)
        return badge

    def _wear(self, badge):
        self._screen.badge = badge
        self._screen.tokens = badge.scope.tokens

    async def _close(self, code):
        await self._screen.close(code)
        raise Gone

    async def _next(self):
        """The client's next message. Raises BadMessage, Gone."""
        frame = await self._receive()
        if frame["type"] == "websocket.disconnect":
            raise Gone
        if not self._messages.take():
            raise BadMessage(_("消息过于频繁"))
        return read(frame)

    async def _complain(self, problem):
        if not self._mistakes.take():
            await self._close(POLICY)
        await self._screen.show(wire.error(problem))

    async def _serve_one(self):
        try:
            message = await self._next()
            async with asyncio.timeout(HANDLE_SECONDS):
                await getattr(self, f"_on_{message.op}")(message)
        except BadMessage as problem:
            await self._complain(problem)
        except (TimeoutError, DatabaseError):
            log.warning("a socket's message could not be answered")
            await self._close(FAILURE)

    # What a client may ask

    async def _on_auth(self, message):
        if self._screen.topics:
            raise BadMessage(_("已经登录并订阅，请重新连接后再换身份"))
        badge = await self._badge_of(message.token)
        if badge.log_id != self._screen.badge.log_id or not badge.scope.tokens:
            await self._close(FORBIDDEN)
        self._wear(badge)

    async def _on_subscribe(self, message):
        screen = self._screen
        if len({*screen.topics, *message.topics}) > MAX_TOPICS:
            raise BadMessage(_("最多订阅 64 个主题"))
        if len(screen.replays) >= MAX_REPLAYS:
            raise BadMessage(_("请等待上一次订阅完成"))
        allowed = await self._allowed(message.topics)
        for topic in message.topics:
            if topic not in allowed:
                await screen.show(wire.denied(topic))
        await screen.stream.subscribe(screen, allowed, message.position)
        for number in badges.event_numbers(allowed):
            await self._hub.show_people(screen, number)

    async def _allowed(self, topics):
        """Those that may be followed by the rights of this moment, not of the query's."""
        while True:
            badge = self._screen.badge
            if badges.event_numbers(topics):
                allowed = await self._hub.gate(badges.allowed_topics, badge.scope, topics)
            else:
                allowed = badges.allowed_topics(badge.scope, topics)
            if self._screen.badge is badge:
                return allowed

    async def _on_unsubscribe(self, message):
        self._hub.unfollow(self._screen, message.topics)

    async def _on_ping(self, message):
        screen = self._screen
        if not screen.paused:
            await screen.show(wire.top(screen.stream.known_to(screen)))

    async def _on_here(self, message):
        screen = self._screen
        if f"event:{message.event}" not in screen.topics:
            raise BadMessage(_("请先订阅该事件"))
        who = screen.badge.scope
        person = Person(who.user_id, who.name, who.department_name, message.typing)
        await self._hub.here(screen, message.event, person)
