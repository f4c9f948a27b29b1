"""What the centre answers to a message that it has stored; what is not stored gets no answer, so
that the station sends it again."""

from integrations.sources.flood.sl651.crc import crc16
from integrations.sources.flood.sl651.frames import DOWN, ESC, LINK_KEEPING, SOH, STX

# Serial number and time of sending, with which every text of a station begins.
OPENING = 8


def confirmation(frame, opening=None):
    """The downlink frame (bytes) that confirms an uplink `frame`, or None where none is due.

    The station stays on line (ESC). `opening` are the eight bytes with which the message began,
    where `frame` is a later packet of it. Keeping the link is not answered (6.6.4.2).
    """
    opening = frame.text[:OPENING] if opening is None else opening
    if frame.down or frame.function == LINK_KEEPING or len(opening) != OPENING:
        return None
    head = SOH + frame.address + bytes([frame.centre]) + frame.password + bytes([frame.function])
    length = (DOWN << 12 | OPENING).to_bytes(2, "big")
    content = head + length + bytes([STX]) + opening + bytes([ESC])
    return content + crc16(content)
