"""Address → street, offline: house-number ranges, road names and lines, places, area names.
All that the text says is weighed; where it leaves several streets open the answer is unsure."""

from dataclasses import dataclass, replace

from geo import mentions
from geo.address import normalise
from geo.housenumbers import BEYOND_FAR, Numbers, Verdict
from geo.namekin import Kin

ANSWER = 0.5  # below this confidence no street is named
# A point this far off still says something on a map; further off it would mislead.
POINT_M = 300
COMMUNITY_M = 60


@dataclass(frozen=True, slots=True)
class Match:
    """What an address says: codes of street and community (or None), point in WGS-84 degrees with
    its accuracy in metres (or None), the method and a confidence 0..1. `candidates` are the
    street codes that stayed possible."""

    street: str | None = None
    community: str | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    method: str = "none"
    confidence: float = 0.0
    text: str = ""
    candidates: tuple = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """A named place: its street and community codes, and its point unless that is made up."""

    street: str | None
    community: str | None
    lon: float | None
    lat: float | None


@dataclass
class Knowledge:
    """What a gazetteer is built from. Names are as people write them; areas are codes."""

    index: object  # areas.AreaIndex
    streets: dict  # name or alias → street code
    communities: dict  # name → community code
    districts: dict  # name or alias → district code
    cities: frozenset  # names of the city and province the districts belong to
    ranges: dict  # road → [Range]
    whole: dict  # road → {street codes}
    aliases: dict  # other name → road
    lines: dict  # road → Line
    places: dict  # name → [Spot]


