"""The gazetteer of the district in the database, rebuilt when its data changes."""

import re
from collections import defaultdict

from geo import areas
from geo.address import normalise
from geo.dataset import Dataset
from geo.gazetteer import Gazetteer, Knowledge, Spot
from geo.housenumbers import Range
from geo.models import AddressRange, Area, Place, Road
from geo.roadlines import Line

_BRACKETS = re.compile(r"[(（][^)）]*[)）]")
# The road and number of an address: 广州市越秀区中山二路106号 → 中山二路106号.
_DOOR = re.compile(r"[^省市区县]{2,8}\d+号$")
# Names that any street has one of.
_GENERIC = re.compile(
    r"^(派出所|警务室|警务站|医院|消防站|公园|居委会|社区|街道办事处|卫生服务中心|学校|小学|中学"
    r"|幼儿园|停车场|摄像头|消火栓|公厕|门诊部)?$"
)
# Points that nobody names in an address.
_UNNAMED_KINDS = ("camera", "hydrant", "rain_gauge", "water_gauge")


def current(tokens=None):
    """The Gazetteer of the data as it is in the database now: one cheap query."""
    return _gazetteer.get(tokens)


def build(index, ranges=None):
    """A Gazetteer from the database and an AreaIndex; `ranges` replaces the database's
    `(road, low, high, parity, street code, building)` rows, for measurements."""
    places, area_names = _places(index), _area_names()
    numbered, whole = _ranges(ranges)
    aliases, lines = _roads(index)
    return Gazetteer(
        Knowledge(
            index=index,
            ranges=numbered,
            whole=whole,
            aliases=aliases,
            lines=lines,
            places=places,
            **area_names,
        )
    )


def _build(tokens):
    return build(areas.current(tokens))


def _area_names():
    names = {level: {} for level in Area.Level.values}
    cities = set()
    rows = Area.objects.current().values_list("code", "name", "level", "aliases", "attributes")
    for code, name, level, aliases, attributes in rows:
        for each in (*aliases, name):  # a proper name wins over another area's old one
            names[level].setdefault(each, code)
        names[level][name] = code
        if level == Area.Level.DISTRICT:
            cities |= {attributes.get("city"), attributes.get("province")}
    return {
        "streets": names["street"],
        "communities": names["community"],
        "districts": names["district"],
        "cities": frozenset(cities - {None, ""}),
    }


def range_rows():
    """The database's `(road, low, high, parity, street code, building)` rows."""
    return AddressRange.objects.filter(street__valid_to=None).values_list(
        "road__name", "from_no", "to_no", "parity", "street__code", "building"
    )


def _ranges(rows):
    numbered, whole = defaultdict(list), defaultdict(set)
    for road, low, high, parity, street, building in range_rows() if rows is None else rows:
        road = normalise(road)
        if low is None:
            whole[road].add(street)
        else:
            numbered[road].append(Range(low, high, parity, street, building))
    return dict(numbered), dict(whole)


def _roads(index):
    aliases, lines = {}, {}
    polygons = {
        code: index.polygons[code] for code, ref in index.by_code.items() if ref.level == "street"
    }
    for name, others, line, accuracy in Road.objects.values_list(
        "name", "aliases", "line", "accuracy_m"
    ):
        name = normalise(name)
        aliases |= {normalise(other): name for other in others}
        if line:
            lines[name] = Line.of(line, accuracy, polygons)
    return aliases, lines


def _places(index):
    found = defaultdict(dict)
    rows = Place.objects.exclude(kind__in=_UNNAMED_KINDS).values_list(
        "id", "kind", "name", "aliases", "lon", "lat", "area__code", "attributes"
    )
    for id_, kind, name, aliases, lon, lat, code, attributes in rows:
        if attributes.get("derived"):
            lon = lat = None  # a placeholder: its area is right, its point is not
        street = code[:9] if code and len(code) >= 9 else None
        community = code if code and len(code) == 12 and lon is not None else None
        spot = Spot(street, community, lon, lat)
        for form in _forms(kind, name, [*aliases, attributes.get("full_name")]):
            found[form][id_] = spot
        if door := _DOOR.search(normalise(attributes.get("address"))):
            found[door[0]][id_] = spot
    return {name: list(spots.values()) for name, spots in found.items()}


def _forms(kind, name, others):
    """The ways people write a place's name, normalised."""
    forms = set()
    for each in filter(None, [name, *others]):
        if "未命名" in each:
            continue
        text = normalise(each)
        bare = _BRACKETS.sub("", text)
        forms |= {text, text.replace("(", "").replace(")", "")}
        if bare == text:
            for prefix in ("广东", "广州"):
                short = bare.removeprefix(prefix)
                if short != bare and short[0] in "省市" and len(short) >= 5:
                    forms.add(short)
        if kind == Place.Kind.METRO_STATION and text.endswith("站"):
            stem = text.removesuffix("站")
            forms |= {f"{stem}站", f"{stem}地铁", f"地铁{stem}"}
    return {form for form in forms if len(form) >= 3 and not _GENERIC.match(form)}


_gazetteer = areas.Cached((Dataset.Name.AREAS, Dataset.Name.PLACES, Dataset.Name.ADDRESSES), _build)
