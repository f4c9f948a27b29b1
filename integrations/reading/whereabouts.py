"""Where a message says that it happened: coordinates, street and community, address, or only a
sentence that mentions a place."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from geo import areas, coordinates, knowledge
from geo.dataset import Dataset
from integrations.reading.coordinates import location
from integrations.reading.text import line

ADDRESS_CHARS = 300
# What a fix may be off, or a border drawn differently.
STRAY_M = 100
# What coordinate fields are called; some senders fill X with the latitude, see Source.axes.
X = ("longitude", "lng", "lon", "经度", "coordinateX", "pointX", "x", "SJWZJD", "jd")
Y = ("latitude", "lat", "纬度", "coordinateY", "pointY", "y", "SJWZWD", "wd")
# Province, city and district at the beginning of an address.
ABOVE = re.compile(r"(?:[一-龥]{2,3}省)?(?:[一-龥]{2,3}市)?(?:[一-龥]{2}区(?!域|间|内))?")
CLAUSE = re.compile(r"[，,。；;！!？?\n]")
REPORTING = re.compile(r"^[一-龥]{0,6}?(?:反映|来电|反馈|投诉|举报|称|表示|诉求)+[:：]?")
MAX_CLAUSES = 20
SURE = 0.7


@dataclass(frozen=True)
class Whereabouts:
    """`location` as Report has it, or None; `address` in words; `note` what a person should know of
    the coordinates."""

    location: dict | None = None
    address: str = ""
    note: str = ""


def whereabouts(
    source,
    *,
    x=None,
    y=None,
    crs="",
    district="",
    street="",
    community="",
    point="",
    code="",
    unit="",
    text="",
):
    """The Whereabouts of a message of `source`.

    `x`, `y` are its coordinate fields in `crs`, else in the source's; `street` and `community` the
    names it gives, `code` a community's or grid's code, `point` the address as far as it goes.
    Without these the `text` is looked through, and what it leaves open the `unit` that is to handle
    it may say: a street's office. Coordinates more than 100 m from the street or
    community that the same message names are not used: a wrong coordinate system is the wrong
    street, and the name was said by a person.
    """
    tokens = Dataset.tokens()
    index = areas.current(tokens)
    gazetteer = knowledge.current(tokens)
    for ref in _coded(index, code):
        street = street or (ref.name if ref.level == "street" else "")
        community = community or (ref.name if ref.level == "community" else "")
    said = gazetteer.find(f"{street} {community}") if street or community else None
    stated = said and index.by_code.get(said.community or said.street)
    found = location(x, y, crs=crs or source.crs, axes=source.axes)
    note = ""
    if found and stated and (metres := _metres(index, stated, found)) > STRAY_M:
        note = _("来件坐标 {lon}, {lat} 距{area}约 {metres} 米，未采用，按地址定位。").format(
            lon=found["lon"], lat=found["lat"], area=stated.name, metres=round(metres)
        )
        found = None
    if not point and not community:
        point, sure = _mentioned(gazetteer, text)
        office = gazetteer.find(unit) if unit and not street and sure < SURE else None
        if office and office.method == "area-name":
            street = index.by_code[office.street].name
    address = _joined(district, street, community, point)
    if not address and not found:
        address = _("地址未提供")
    return Whereabouts(found, line(address, ADDRESS_CHARS), note)


def point_of(fields):
    """{x, y} of a record's coordinate fields, as `whereabouts` takes them."""
    return {"x": fields.raw(*X), "y": fields.raw(*Y)}


def _coded(index, code):
    """The areas that a code of 9, 12 or more digits stands for: a street and its community."""
    refs = (index.by_code.get(code[:size]) for size in (9, 12) if len(code) >= size)
    return [ref for ref in refs if ref]


def _metres(index, ref, found):
    lon, lat = coordinates.to_wgs84(found["lon"], found["lat"], found["crs"])
    return index.distance_m(ref, lon, lat)


def _joined(district, street, community, point):
    """One address; what the point says itself is not said twice."""
    above = ABOVE.match(point)[0]
    rest = point[len(above) :]
    named = [part for part in (street, community) if part and _stem(part) not in rest]
    if not above and district and district not in point:
        above = district
    return "".join([above, *named, rest])


def _stem(name):
    return name.removesuffix("道") if name.endswith("街道") else name.removesuffix("社区")


def _mentioned(gazetteer, text):
    """(the clause of a text that names a place best or '', how surely: 0 to 1)."""
    best, sure = "", 0.0
    for clause in CLAUSE.split(text[:5000])[:MAX_CLAUSES]:
        clause = REPORTING.sub("", clause.strip())
        match = gazetteer.find(clause) if clause else None
        confidence = match.confidence if match and (match.street or match.candidates) else 0.0
        if confidence > sure:
            best, sure = clause, confidence
    return best[:100], sure
