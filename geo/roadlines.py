"""What the centreline of a road says: the streets it runs through, where it meets another."""

from dataclasses import dataclass, field

import shapely
from shapely.geometry import shape

METRES_PER_DEGREE = 111_320


@dataclass(frozen=True)
class Line:
    """A centreline (shapely, WGS-84) that may be off by `accuracy_m` metres."""

    geometry: object
    accuracy_m: float
    shares: dict = field(default_factory=dict)  # street code → share of the length, 0..1

    @classmethod
    def of(cls, geojson, accuracy_m, polygons):
        """The line with its share of each street of `polygons` (street code → polygon)."""
        geometry = shape(geojson)
        whole = geometry.length or 1.0
        parts = {code: geometry.intersection(area).length for code, area in polygons.items()}
        shares = {code: length / whole for code, length in parts.items() if length > 0}
        return cls(geometry, accuracy_m, shares)

    def only_street(self):
        """The code of the one street that holds practically all of the road, or None."""
        code, share = max(self.shares.items(), key=lambda item: item[1], default=(None, 0))
        return code if share >= 0.97 else None

    def streets(self, least=0.05):
        """The codes of the streets that hold at least this share of the road."""
        return {code for code, share in self.shares.items() if share >= least}

    def meets(self, other):
        """(lon, lat, accuracy in metres) where two roads meet, or None when they stay apart."""
        slack = max(self.accuracy_m, other.accuracy_m)
        here, there = shapely.get_coordinates(shapely.shortest_line(self.geometry, other.geometry))
        apart = shapely.Point(here).distance(shapely.Point(there)) * METRES_PER_DEGREE
        if apart > 2 * slack:
            return None
        crossing = self.geometry.intersection(other.geometry)
        if not crossing.is_empty and crossing.length == 0:
            points = shapely.get_coordinates(crossing)
            if len(points) > 1 and _spread(points) > 2 * slack:
                return None
            here = there = points.mean(axis=0)
        lon, lat = (here + there) / 2
        return float(lon), float(lat), slack + apart / 2

    def middle(self, polygon):
        """(lon, lat, accuracy in metres) of the middle of the road's part in a polygon, or None."""
        part = self.geometry.intersection(polygon)
        if part.length == 0:
            return None
        west, south, east, north = part.bounds
        half = shapely.Point(west, south).distance(shapely.Point(east, north)) / 2
        centre = shapely.Point((west + east) / 2, (south + north) / 2)
        near = shapely.get_coordinates(shapely.shortest_line(part, centre))[0]
        return float(near[0]), float(near[1]), half * METRES_PER_DEGREE + self.accuracy_m


def _spread(points):
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return max(east - west, north - south) * METRES_PER_DEGREE
