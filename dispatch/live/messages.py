"""What a client may say (docs/live.schema.json)."""

import json
import time
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.timeline import Position

MAX_BYTES = 64 * 1024
MAX_TOPICS = 64
MAX_TEXT = 200
KINDS = {"desk", "area", "event", "group"}


class BadMessage(Exception):
    """A message that cannot be read; its text tells the client why."""


@dataclass(frozen=True)
class Message:
    """A message that was read; fields that its op does not have are empty."""

    op: str
    token: str = ""
    topics: tuple = ()
    position: Position | None = None
    event: str = ""
    typing: bool = False


def read(frame):
    """The Message in an ASGI `websocket.receive`. Raises BadMessage."""
    text = frame.get("text")
    if text is None:
        raise BadMessage(_("只接受 JSON 文本，不接受二进制消息"))
    if len(text) > MAX_BYTES or len(text.encode()) > MAX_BYTES:
        raise BadMessage(_("消息超过 64 KiB"))
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage(_("不是有效的 JSON")) from None
    if not isinstance(body, dict):
        raise BadMessage(_("消息必须是 JSON 对象"))
    reader = READERS.get(body.get("op")) if isinstance(body.get("op"), str) else None
    if reader is None:
        raise BadMessage(_("未知的 op"))
    return reader(body)


def _text(body, name):
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise BadMessage(_("%(name)s 必须是 1 到 200 个字符的文本") % {"name": name})
    return value


def _topics(body):
    topics = body.get("topics")
    if not isinstance(topics, list) or not topics:
        raise BadMessage(_("topics 必须是非空的数组"))
    if len(topics) > MAX_TOPICS:
        raise BadMessage(_("最多订阅 64 个主题"))
    if not all(isinstance(topic, str) and 0 < len(topic) <= MAX_TEXT for topic in topics):
        raise BadMessage(_("主题必须是 1 到 200 个字符的文本"))
    return tuple(dict.fromkeys(topics))


def _position(body):
    value = body.get("position")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadMessage(_("position 必须是 {epoch, offset} 或 null"))
    epoch, offset = value.get("epoch"), value.get("offset")
    if type(offset) is not int or not 0 <= offset < 2**63 or not isinstance(epoch, str):
        raise BadMessage(_("position 必须是 {epoch, offset} 或 null"))
    try:
        return Position(str(uuid.UUID(epoch)), offset)
    except ValueError:
        raise BadMessage(_("epoch 必须是 UUID")) from None


def _typing(body):
    typing = body.get("typing", False)
    if not isinstance(typing, bool):
        raise BadMessage(_("typing 必须是 true 或 false"))
    return typing


READERS = {
    "auth": lambda body: Message("auth", token=_text(body, "token")),
    "subscribe": lambda body: Message("subscribe", topics=_topics(body), position=_position(body)),
    "unsubscribe": lambda body: Message("unsubscribe", topics=_topics(body)),
    "ping": lambda body: Message("ping"),
    "here": lambda body: Message("here", event=_text(body, "event"), typing=_typing(body)),
}


class Allowance:
    """How often something may happen: `rate` a second on average, `burst` at once."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate, burst):
        self._rate, self._burst, self._left = rate, burst, burst
        self._at = time.monotonic()

    def take(self):
        """Whether it may happen once more now."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
