"""The shapes of a CAP area: `lat,lon` pairs, latitude first, WGS-84; circles `lat,lon km`."""

import math
import re

import shapely
from django.utils.translation import gettext as _

PAIR = re.compile(r"(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)")
CIRCLE = re.compile(rf"{PAIR.pattern}\s+(\d{{1,5}}(?:\.\d{{1,20}})?)")
KM_PER_DEGREE = 111.32
SIDES = 16  # of a quarter circle
# Finer than this nobody sees on a map of a city: about ten metres, in degrees.
FINE = 1e-4
MANY = 2000
MAX_POINTS = 200_000


def geometry(polygons, circles):
    """(GeoJSON MultiPolygon or None, notes) of the texts of an alert's polygons and circles.

    A shape that cannot be is left out and noted; the alert is worth more than its outline.
    """
    shapes, notes = [], []
    for text in polygons:
        try:
            shapes.append(_polygon(text))
        except ValueError as problem:
            notes.append(_("多边形未采用：%(why)s") % {"why": problem})
    for text in circles:
        try:
            shapes.append(_circle(text))
        except ValueError as problem:
            notes.append(_("圆形区域未采用：%(why)s") % {"why": problem})
    shapes = [shape for shape in shapes if not shape.is_empty]
    if not shapes:
        return None, notes
    whole = shapely.union_all(shapes)
    if shapely.get_num_coordinates(whole) > MANY:
        whole = whole.simplify(FINE)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return shapely.geometry.mapping(shapely.MultiPolygon(parts)), notes


def _polygon(text):
    pairs = text.split()
    if len(pairs) > MAX_POINTS:
        raise ValueError(_("点数过多"))
    points = [_point(pair) for pair in pairs]
    if len(points) >= 3 and points[0] != points[-1]:
        points.append(points[0])
    if len(points) < 4:
        raise ValueError(_("不足四个点"))
    shape = shapely.Polygon(points)
    if not shape.is_valid:
        # A line that crosses itself still encloses something.
        shape = shapely.make_valid(shape)
        shape = shapely.union_all(
            [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        )
    if shape.is_empty:
        raise ValueError(_("没有面积"))
    return shape


def _circle(text):
    found = CIRCLE.fullmatch(text.strip())
    if not found:
        raise ValueError(_("“%(text)s”无法识别") % {"text": text.strip()[:40]})
    lon, lat = _degrees(found[1], found[2])
    radius = float(found[3]) / KM_PER_DEGREE
    if not radius:
        raise ValueError(_("半径为零"))
    if radius > 90:
        raise ValueError(_("半径过大"))
    disc = shapely.Point(0, 0).buffer(radius, quad_segs=SIDES)
    wide = max(math.cos(math.radians(lat)), 0.01)
    return shapely.Polygon([(lon + x / wide, lat + y) for x, y in disc.exterior.coords])


def _point(pair):
    """(lon, lat) of a `lat,lon` pair. Raises ValueError."""
    found = PAIR.fullmatch(pair)
    if not found:
        raise ValueError(_("“%(text)s”不是坐标") % {"text": pair[:40]})
    return _degrees(found[1], found[2])


def _degrees(first, second):
    lat, lon = float(first), float(second)
    if abs(lat) > 90 and abs(lon) <= 90:
        # Longitude first, against the standard: no place has such a latitude.
        lat, lon = lon, lat
    if abs(lat) > 90 or abs(lon) > 180:
        raise ValueError(_("“%(text)s”不在地球上") % {"text": f"{first},{second}"})
    return lon, lat