class Gazetteer:
    """Finds addresses in one body of Knowledge; immutable, any number of threads may use it."""

    def __init__(self, knowledge):
        self.known = known = knowledge
        roads = known.ranges.keys() | known.whole.keys() | known.lines.keys()
        self.numbers = {
            road: Numbers(known.ranges.get(road, ()), known.whole.get(road, ())) for road in roads
        }
        self.kin = self._kin()
        self.buildings = {}
        for ranges in known.ranges.values():
            for item in ranges:
                if len(item.building) >= 3:
                    self.buildings.setdefault(normalise(item.building), set()).add(item.street)
        self.names = mentions.Names(
            streets=known.streets,
            communities=known.communities,
            districts=known.districts,
            cities=known.cities,
            roads=[*roads, *known.aliases],
            places=known.places,
            buildings=self.buildings,
            related=self.kin.knows,
        )

    def find(self, text):
        """The Match for what somebody wrote or said; never raises, never asks anybody else."""
        said = normalise(text)[:500]
        found = self.names.read(said)
        if found.elsewhere:
            return Match(method="elsewhere", confidence=0.1, text=found.elsewhere)
        evidence = [
            *self._from_areas(found),
            *self._from_roads(found),
            *self._from_places(found),
        ]
        if not evidence:
            return Match()
        return self._weighed(evidence)

    def roads(self, text):
        """The names of the roads and lanes that a text mentions, without house numbers."""
        found = self.names.read(normalise(text)[:500])
        return list(dict.fromkeys(road.lane or road.name for road in found.roads))

    def _kin(self):
        known = self.known
        roads = [(road, code) for road, n in self.numbers.items() for code in n.streets]
        areas = [(name, code[:9]) for name, code in known.communities.items()]
        areas += [(name.removesuffix("街道"), code) for name, code in known.streets.items()]
        return Kin(roads, areas)

    def _from_areas(self, found):
        for name in found.communities:
            code = self.known.communities[name]
            yield Match(code[:9], code, method="area-name", confidence=0.93, text=name)
        for name in found.streets:
            code = self.known.streets[name]
            yield Match(code, method="area-name", confidence=0.93, text=name)
        for name in found.neighbourhoods:
            # 二沙岛, 横枝岗: the neighbourhood is older and wider than the community.
            code = self.known.communities[name]
            yield Match(code[:9], method="neighbourhood", confidence=0.6, text=name)

    def _from_places(self, found):
        for name, opposite in found.places:
            spots = self.known.places[name]
            streets = {spot.street for spot in spots}
            if len(streets) > 1:
                candidates = tuple(sorted(filter(None, streets)))
                yield Match(method="unsure", confidence=0.3, text=name, candidates=candidates)
                continue
            spot, alone = spots[0], len(spots) == 1
            sure = 0.7 if opposite else 0.9
            if spot.street is None:
                # A known place outside the district.
                yield Match(
                    lon=spot.lon,
                    lat=spot.lat,
                    accuracy_m=50,
                    method="place",
                    confidence=sure,
                    text=name,
                )
                continue
            match = Match(spot.street, method="place", confidence=sure, text=name)
            if alone and spot.lon is not None:
                community = None if opposite else spot.community
                match = replace(
                    match, community=community, lon=spot.lon, lat=spot.lat, accuracy_m=50
                )
            yield match
        for name in found.buildings:
            streets = self.buildings[name]
            if len(streets) == 1:
                yield Match(next(iter(streets)), method="building", confidence=0.85, text=name)

    def _from_roads(self, found):
        numbered = [road for road in found.roads if road.house]
        pairs = [] if numbered else found.crossings
        for one, other in pairs:
            if match := self._crossing(self._road(one), self._road(other)):
                yield match
        if pairs:
            return
        for road in numbered or found.roads:
            verdict = self._verdict(self._road(road.name), road)
            if verdict:
                others = [r for r in found.roads if r is not road]
                yield self._placed(self._narrowed(verdict, others), road)

    def _road(self, name):
        return self.known.aliases.get(name, name)

    def _streets_of(self, road):
        line = self.known.lines.get(road)
        numbers = self.numbers.get(road)
        return (set(numbers.streets) if numbers else set()) | (line.streets() if line else set())

    def _verdict(self, name, road):
        """What name and number of one road say, by the best source there is."""
        numbers, line = self.numbers.get(name), self.known.lines.get(name)
        if road.lane or numbers is None:
            # A lane that is named after a road, or a road nobody told us about.
            verdict = self.kin.find(road.lane or name)
            if verdict is None and numbers and road.lane.startswith(road.name):
                verdict = numbers.road()
                sure = verdict.confidence * 0.75
                verdict = replace(verdict, method="road-near", confidence=sure)
            return verdict
        verdict = None
        if numbers.streets:
            verdict = numbers.find(road.house.number) if road.house else numbers.road()
        elif line:
            verdict = Verdict(None, "unsure", 0.2, tuple(sorted(line.streets())))
        if verdict is None or not line:
            return verdict
        return self._with_line(verdict, line, numbers)

    def _with_line(self, verdict, line, numbers):
        only, streets = line.only_street(), line.streets()
        if verdict.street is None and not numbers.streets and only:
            return Verdict(only, "road-line", 0.75)
        if verdict.method == "road" and not numbers.whole and streets - numbers.streets:
            # The road runs on through streets whose numbers nobody listed.
            candidates = tuple(sorted(streets | numbers.streets))
            return Verdict(None, "unsure", 0.3, candidates)
        if verdict.method == "range-nearest" and verdict.street:
            if only == verdict.street:
                return replace(verdict, confidence=min(0.92, verdict.confidence + 0.05))
            if streets - {verdict.street} and verdict.confidence <= BEYOND_FAR:
                return Verdict(None, "unsure", 0.4, tuple(sorted(streets | numbers.streets)))
        return verdict

    def _narrowed(self, verdict, others):
        """An unsure verdict, made sure by the other roads the text names."""
        if verdict.street or not others or not verdict.candidates:
            return verdict
        possible = set(verdict.candidates)
        for road in others:
            if streets := self._streets_of(self._road(road.name)):
                possible &= streets
        if len(possible) == 1:
            return Verdict(possible.pop(), "road-near", 0.65)
        return verdict

    def _placed(self, verdict, road):
        text = road.text
        if verdict.street is None:
            return Match(
                method="unsure",
                confidence=verdict.confidence,
                text=text,
                candidates=verdict.candidates,
            )
        match = Match(
            verdict.street, method=verdict.method, confidence=verdict.confidence, text=text
        )
        line = self.known.lines.get(self._road(road.name))
        polygon = self.known.index.polygons.get(verdict.street)
        if line is None or polygon is None or road.lane:
            return match
        middle = line.middle(polygon)
        if middle is None or middle[2] > POINT_M:
            return match
        lon, lat, accuracy = middle
        return replace(match, lon=lon, lat=lat, accuracy_m=accuracy)

    def _crossing(self, one, other):
        lines = self.known.lines.get(one), self.known.lines.get(other)
        text = f"{one}/{other}"
        spot = lines[0].meets(lines[1]) if all(lines) else None
        common = self._streets_of(one) & self._streets_of(other)
        if spot:
            lon, lat, accuracy = spot
            accuracy = round(accuracy, 1)
            placement = self.known.index.find(lon, lat)
            point = {"lon": lon, "lat": lat, "accuracy_m": accuracy, "text": text}
            if placement.inside and placement.street:
                border = self.known.index.border_m(placement.street, lon, lat)
                code = placement.street.code
                if border > accuracy and (not common or code in common):
                    return Match(code, method="intersection", confidence=0.85, **point)
            if len(common) == 1:
                return Match(next(iter(common)), method="intersection", confidence=0.75, **point)
            candidates = tuple(sorted(common))
            return Match(method="unsure", confidence=0.4, candidates=candidates, **point)
        if len(common) == 1:
            code = next(iter(common))
            return Match(code, method="intersection", confidence=0.7, text=text)
        return Match(method="unsure", confidence=0.3, text=text, candidates=tuple(sorted(common)))

    def _weighed(self, evidence):
        """One Match out of all that the text says."""
        named = [match for match in evidence if match.street]
        if not named:
            return max(evidence, key=lambda match: match.confidence)
        # What somebody said outright beats what a table says about a number.
        best = max(named, key=lambda m: (m.method == "area-name", m.confidence))
        agree = [match for match in named if match.street == best.street]
        against = [match for match in named if match.street != best.street]
        sure = best.confidence
        for match in agree:
            if match is not best:
                sure = 1 - (1 - sure) * (1 - 0.5 * match.confidence)
        stated = best.method == "area-name"
        for match in against:
            # A lane's or a building's name may exist twice; a stated street is rarely wrong.
            sure *= 1 - (0.3 if stated and match.method != "area-name" else 0.6) * match.confidence
        if sure < ANSWER:
            candidates = tuple(sorted({match.street for match in named}))
            return Match(
                method="unsure",
                confidence=round(sure - 0.005, 2),
                text=best.text,
                candidates=candidates,
            )
        first = max(agree, key=lambda m: (m.method != "area-name", m.confidence))
        point = min(
            (m for m in agree if m.lon is not None), key=lambda m: m.accuracy_m, default=None
        )
        result = replace(
            first,
            community=self._community(agree, point),
            confidence=round(min(sure, 0.99), 2),
        )
        if point:
            result = replace(
                result, lon=point.lon, lat=point.lat, accuracy_m=round(point.accuracy_m, 1)
            )
        return result

    def _community(self, agree, point):
        stated = {m.community for m in agree if m.community and m.method == "area-name"}
        if len(stated) == 1:
            return stated.pop()
        if stated or point is None:
            return None
        if point.community:
            return point.community
        if point.accuracy_m > COMMUNITY_M:
            return None
        placement = self.known.index.find(point.lon, point.lat)
        return placement.community.code if placement.community else None
