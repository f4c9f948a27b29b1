"""Loading a whole district from a directory of files."""

from pathlib import Path

from django.db import transaction

from geo import boundaries, geojson, landmarks, numbering

DATA = Path(__file__).resolve().parent / "data"


@transaction.atomic
def load(directory=DATA):
    """Import districts, streets, communities, roads, address ranges and places from a directory;
    files that are not there are skipped. Returns {file name: Tally}. Raises geojson.DataError."""
    directory = Path(directory)
    steps = {
        "districts.geojson": lambda p: boundaries.load(geojson.read(p, geojson.POLYGONS)),
        "streets.geojson": lambda p: boundaries.load(geojson.read(p, geojson.POLYGONS)),
        "communities.geojson": lambda p: boundaries.load(geojson.read(p, geojson.POLYGONS)),
        "roads.geojson": lambda p: numbering.load_roads(geojson.read(p, geojson.LINES)),
        "address_ranges.csv": lambda p: numbering.load(numbering.read(p)),
        "places.geojson": lambda p: landmarks.load(geojson.read(p, geojson.POINTS)),
    }
    return {
        name: load_file(directory / name)
        for name, load_file in steps.items()
        if (directory / name).exists()
    }
