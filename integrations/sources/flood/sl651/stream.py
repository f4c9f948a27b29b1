"""Cutting a stream of bytes into frames, whatever stands between them."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.sources.flood.sl651.frames import (
    HEADER,
    MAX_FRAME,
    SOH,
    BadFrame,
    parse,
    size,
)

HEX_SOH = re.compile(rb"7[eE]7[eE]")
HEX = re.compile(rb"[0-9a-fA-F]*")
# What no frame is made of is kept as evidence, but not without end.
MAX_REST = 2 * MAX_FRAME


@dataclass(frozen=True)
class Rest:
    """Bytes that are no frame, and why."""

    raw: bytes
    reason: str


class Stream:
    """Takes bytes in any pieces, gives Frames and Rests in their order. Holds at most one frame's
    bytes. `text` tells whether the last frame was written in hex digits."""

    def __init__(self):
        self._buffer = b""
        self._rest = b""
        self._why = ""
        self._bad = set()
        self.text = False

    @property
    def waiting(self):
        """Whether a frame has begun that is not complete."""
        return bool(self._buffer)

    def feed(self, piece):
        """What is complete with these bytes: [Frame | Rest]."""
        found = []
        for begin in range(0, len(piece), MAX_FRAME):
            self._buffer += piece[begin : begin + MAX_FRAME]
            found += self._take(ended=False)
        return found

    def flush(self):
        """No more comes, or not in time: what is left, as [Frame | Rest]."""
        return self._take(ended=True) + self._drop_rest(everything=True)

    def _take(self, *, ended):
        found = []
        while self._buffer:
            at = _begin(self._buffer)
            if at:
                self._skip(at)
                continue
            frame, length = self._look(0)
            if frame is None and length is None and not ended:
                # It may still become one; but perhaps it broke off, and a whole one follows.
                at = self._whole_one_behind()
                if at is None:
                    break
                self._skip(at, _("帧不完整。"))
                continue
            if frame is None:
                self._skip(1, self._reason(ended))
                continue
            found += self._drop_rest(everything=True)
            self.text = _is_text(self._buffer)
            found.append(frame)
            self._keep(length)
        return found + self._drop_rest(everything=ended)

    def _look(self, at):
        """(Frame, bytes) of the whole frame at `at`; (None, None) when more must come; (None, 0)
        when there is none."""
        if at in self._bad:
            return None, 0
        view = self._buffer[at : at + 2 * MAX_FRAME]
        text = _is_text(view)
        head = _bytes_of(view[: 2 * HEADER + 2]) if text else view[: HEADER + 1]
        if head is None:
            return self._none(at)
        if len(head) <= HEADER:
            return None, None
        whole = size(head)
        if whole is None:
            return self._none(at)
        length = 2 * whole if text else whole
        if len(view) < length:
            return None, None
        raw = _bytes_of(view[:length]) if text else view[:length]
        try:
            return (parse(raw), length) if raw is not None else self._none(at)
        except BadFrame as problem:
            self._why = str(problem)
            return self._none(at)

    def _none(self, at):
        self._bad.add(at)
        return None, 0

    def _whole_one_behind(self):
        at = 0
        while (step := _begin(self._buffer, at + 1)) < len(self._buffer):
            at = step
            if self._look(at)[0] is not None:
                return at
        return None

    def _reason(self, ended):
        return self._why or (_("帧不完整。") if ended else _("帧头不符合 SL 651-2014。"))

    def _skip(self, count, why=""):
        """The first `count` bytes are no frame."""
        self._rest += self._buffer[:count]
        self._why = why or self._why
        self._keep(count)

    def _keep(self, begin):
        self._buffer = self._buffer[begin:]
        self._bad = {at - begin for at in self._bad if at >= begin}

    def _drop_rest(self, *, everything):
        if not self._rest.strip():
            # Blanks between frames are nobody's fault.
            self._rest = b""
            return []
        if not everything and len(self._rest) < MAX_REST:
            return []
        rest = Rest(self._rest, self._why or _("没有找到 SL 651-2014 帧。"))
        self._rest, self._why = b"", ""
        return [rest]


def _is_text(view):
    return HEX_SOH.match(view) is not None


def _bytes_of(digits):
    """The bytes that hex digits stand for, as far as they are whole; None for other characters."""
    if not HEX.fullmatch(digits):
        return None
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _begin(content, start=0):
    """Where a frame may begin at or after `start`, else the length of `content`.

    The last bytes may be the beginning of a beginning.
    """
    places = [content.find(SOH, start)]
    if found := HEX_SOH.search(content, start):
        places.append(found.start())
    places = [place for place in places if place >= 0]
    if places:
        return min(places)
    for tail in (3, 2, 1):
        begin = len(content) - tail
        if begin >= start and _may_begin(content[begin:]):
            return begin
    return len(content)


def _may_begin(tail):
    return SOH.startswith(tail) or b"7e7e".startswith(tail.lower())
