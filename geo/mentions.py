"""Which known names a text mentions, and which of them belong together."""

import re
from dataclasses import dataclass, field

from geo.address import house, normalise

# Before a road's name these may make it another road: 东+华北路. 一德路 is known, 新+河浦路 too.
_LONGER = set("东西南北中上下新横大小一二三四五六七八九十")
# After a road's name: 淘金路横街, 共和路西二巷. A lane of its own, with its own numbers.
_LANE = re.compile(
    r"(?:[东西南北中上下前后新横直一二三四五六七八九十]{1,3}|\d{1,2})"
    r"(?:大街|横街|直街|街|横路|路|巷|里|坊|约|横)|(?:横街|直街|横路|巷)"
)
_ROADLIKE = re.compile(
    r"[一-龥]{1,7}?(?:(?:大马路|马路|大街|大道|直街|横街|新街|横路|路|街|巷)"
    r"|(?:里|坊|道|约|村)(?=\d|$|[^一-龥]|交|与|和|口|附近|门口|对面|旁))"
)
_CROSSING = re.compile(r"^(?:与|和|跟|同|、|/|-|,|&|交|近|靠近|交汇|交叉)?(?:的)?$")
_JUNCTION = re.compile(r"^(?:的)?(?:交叉|交汇|交界|路口|十字|转角|拐角|丁字|口|相交)")
_OPPOSITE = re.compile(r"^(?:的)?(?:正|斜)?(?:对面|对出|对开)")
_LEAD = re.compile(
    r"^(?:我们?|你们?|本人|市民|群众|现|正|就|家|住|位于|在|于|到|去|从|有人|地址|[:是,。])+"
)
_ADMIN = re.compile(
    r"(?:(?P<province>[一-龥]{2,3}省)(?=[一-龥]{2,3}市))?"
    r"(?:(?P<city>[一-龥]{2,3}市)(?=[一-龥]{2,3}[区县镇]))?(?P<rest>.*)"
)
_OTHER_DISTRICT = re.compile(r"^[一-龥]{2}(?:新)?[区县]")
_NOT_DISTRICTS = ("小区", "社区", "校区", "园区", "片区", "景区", "辖区", "地区", "院区", "库区")


@dataclass(frozen=True, slots=True)
class RoadMention:
    """A road in the text; `lane` when only a lane named after it was meant."""

    name: str
    house: object = None
    lane: str = ""
    start: int = 0
    end: int = 0

    @property
    def text(self):
        """As a person would read it back."""
        number = f"{self.house.number}号" if self.house else ""
        return (self.lane or self.name) + number


@dataclass
class Found:
    """All mentions of a text."""

    streets: list = field(default_factory=list)
    communities: list = field(default_factory=list)
    neighbourhoods: list = field(default_factory=list)  # communities without the word 社区
    roads: list = field(default_factory=list)
    crossings: list = field(default_factory=list)
    places: list = field(default_factory=list)  # (name, whether the far side of the road is meant)
    buildings: list = field(default_factory=list)
    elsewhere: str = ""


