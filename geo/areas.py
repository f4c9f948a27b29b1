"""Which district, street and community is a point in? An index in memory, rebuilt when the areas
change in the database; WGS-84 degrees, longitude first, distances in metres."""

import logging
import math
import threading
from dataclasses import dataclass

import shapely
from geopy.distance import geodesic

from geo import geojson
from geo.dataset import Dataset
from geo.models import Area

log = logging.getLogger("xianfeng.geo")

# A point in a gap between two polygons belongs to the nearest one within this many metres.
GAP_M = 10


@dataclass(frozen=True, slots=True)
class AreaRef:
    """An area as the index knows it."""

    id: int
    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a point lies. Outside the district `inside` is False, district, street and community
    are None, and the nearest street and the metres to its border are given (else None)."""

    district: AreaRef | None = None
    street: AreaRef | None = None
    community: AreaRef | None = None
    inside: bool = False
    nearest_street: AreaRef | None = None
    distance_m: float | None = None


NOWHERE = Placement()


class Layer:
    """The polygons of one level, with the answer for each."""

    def __init__(self, polygons, placements):
        self.polygons, self.placements = polygons, placements
        self.tree = shapely.STRtree(polygons)
        self.tree.query(shapely.points([(0.0, 0.0)]))  # GEOS builds at the first query: do it now

    def hits(self, lon, lat):
        """Positions of the polygons that hold the point, borders included."""
        return self.tree.query(shapely.points([(lon, lat)]), "intersects")[1]


class AreaIndex:
    """Point → Placement. Built from `(AreaRef, parent id, shapely geometry)` rows; immutable, so
    any number of threads may read it."""

    def __init__(self, rows):
        rows = sorted(rows, key=lambda row: row[0].code)
        self.refs = {ref.id: ref for ref, _parent, _polygon in rows}
        self.parents = {ref.id: parent for ref, parent, _polygon in rows}
        self.polygons = {ref.code: polygon for ref, _parent, polygon in rows}
        self.by_code = {ref.code: ref for ref in self.refs.values()}
        layers = [self._layer(rows, level) for level in ("community", "street", "district")]
        self._communities, self._streets, self._districts = layers
        self._finest = next((layer for layer in layers if layer.polygons), layers[0])
        # A neighbouring district may be imported too, without streets: nobody here serves it.
        self._served = {placement.district for placement in self._streets.placements}
        self._plane = self._flattened()

    def find(self, lon, lat):
        """The Placement of a point. On a border the lowest code wins."""
        hits = self._finest.hits(lon, lat)
        if len(hits) == 1:
            return self._finest.placements[hits[0]]
        if len(hits):
            return self._finest.placements[min(hits)]
        return self._between(lon, lat)

    def street(self, code):
        """The AreaRef of a current street by its code, or None."""
        ref = self.by_code.get(code)
        return ref if ref and ref.level == Area.Level.STREET else None

    def chain(self, ref):
        """The Placement of a whole area: itself and everything above it."""
        found = {}
        while ref is not None:
            found[ref.level] = ref
            ref = self.refs.get(self.parents.get(ref.id))
        return Placement(
            found.get(Area.Level.DISTRICT),
            found.get(Area.Level.STREET),
            found.get(Area.Level.COMMUNITY),
            inside=True,
        )

    def border_m(self, ref, lon, lat):
        """Metres from a point to the border of an area, from either side."""
        line = self.polygons[ref.code].boundary
        near = shapely.line_interpolate_point(line, line.project(shapely.Point(lon, lat)))
        return geodesic((lat, lon), (near.y, near.x)).m

    def distance_m(self, ref, lon, lat):
        """Metres from a point to an area; 0 inside it."""
        if shapely.intersects_xy(self.polygons[ref.code], lon, lat):
            return 0.0
        return self.border_m(ref, lon, lat)

    def _layer(self, rows, level):
        chosen = [(ref, polygon) for ref, _parent, polygon in rows if ref.level == level]
        return Layer([polygon for _, polygon in chosen], [self.chain(ref) for ref, _ in chosen])

    def _between(self, lon, lat):
        """A point that no polygon of the finest level holds."""
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return NOWHERE
        streets = self._streets
        hits = streets.hits(lon, lat)
        if len(hits):
            inside = streets.placements[min(hits)]
            ref, metres = self._nearest(lon, lat, self._communities, inside.street)
            return self.chain(ref) if ref and metres <= GAP_M else inside
        ref, metres = self._nearest(lon, lat, streets)
        hits = self._districts.hits(lon, lat)
        if ref is None:
            return self._districts.placements[min(hits)] if len(hits) else NOWHERE
        district = next(
            (
                placement.district
                for placement in map(self._districts.placements.__getitem__, sorted(hits))
                if placement.district in self._served
            ),
            None,
        )
        if district and metres <= GAP_M:
            return self.chain(ref)
        return Placement(district, None, None, district is not None, ref, round(metres, 1))

    def _flattened(self):
        """Longitude is squeezed so that plane distances rank like distances on the ground."""
        polygons = self._streets.polygons or self._districts.polygons
        if not polygons:
            return 1.0
        _west, south, _east, north = shapely.total_bounds(polygons)
        return math.cos(math.radians((south + north) / 2))

    def _nearest(self, lon, lat, layer, within=None):
        """(AreaRef, metres) of the area of a layer that is nearest; (None, inf) without any."""
        level = "community" if layer is self._communities else "street"
        refs = [getattr(placement, level) for placement in layer.placements]
        chosen = [
            i
            for i, placement in enumerate(layer.placements)
            if within is None or placement.street == within
        ]
        if not chosen:
            return None, math.inf
        squeeze = self._plane

        def flat(points):
            return points * (squeeze, 1.0)

        here = shapely.transform(shapely.Point(lon, lat), flat)
        flats = shapely.transform([layer.polygons[i] for i in chosen], flat)
        order = shapely.distance(flats, here).argsort(kind="stable")[:3]
        best = None, math.inf
        for n in order:
            near = shapely.get_point(shapely.shortest_line(flats[n], here), 0)
            metres = geodesic((lat, lon), (near.y, near.x / squeeze)).m
            if metres < best[1] - 1e-6:
                best = refs[chosen[n]], metres
        return best


class Cached:
    """A value built from the database and kept until the tokens it was built under change."""

    def __init__(self, names, build):
        self._names, self._build = names, build
        self._lock = threading.Lock()
        self._kept = (None, None)  # (tokens, value), replaced as one

    def get(self, tokens=None):
        """The value for the data as it is now; `tokens`, when given, saves the query."""
        if tokens is None:
            tokens = Dataset.tokens()
        wanted = tuple(tokens.get(name) for name in self._names)
        kept, value = self._kept
        if kept == wanted:
            return value
        with self._lock:
            kept, value = self._kept
            if kept != wanted:
                value = self._build(tokens)
                self._kept = (wanted, value)
            return value


def _build(_tokens):
    rows = Area.objects.current().exclude(level=Area.Level.GRID)
    built = []
    for id_, code, name, level, parent, polygon in rows.values_list(
        "id", "code", "name", "level", "parent_id", "polygon"
    ):
        try:
            built.append((AreaRef(id_, code, name, level), parent, geojson.polygon(polygon)))
        except geojson.DataError as error:
            # One bad boundary must not stop every report from being placed.
            log.error("area %s left out of the index: %s", code, error)
    return AreaIndex(built)


_index = Cached((Dataset.Name.AREAS,), _build)


def current(tokens=None):
    """The AreaIndex of the areas as they are in the database now: one cheap query."""
    return _index.get(tokens)
