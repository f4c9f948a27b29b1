"""Roads that share the stem of their name tend to lie together: 建设六马路 is near 建设四马路."""

import re
from collections import defaultdict

from geo.housenumbers import Verdict

_SUFFIX = re.compile(
    r"(大马路|横马路|中马路|马路|大街|大道|横路|直街|新街|后街|前街|中街|横街|上街|下街"
    r"|街|路|巷|里|坊|道|约|新村|村|园|岗|横|宫道|津|社区)$"
)
_MODIFIERS = "一二三四五六七八九十东西南北中上下前后新横直大小正内外左右"
# 先烈中路, 广园西路: long roads cut into parts, which run through many streets.
_TRUNK = re.compile(r"[东西南北中]路$")


def stem(name):
    """The part of a road's or community's name that its neighbours share."""
    bare = _SUFFIX.sub("", name)
    while len(bare) > 2 and bare[-1] in _MODIFIERS:
        bare = bare[:-1]
    return bare


class Kin:
    """Streets by name stem, from `(name, street code)` pairs of roads and of areas."""

    def __init__(self, roads, areas=()):
        self._by_stem = defaultdict(set)  # stem → {(street, name, whether an area's)}
        for pairs, is_area in ((roads, False), (areas, True)):
            for name, street in pairs:
                key = stem(name)
                if len(key) >= 2:
                    self._by_stem[key].add((street, name, is_area))

    def knows(self, name):
        """Whether anything shares the name's stem."""
        return stem(name) in self._by_stem

    def find(self, name):
        """The Verdict for a road that is not known by its own name; None when its stem is new."""
        key = stem(name)
        relatives = self._by_stem.get(key)
        if not relatives:
            return None
        streets = tuple(sorted({street for street, _name, _is_area in relatives}))
        if len(streets) > 1 or _TRUNK.search(name):
            return Verdict(None, "unsure", 0.25, streets)
        if len(key) >= 3:
            return Verdict(streets[0], "name-kin", 0.8)
        if len(relatives) >= 2:
            return Verdict(streets[0], "name-kin", 0.75)
        ((_street, other, is_area),) = relatives
        if is_area or (name.endswith("路") and other.endswith("路")):
            return Verdict(streets[0], "name-kin", 0.65)
        # One lane of a lucky name (吉庆, 万福) says little about another.
        return Verdict(None, "unsure", 0.4, streets)
