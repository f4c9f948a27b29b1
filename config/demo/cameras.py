"""Street cameras of the demo district: made up, one about every 200 metres of road."""

import math

import shapely

from geo import areas, landmarks
from geo.geojson import Feature
from geo.models import Place, Road

SPACING_M = 200
METRES_PER_DEGREE = 111_320


def load():
    """Create the cameras that are missing; returns how many there are."""
    index = areas.current()
    points = [
        (name, number, point)
        for name, line in Road.objects.exclude(line=None)
        .values_list("name", "line")
        .order_by("name")
        for number, point in enumerate(_along(shapely.geometry.shape(line)), 1)
        if index.find(point.x, point.y).inside
    ]
    landmarks.load([_feature(*camera) for camera in points])
    return Place.objects.filter(kind=Place.Kind.CAMERA).count()


def _along(line):
    spacing = SPACING_M / METRES_PER_DEGREE / math.cos(math.radians(line.centroid.y))
    for part in shapely.get_parts(line):
        for step in range(max(1, round(part.length / spacing))):
            yield part.interpolate(spacing * (step + 0.5))


def _feature(road, number, point):
    properties = {
        "id": f"demo-camera-{road}-{number:02d}",
        "kind": Place.Kind.CAMERA,
        "name": f"{road}{number:02d}号摄像头",
        "road": road,
        "derived": True,
        "source": "demo",
    }
    return Feature(properties, point)
