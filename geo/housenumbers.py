"""What the known number ranges of one road say about a house number."""

from dataclasses import dataclass

# How often each kind of conclusion held when ranges were hidden and asked for again
# (tests/geo/test_gazetteer.py); below 0.5 no street is named.
EXACT, EXACT_NARROWER = 0.96, 0.7
BETWEEN, BETWEEN_WIDE = 0.9, 0.7
BEYOND_NEAR, BEYOND_FAR = 0.88, 0.65
OTHER_SIDE, OTHER_SIDE_BEYOND = 0.85, 0.7
UNSURE = 0.35
NEAR, WIDE = 24, 60


@dataclass(frozen=True, slots=True)
class Range:
    """House numbers low..high of a road that lie in a street; parity all, odd or even."""

    low: int
    high: int
    parity: str
    street: str
    building: str = ""

    def holds(self, number):
        """Whether the number is one of this range."""
        return self.low <= number <= self.high and self.on_side(number)

    def on_side(self, number):
        """Whether the range says anything about the number's side of the road."""
        if self.parity == "all":
            return self.low != self.high or (self.low - number) % 2 == 0
        return (number % 2 == 1) == (self.parity == "odd")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The street a number lies in, how that is known and how sure; street None is unsure."""

    street: str | None
    method: str
    confidence: float
    candidates: tuple = ()


class Numbers:
    """The ranges of one road."""

    def __init__(self, ranges, whole=()):
        self.ranges = sorted(ranges, key=lambda r: (r.low, r.high))
        self.whole = frozenset(whole)
        self.streets = frozenset(r.street for r in self.ranges) | self.whole

    def find(self, number):
        """The Verdict for a house number."""
        exact = [r for r in self.ranges if r.holds(number)]
        if exact:
            return self._exact(exact)
        if not self.ranges:
            return self.road()
        same = [r for r in self.ranges if r.on_side(number)]
        other = [r for r in self.ranges if not r.on_side(number)]
        if same:
            return self._beside(same, number, self._across(other, number))
        if len(self.streets) > 1:
            return self._unsure()
        return self._other_side(other, number)

    def road(self):
        """The Verdict for the road without a number."""
        if len(self.streets) == 1:
            return Verdict(next(iter(self.streets)), "road", 0.9 if self.whole else 0.75)
        return Verdict(None, "unsure", 0.2, tuple(sorted(self.streets)))

    def _exact(self, exact):
        streets = {r.street for r in exact}
        if len(streets) == 1:
            return Verdict(exact[0].street, "range", EXACT)
        width = min(r.high - r.low for r in exact)
        narrowest = {r.street for r in exact if r.high - r.low == width}
        if len(narrowest) == 1:
            return Verdict(narrowest.pop(), "range", EXACT_NARROWER)
        return Verdict(None, "unsure", 0.4, tuple(sorted(streets)))

    def _across(self, other, number):
        """The street of the other side at this number, or None."""
        streets = {r.street for r in other if r.low - 2 <= number <= r.high + 2}
        return streets.pop() if len(streets) == 1 else None

    def _beside(self, ranges, number, across):
        """The Verdict of the nearest ranges below and above on the number's own side."""
        below, above = _around(ranges, number)
        if below and above:
            if below.street != above.street:
                # The border between two streets lies in this gap; nearness does not tell which
                # side of it (wrong in four of ten).
                return self._unsure({below.street, above.street})
            gap = above.low - below.high
            if across not in (None, below.street) and gap > WIDE:
                return self._unsure({below.street, across})
            sure = BETWEEN if gap <= WIDE or len(self.streets) == 1 else BETWEEN_WIDE
            return Verdict(below.street, "range-between", sure)
        last = below or above
        if last is None or len(self.streets) > 1:
            return self._unsure()
        low, high = self.ranges[0].low, max(r.high for r in self.ranges)
        sure = BEYOND_NEAR if low <= number <= high or _gap(last, number) <= WIDE else BEYOND_FAR
        return Verdict(last.street, "range-nearest", sure)

    def _other_side(self, ranges, number):
        """The Verdict when only numbers of the other side are known, all of one street."""
        street = ranges[0].street
        below, above = _around(ranges, number)
        if (below and above) or not (below or above):
            return Verdict(street, "range-nearest", OTHER_SIDE)
        gap = _gap(below or above, number)
        if gap <= NEAR:
            return Verdict(street, "range-nearest", OTHER_SIDE_BEYOND)
        return self._unsure()

    def _unsure(self, streets=None):
        return Verdict(None, "unsure", UNSURE, tuple(sorted(streets or self.streets)))


def _around(ranges, number):
    below = max((r for r in ranges if r.high < number), key=lambda r: r.high, default=None)
    above = min((r for r in ranges if r.low > number), key=lambda r: r.low, default=None)
    return below, above


def _gap(item, number):
    return item.low - number if number < item.low else number - item.high
