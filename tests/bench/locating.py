"""Locating: point → community, against shapely's STRtree query alone."""

import random
import time

import shapely
from django.conf import settings
from django.test.utils import setup_databases, teardown_databases

from tests.bench import measure


def run(quick):
    """The table of locating in Markdown; areas come from the demo district in a fresh SQLite."""
    import django

    django.setup()
    from django.core.management import call_command

    settings.DATABASES["default"].setdefault("TEST", {})
    old = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("demo", verbosity=0)
        return table(2_000 if quick else 20_000, 3 if quick else 7)
    finally:
        teardown_databases(old, verbosity=0)


def table(points, rounds):
    """Interleaved rounds over the same random points of the district."""
    from geo import areas
    from geo.locate import Point, locate

    index = areas.current()
    polygons = [polygon for code, polygon in index.polygons.items() if len(code) == 12]
    tree = shapely.STRtree(polygons)
    west, south, east, north = shapely.total_bounds(polygons)
    random.seed(7)
    spots = []
    while len(spots) < points:
        lon, lat = random.uniform(west, east), random.uniform(south, north)
        if index.find(lon, lat).community:
            spots.append((lon, lat))
    ways = {
        "STRtree query": lambda lon, lat: tree.query(shapely.points([(lon, lat)]), "intersects"),
        "AreaIndex.find": index.find,
        "locate (with the version query)": lambda lon, lat: locate(location=Point(lon, lat)),
    }
    times = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            started = time.process_time()
            for lon, lat in spots:
                way(lon, lat)
            times[name].append((time.process_time() - started) * 1e6 / points)
    floor = measure.median(times["STRtree query"])
    return measure.table(
        ["way", "CPU µs/point", "ratio"],
        [
            [name, f"{measure.median(values):.1f}", f"{measure.median(values) / floor:.2f}"]
            for name, values in times.items()
        ],
    )
