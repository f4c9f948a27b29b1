"""Where things happen in the simulated day: points inside communities, addresses, stray points."""

import csv
import random
from pathlib import Path

import shapely

import geo

RANGES = Path(geo.__file__).parent / "data" / "address_ranges.csv"
# North of the district's border, in degrees: a worker who reports what lies with the neighbours.
STRAY = 0.05


class Stage:
    """The communities as the server has them, and the addresses that we know."""

    def __init__(self, person, rng):
        self._rng = rng
        self.communities = [
            (area["code"], area["parent"], shapely.geometry.shape(area["geometry"]))
            for area in person.get("areas/?level=community&geometry=1")["results"]
        ]
        with RANGES.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["from_no"]]
        self._ranges = {}
        for row in rows:
            self._ranges.setdefault(row["street_code"], []).append(row)

    def pick(self):
        """(code of a street, the `location` and `address` fields of a report from there)."""
        _code, street, polygon = self._rng.choice(self.communities)
        chance = self._rng.random()
        if chance < 0.12 and street in self._ranges:
            return street, {"address": self._address(street)}
        point = self._inside(polygon)
        location = {"lon": round(point.x, 6), "lat": round(point.y, 6), "accuracy_m": 20}
        if chance > 0.97:
            location["lat"] += STRAY
        if chance < 0.3 and street in self._ranges:
            return street, {"location": location, "address": self._address(street)}
        return street, {"location": location}

    def _address(self, street):
        row = self._rng.choice(self._ranges[street])
        step = 1 if row["parity"] == "all" else 2
        number = self._rng.randrange(int(row["from_no"]), int(row["to_no"]) + 1, step)
        return f"{row['road']}{number}号{row['building']}"

    def _inside(self, polygon):
        west, south, east, north = polygon.bounds
        while True:
            point = shapely.Point(self._rng.uniform(west, east), self._rng.uniform(south, north))
            if polygon.contains(point):
                return point


def rng_of(seed):
    """The day's dice."""
    return random.Random(seed)  # noqa: S311 - a play, not a secret
