"""SL 651-2014 frames in a delivery: binary, or as hex text."""

import re

from django.utils.translation import gettext as _

from integrations.flood.readings import Observation, Readings
from integrations.flood.stations import About
from integrations.models import StationKind
from integrations.sources.flood.sl651 import report
from integrations.sources.flood.sl651.frames import SOH, BadFrame
from integrations.sources.flood.sl651.message import Assembly
from integrations.sources.flood.sl651.stream import HEX_SOH, Rest, Stream
from integrations.sources.formats import Flawed
from integrations.sources.kind import Unreadable

HEX_TEXT = re.compile(rb"[0-9A-Fa-f\s]+")
# Frames are looked for here; text in another form has no such bytes at its beginning.
BEGINNING = 4096
# Classes of stations (表 B.1).
KINDS = {
    "P": StationKind.RAIN,
    "H": StationKind.RIVER,
    "K": StationKind.RESERVOIR,
    "Z": StationKind.SLUICE,
    "D": StationKind.PUMP,
    "T": StationKind.RIVER,
}


def fits(body):
    """Whether a delivery holds frames."""
    begin = body.lstrip()[:BEGINNING]
    if begin[:1] in (b"<", b"{", b"["):
        return False
    return SOH in begin or HEX_SOH.search(re.sub(rb"\s", b"", begin)) is not None


def items(body):
    """The items of the frames in a delivery. What is no frame is an item of its own that is put
    aside with the reason. Raises Unreadable when there is no frame at all."""
    found, wrong, count = [], [], 0
    assembly = Assembly()
    for part in _parts(body):
        count += 1
        try:
            if isinstance(part, Rest):
                raise Unreadable(part.reason)
            message = None if part.down else assembly.add(part)
            if message:
                found.append(readings(message))
        except Unreadable as problem:
            wrong.append(Flawed(count, str(problem)))
    wrong += [Flawed(count, _("多包报文未收齐。")) for _frames in assembly.unfinished()]
    if not found and not wrong:
        raise Unreadable(_("只有下行帧，没有测站的报文。"))
    if not found and len(wrong) == 1:
        raise Unreadable(wrong[0].reason)
    return [*found, *wrong]


def readings(message):
    """The Readings in a whole uplink message. Raises BadFrame."""
    said = report.read(message.last.function, message.text, message.last.address)
    if said.faults and not said.measured:
        raise BadFrame("；".join(said.faults))
    return Readings(
        tuple(Observation(said.station, one.at, one.quantity, one.value) for one in said.measured),
        about=(About(said.station, kind=KINDS.get(said.kind, StationKind.OTHER)),),
        test=said.test,
        faults=tuple((said.station, fault) for fault in said.faults),
    )


def _parts(body):
    stream = Stream()
    if HEX_TEXT.fullmatch(body):
        body = re.sub(rb"\s", b"", body)
    return stream.feed(body) + stream.flush()
