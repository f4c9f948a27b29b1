"""The text of a station's report: who measured what, and when."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from integrations.sources.flood.sl651 import elements
from integrations.sources.flood.sl651.frames import BadFrame, bcd, station_code

# Functions whose text is addresses, times and elements; the others carry no measurements.
TEST, UNIFORM, PERIOD = 0x30, 0x31, 0x38
MEASURED = {TEST, UNIFORM, 0x32, 0x33, 0x34, 0x37, PERIOD}
# Stations write Beijing time, wherever the centre is.
ZONE = ZoneInfo("Asia/Shanghai")
FIVE_MINUTES = timedelta(minutes=5)


@dataclass(frozen=True)
class Measured:
    """One value: `quantity` is ours, in its unit."""

    at: datetime
    quantity: str
    value: float


@dataclass
class Report:
    """A report of one station. `kind` is the letter of the station's class (表 B.1), e.g. H river,
    P rain; `faults` say which values could not be read."""

    station: str
    sent_at: datetime
    kind: str = ""
    test: bool = False
    measured: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def read(function, text, address):
    """The Report in the joined text of a message. Raises BadFrame."""
    cursor = elements.Cursor(text)
    cursor.take(2)
    report = Report(station_code(address), _time(cursor.take(6)), test=function == TEST)
    if function not in MEASURED:
        return report
    reader = _Reader(report, cursor, function in (UNIFORM, PERIOD))
    while cursor.left:
        reader.step()
    reader.end()
    return report


class _Reader:
    def __init__(self, report, cursor, stepped):
        self.report, self.cursor, self.stepped = report, cursor, stepped
        self.at, self.pace, self.relative = report.sent_at, None, []

    def step(self):
        """Read whatever comes next."""
        guide = self.cursor.peek(2)
        if guide == elements.STATION:
            self.cursor.take(2)
            self.report.station = station_code(self.cursor.take(5))
            self.report.kind = chr(self.cursor.take(1)[0])
        elif guide == elements.OBSERVED:
            self.end()
            self.cursor.take(2)
            self.at = _time(self.cursor.take(5))
        elif guide in elements.TO_THE_END:
            self.cursor.take(self.cursor.left)
        else:
            self._element()

    def _element(self):
        code, width, decimals = self.cursor.heading()
        if code == elements.STEP and self.stepped:
            self.pace = _pace(self.cursor.take(width))
            return
        if self.pace:
            self._row(code, width, decimals)
            return
        self._value(code, self.cursor.take(width), decimals)

    def _row(self, code, width, decimals):
        """Values of one element at an even pace, to the end of the text."""
        if not width:
            raise BadFrame(_("要素 %(code)s 没有长度。") % {"code": _name(code)})
        begin, count = self.at, 0
        while self.cursor.left >= width:
            self.at = begin + self.pace * count
            self._value(code, self.cursor.take(width), decimals)
            count += 1
        self.cursor.take(self.cursor.left)

    def _value(self, code, content, decimals):
        element = elements.known().get(code)
        if element is None:
            return
        if element.encoding == "bcd":
            try:
                value = elements.number(content, decimals)
            except BadFrame as problem:
                # What the others say is true all the same.
                self.report.faults.append(f"{_name(code)}：{problem}")
                return
            self._add(self.at, element.quantity, value)
        elif element.encoding == "series1":
            self._series(element, elements.series(content, 1, 0.1))
        else:
            # Above a base that the frame does not tell: the level itself does, see `end`.
            self.relative = elements.series(content, 2, 0.01)

    def _series(self, element, values):
        """Values at every five minutes up to the time of observation."""
        for back, value in enumerate(reversed(values)):
            self._add(self.at - FIVE_MINUTES * back, element.quantity, value)
        if element.quantity == "rain_5m" and values and None not in values:
            self._add(self.at, "rain_1h", round(sum(values), 1))

    def end(self):
        """No more of this time: levels above a base become levels where the last one is known."""
        levels, self.relative = self.relative, []
        known = [
            one.value
            for one in self.report.measured
            if one.at == self.at and one.quantity == "stage"
        ]
        if not levels or not known or levels[-1] is None:
            return
        base = known[0] - levels[-1]
        for back, level in enumerate(reversed(levels[:-1]), 1):
            if level is not None:
                self._add(self.at - FIVE_MINUTES * back, "stage", round(base + level, 3))

    def _add(self, at, quantity, value):
        if value is not None:
            self.report.measured.append(Measured(at, quantity, value))


def _name(code):
    return "FF" if code is None else f"{code:02X}"


def _time(content):
    """YYMMDDhhmm or YYMMDDhhmmss in BCD, Beijing time. Raises BadFrame."""
    digits = bcd(content)
    parts = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    try:
        return datetime(2000 + parts[0], *parts[1:], tzinfo=ZONE)
    except ValueError:
        raise BadFrame(_("时间 %(digits)s 不存在。") % {"digits": digits}) from None


def _pace(content):
    """The step between two values: days, hours, minutes in BCD. Raises BadFrame."""
    digits = bcd(content).rjust(6, "0")
    pace = timedelta(days=int(digits[:2]), hours=int(digits[2:4]), minutes=int(digits[4:6]))
    if not pace:
        raise BadFrame(_("时间步长为零。"))
    return pace