class Names:
    """All known names, to be read out of a text longest first."""

    def __init__(self, streets, communities, districts, cities, roads, places, buildings, related):
        self._kinds = {}
        self._forms = {}
        self._cities = {normalise(city) for city in cities}
        self._districts = {normalise(name) for name in districts}
        self._related = related
        # Later kinds win a name that several have, except that a road may also be a street.
        for name in districts:
            self._add(name, "district", name)
        for name in streets:
            self._add(name, "street", name)
            if name.endswith("街道"):
                self._add(name.removesuffix("道"), "street-short", name)
        for name in communities:
            self._add(name, "community", name)
            if name.endswith("社区"):
                bare = name.removesuffix("社区")
                self._add(f"{bare}社区居委会", "community", name)
                self._add(f"{bare}居委会", "community", name)
                self._add(f"{bare}居委", "community", name)
                if len(bare) >= 3 and not bare.endswith(("站", "路", "街", "巷")):
                    self._add(bare, "community-bare", name)
        for name in places:
            self._add(name, "place", name)
        for name in buildings:
            self._add(name, "building", name)
        for name in roads:
            self._add(name, "road", name)
        self._longest = max(map(len, self._kinds), default=0)

    def _add(self, text, kind, name):
        text = normalise(text)
        if len(text) >= 2:
            self._kinds.setdefault(text, {})[kind] = name

    def read(self, said):
        """The Found of a normalised text."""
        found = Found(elsewhere=self._elsewhere(said))
        if found.elsewhere:
            return found
        spans, at = [], 0
        while at < len(said):
            length = self._match(said, at)
            if not length:
                at += 1
                continue
            end = at + length
            spans.append((at, end, self._kinds[said[at:end]]))
            at = self._take(said, found, *spans[-1])
        self._unknown_roads(said, found, spans)
        found.roads.sort(key=lambda road: road.start)
        self._pair(said, found)
        return found

    def _match(self, said, at):
        for length in range(min(self._longest, len(said) - at), 1, -1):
            kinds = self._kinds.get(said[at : at + length])
            if kinds and (length > 2 or self._stands_alone(said, at, at + 2)):
                return length
        return 0

    def _stands_alone(self, said, start, end):
        before = said[start - 1] if start else ""
        after = said[end] if end < len(said) else ""
        return (not before or before in "区道街市,。、 在") and (not after or not _cjk(after))

    def _take(self, said, found, start, end, kinds):
        """Note one mention; returns where to read on."""
        follows_number = house(said, end) is not None
        if "community" in kinds:
            found.communities.append(kinds["community"])
        elif "street" in kinds:
            found.streets.append(kinds["street"])
        elif "street-short" in kinds and not follows_number:
            found.streets.append(kinds["street-short"])
        elif "road" in kinds:
            return self._take_road(said, found, start, end, kinds["road"])
        elif "place" in kinds:
            found.places.append((kinds["place"], bool(_OPPOSITE.match(said[end:]))))
        elif "building" in kinds:
            found.buildings.append(kinds["building"])
        elif "community-bare" in kinds:
            found.neighbourhoods.append(kinds["community-bare"])
        return end

    def _take_road(self, said, found, start, end, name):
        lane = ""
        if match := _LANE.match(said, end):
            lane, end = said[start : match.end()], match.end()
        before = said[start - 1] if start else ""
        if before in _LONGER and not self._boundary(said, start - 1):
            lane = said[start - 1 : end]
        number = house(said, end)
        found.roads.append(RoadMention(name, number, lane, start, end))
        return number.end if number else end

    def _boundary(self, said, at):
        """Whether the character ends a name that was read before, like the 东 of 越秀北路东."""
        return any(said[max(0, at + 1 - size) : at + 1] in self._kinds for size in range(2, 10))

    def _unknown_roads(self, said, found, spans):
        """Roads whose name nobody told us, where the rest of the text has room for one."""
        edges = [0, *(edge for start, end, _ in spans for edge in (start, end)), len(said)]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            for match in _ROADLIKE.finditer(said[start:end] + said[end : end + 1]):
                if match.end() > end - start:
                    continue
                name = self._kindred(match[0])
                if name:
                    stop = start + match.end()
                    begin = stop - len(name)
                    found.roads.append(RoadMention(name, house(said, stop), name, begin, stop))

    def _kindred(self, text):
        """The longest tail of the text that has relatives: 我在建设六马路 → 建设六马路."""
        for cut in range(len(text) - 2):
            if self._related(text[cut:]):
                return text[cut:]
        return ""

    def _pair(self, said, found):
        roads = found.roads
        for one, other in zip(roads, roads[1:], strict=False):
            if one.lane or other.lane or one.name == other.name:
                continue
            between = said[one.end : other.start]
            if _CROSSING.match(between) and (between or _JUNCTION.match(said[other.end :])):
                found.crossings.append((one.name, other.name))

    def _elsewhere(self, said):
        """The name of another district or city the address says it is in, or ''."""
        match = _ADMIN.match(_LEAD.sub("", said))
        province, city, rest = match["province"], match["city"], match["rest"]
        if not self._cities:
            return ""
        for stated in (province, city):
            if stated and stated not in self._cities:
                return stated
        for name in self._cities:
            for form in (name, name.removesuffix("市").removesuffix("省")):
                rest = rest.removeprefix(form)
        other = _OTHER_DISTRICT.match(rest)
        if not other or other[0] in self._districts or other[0].endswith(_NOT_DISTRICTS):
            return ""
        return "" if any(name.startswith(other[0]) for name in self._kinds) else other[0]


def _cjk(char):
    return "一" <= char <= "龥"
