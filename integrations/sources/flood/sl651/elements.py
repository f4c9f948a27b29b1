"""The elements of a text: which of them we read, how long each is, and what its bytes mean."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from integrations.sources.flood.sl651.frames import BadFrame

TABLE = Path(__file__).with_name("elements.csv")
STATION, OBSERVED = b"\xf1\xf1", b"\xf0\xf0"
STEP = 0x04
# Written twice, without a length: what a person typed, and a picture. They go on to the end.
TO_THE_END = {b"\xf2\xf2", b"\xf3\xf3", b"\xfd\xfd"}
EXTENDED = 0xFF
# All bytes so: the sensor has nothing to say. One 0xFF in front of a number is a minus.
NOTHING, MINUS = 0xAA, 0xFF


@dataclass(frozen=True)
class Element:
    """An element that we read; `quantity` is ours (integrations/flood/quantities.py)."""

    code: int
    symbol: str
    quantity: str
    encoding: str
    name: str


@cache
def known():
    """{code: Element} of elements.csv."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {int(row["code"], 16): Element(**{**row, "code": int(row["code"], 16)}) for row in rows}


class Cursor:
    """Reads a text from its beginning; raises BadFrame where it breaks off."""

    def __init__(self, text):
        self._text, self._at = text, 0

    @property
    def left(self):
        """How many bytes are left."""
        return len(self._text) - self._at

    def take(self, count):
        """The next bytes."""
        if count > self.left:
            raise BadFrame(_("报文正文不完整。"))
        self._at += count
        return self._text[self._at - count : self._at]

    def peek(self, count):
        """The next bytes, which stay to be taken."""
        return self._text[self._at : self._at + count]

    def heading(self):
        """(code, bytes, decimals) of the element that comes next; its code is None for one that
        only its maker knows."""
        code = self.take(1)[0]
        if code == EXTENDED:
            self.take(1)
            code = None
        definition = self.take(1)[0]
        return code, definition >> 3, definition & 7


def number(content, decimals):
    """The number in BCD bytes, None when the sensor gave none. Raises BadFrame for other digits."""
    if not content or len(set(content)) == 1 and content[0] in (NOTHING, MINUS):
        return None
    negative = content[0] == MINUS
    digits = content[negative:].hex()
    if not digits.isdecimal():
        raise BadFrame(_("%(digits)s 不是 BCD 码。") % {"digits": digits.upper()})
    value = int(digits) / 10**decimals
    return -value if negative else value


def series(content, width, scale):
    """The binary numbers of `width` bytes each, in units of `scale`; None where all bits are set
    (not measured)."""
    parts = [content[at : at + width] for at in range(0, len(content) // width * width, width)]
    return [
        None if set(part) == {0xFF} else round(int.from_bytes(part, "big") * scale, 3)
        for part in parts
    ]
