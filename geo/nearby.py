"""Which places are near a point?"""

import math

from django.utils.translation import gettext as _
from geopy.distance import geodesic, great_circle

from geo import coordinates
from geo.models import Place

MAX_RADIUS_M = 50_000
# The sphere is off by at most 0.6 % from the ellipsoid.
_SPHERE = 1.006


def nearby(lon, lat, kind=None, radius_m=500, limit=50):
    """[(Place, distance in metres)], nearest first, of the places within `radius_m` metres of a
    WGS-84 point; `kind` is one Place.Kind or several. One query. Raises CoordinateError for a bad
    point, ValueError for a radius or limit out of range."""
    lon, lat = coordinates.check(lon, lat)
    if not (0 < radius_m <= MAX_RADIUS_M):
        raise ValueError(_("半径应在 1 到 %(max)d 米之间。") % {"max": MAX_RADIUS_M})
    if limit < 1:
        raise ValueError(_("数量应至少为 1。"))
    north = radius_m * _SPHERE / 110_574
    east = radius_m * _SPHERE / (111_320 * max(0.01, math.cos(math.radians(abs(lat) + north))))
    places = Place.objects.filter(
        lat__range=(lat - north, lat + north), lon__range=(lon - east, lon + east)
    )
    if kind is not None:
        places = places.filter(kind__in=[kind] if isinstance(kind, str) else list(kind))
    here = (lat, lon)
    rough = [(great_circle(here, (place.lat, place.lon)).m, place) for place in places]
    rough = sorted((r for r in rough if r[0] <= radius_m * _SPHERE), key=lambda r: r[0])
    # Exact distances cost more; a few beyond the limit may still change places with its last.
    exact = [(place, geodesic(here, (place.lat, place.lon)).m) for _m, place in rough[: limit + 20]]
    exact = [(place, metres) for place, metres in exact if metres <= radius_m]
    return sorted(exact, key=lambda item: (item[1], item[0].pk))[:limit]
