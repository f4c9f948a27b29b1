"""Messages of one or several frames."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.sources.flood.sl651.frames import BadFrame

# Messages of several packets that may stand open at once, and their packets.
MAX_OPEN, MAX_PACKETS = 4, 256


@dataclass(frozen=True)
class Message:
    """What one or several frames say together; `raw` is their bytes in order."""

    frames: tuple

    @property
    def last(self):
        """The frame that is answered."""
        return self.frames[-1]

    @property
    def raw(self):
        """All bytes."""
        return b"".join(frame.raw for frame in self.frames)

    @property
    def text(self):
        """The whole text."""
        return b"".join(frame.text for frame in self.frames)


class Assembly:
    """Puts packets together; holds a few unfinished messages."""

    def __init__(self):
        self._open = {}

    def add(self, frame):
        """The Message that is complete with this frame, or None. Raises BadFrame when a message
        would be too large."""
        if frame.packets == 1:
            return Message((frame,))
        if frame.packets > MAX_PACKETS:
            raise BadFrame(_("多包报文超过 %(count)d 包。") % {"count": MAX_PACKETS})
        key = (frame.address, frame.function, frame.packets)
        if key not in self._open and len(self._open) >= MAX_OPEN:
            raise BadFrame(_("未收齐的多包报文过多。"))
        packets = self._open.setdefault(key, {})
        packets[frame.packet] = frame
        if len(packets) < frame.packets:
            return None
        del self._open[key]
        return Message(tuple(packets[number] for number in sorted(packets)))

    def unfinished(self):
        """The frames of the messages that never became whole, in lists; forgets them."""
        left = [list(packets.values()) for packets in self._open.values()]
        self._open = {}
        return left
