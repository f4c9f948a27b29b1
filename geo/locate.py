"""The one door to "where is it?": a point, an address or both → street and community."""

from dataclasses import dataclass, replace

from geo import areas, coordinates, knowledge
from geo.areas import AreaRef
from geo.coordinates import CoordinateError
from geo.dataset import Dataset

__all__ = ["CoordinateError", "Located", "NearestStreet", "Point", "locate"]

GPS, GPS_AGREED = 0.95, 0.99
# A fix this far from the street that the address names contradicts it.
CONTRADICTION_M = 300


@dataclass(frozen=True, slots=True)
class Point:
    """A reported position in degrees, longitude first; `accuracy_m` is the device's own claim."""

    lon: float
    lat: float
    crs: str = "WGS84"
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class NearestStreet:
    """The street nearest to a point outside the district, and the metres to its border."""

    id: int
    code: str
    name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Located:
    """Where a report is.

    `lon`, `lat`: WGS-84 degrees or None, good to `accuracy_m` metres (None: not known).
    `district`, `street`, `community`: AreaRef (id, code, name, level) or None.
    `inside`: the place is known to lie in the district. `nearest_street` only for points outside.
    `method`: gps; range, range-between, range-nearest, road, road-line, road-near, name-kin,
    intersection, place, building, area-name, neighbourhood; unsure, elsewhere, none.
    `confidence`: 0..1; no area is named below 0.5. `candidates`: the streets (AreaRef) that an
    unsure address may lie in.
    """

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    district: AreaRef | None = None
    street: AreaRef | None = None
    community: AreaRef | None = None
    inside: bool = False
    nearest_street: NearestStreet | None = None
    method: str = "none"
    confidence: float = 0.0
    candidates: tuple = ()

    @property
    def area(self):
        """The smallest area that is known: community, else street, else district, else None."""
        return self.community or self.street or self.district


def locate(*, location=None, address=None):
    """The Located of a Point, an address text, or both; then the device's fix gives the place and
    the address only raises or lowers the confidence. Raises CoordinateError for a bad Point.

    One database query while the geographic data stays as it is; nothing outside the database.
    """
    point = None
    if location is not None:
        point = coordinates.to_wgs84(location.lon, location.lat, location.crs)
    address = (address or "").strip()
    if point is None and not address:
        return Located()
    tokens = Dataset.tokens()
    index = areas.current(tokens)
    match = knowledge.current(tokens).find(address) if address else None
    if point is None:
        return _by_address(index, match)
    return _by_point(index, point, location.accuracy_m, match)


def _by_point(index, point, accuracy_m, match):
    lon, lat = point
    placement = index.find(lon, lat)
    confidence = GPS
    if accuracy_m and accuracy_m > 0 and placement.street:
        border = index.border_m(placement.street, lon, lat) if accuracy_m > 10 else accuracy_m
        if accuracy_m > border:
            confidence *= max(0.55, border / accuracy_m)
    if match and match.street and match.confidence >= 0.7:
        confidence = _compared(index, point, placement, match, confidence)
    located = Located(lon, lat, accuracy_m, method="gps", confidence=round(confidence, 2))
    return _placed(located, placement)


def _compared(index, point, placement, match, confidence):
    said = index.street(match.street)
    if said is None:
        return confidence
    if placement.street == said:
        return max(confidence, GPS_AGREED if confidence == GPS else confidence)
    far = index.distance_m(said, *point) > CONTRADICTION_M
    return confidence * (0.6 if far else 0.85)


def _by_address(index, match):
    located = Located(
        match.lon,
        match.lat,
        match.accuracy_m,
        method=match.method,
        confidence=match.confidence,
        candidates=tuple(filter(None, map(index.street, match.candidates))),
    )
    area = index.by_code.get(match.community or match.street)
    if area:
        return _placed(located, index.chain(area))
    if match.lon is not None and match.method == "place":
        return _placed(located, index.find(match.lon, match.lat))
    return located


def _placed(located, placement):
    nearest = placement.nearest_street
    return replace(
        located,
        district=placement.district,
        street=placement.street,
        community=placement.community,
        inside=placement.inside,
        nearest_street=nearest
        and NearestStreet(nearest.id, nearest.code, nearest.name, placement.distance_m),
    )
