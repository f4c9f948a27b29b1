"""Point → community against shapely's STRtree query alone, CPU time, interleaved in one run.

`python -m tests.geo.bench_areas` prints the microseconds and the ratio.
"""

import os
import random
import time

import django
import shapely

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from geo import geojson  # noqa: E402 - needs the app registry
from geo.areas import AreaIndex, AreaRef  # noqa: E402
from geo.boundaries import LEVELS  # noqa: E402
from geo.district import DATA  # noqa: E402

POINTS, ROUNDS = 5000, 9


def index():
    """The AreaIndex of the shipped district, without a database."""
    rows = []
    for name in ("districts", "streets", "communities"):
        for feature in geojson.read(DATA / f"{name}.geojson", geojson.POLYGONS):
            code = feature.text("code")
            ref = AreaRef(int(code), code, feature.text("name"), LEVELS[len(code)])
            parent = int(code[:-3]) if len(code) > 6 else None
            rows.append((ref, parent, feature.geometry))
    return AreaIndex(rows)


def measure():
    """Microseconds CPU per point of each call, best of the rounds, and find's ratio to the floors:
    the query with a Point made before, and with the Point made in the call, as find must."""
    areas = index()
    communities = [p for code, p in areas.polygons.items() if len(code) == 12]
    tree = shapely.STRtree(communities)
    district = areas.polygons["440104"]
    west, south, east, north = district.bounds
    chance, places = random.Random(1), []
    while len(places) < POINTS:
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        if shapely.intersects_xy(district, lon, lat):
            places.append((lon, lat))
    points = [shapely.Point(place) for place in places]

    def floor():
        for point in points:
            tree.query(point, predicate="intersects")

    def floor_with_point():
        for lon, lat in places:
            tree.query(shapely.Point(lon, lat), predicate="intersects")

    def find():
        for lon, lat in places:
            areas.find(lon, lat)

    best = dict.fromkeys((floor, floor_with_point, find), float("inf"))
    for _round in range(ROUNDS):
        for call in best:
            start = time.process_time()
            call()
            best[call] = min(best[call], time.process_time() - start)
    micros = {f"{call.__name__}_us": seconds / POINTS * 1e6 for call, seconds in best.items()}
    return micros | {
        "ratio": best[find] / best[floor],
        "ratio_with_point": best[find] / best[floor_with_point],
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:22} {value:6.2f}")
