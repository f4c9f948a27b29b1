"""Coordinate fields into a Report's location: what is no place in degrees is left out, never
guessed at; then the address places the event."""

import math

from geo.coordinates import CoordinateError, in_china, to_wgs84

BLANK = {"", "null", "none", "-", "0", "0.0"}


def location(x, y, *, crs="WGS84", axes="xy", accuracy_m=None):
    """{lon, lat, crs, accuracy_m} in the source's own system, for Report.location; else None.

    `x` and `y` are the fields as they came, numbers or texts; `axes` "xy" says that x is the
    longitude, "yx" that y is. Inside China the two cannot be confused, so a pair that fits only the
    other way round is turned. None for projected metres, an unknown system, 0,0, anything that is
    no number, and what lies outside China.
    """
    lon, lat = _number(x), _number(y)
    if lon is None or lat is None:
        return None
    if axes == "yx":
        lon, lat = lat, lon
    if not in_china(lon, lat):
        lon, lat = lat, lon
    if not in_china(lon, lat):
        return None
    try:
        to_wgs84(lon, lat, crs)
    except CoordinateError:
        return None
    return {"lon": lon, "lat": lat, "crs": crs, "accuracy_m": _number(accuracy_m)}


def _number(value):
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip().rstrip("°").lower()
    if text in BLANK:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
