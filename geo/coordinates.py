"""WGS-84, GCJ-02 and BD-09; degrees, longitude first. CGCS2000 is taken as WGS-84 (they agree to
centimetres). Storage is WGS-84 everywhere; other systems are converted at the door."""

import math

from django.utils.translation import gettext as _

SYSTEMS = ("WGS84", "GCJ02", "BD09", "CGCS2000")

_A = 6378245.0
_EE = 0.00669342162296594323
_BD = math.pi * 3000.0 / 180.0
# The box in which the formula shifts; it includes Hong Kong, Macau and Taiwan, as maps there do.
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_STEPS = 12
_ENOUGH = 1e-13  # degrees: a hundredth of a micrometre


class CoordinateError(ValueError):
    """Coordinates that cannot be a place; the message tells a person what to do."""


def in_china(lon, lat, margin=0.0):
    """Whether the point lies in the box that GCJ-02 shifts, made larger by `margin` degrees."""
    west, south, east, north = _CHINA
    return west - margin <= lon <= east + margin and south - margin <= lat <= north + margin


def check(lon, lat):
    """The pair as two floats. Raises CoordinateError: not finite numbers, projected metres, 0,0,
    out of range, or longitude and latitude exchanged."""
    try:
        if isinstance(lon, bool) or isinstance(lat, bool):
            raise TypeError
        lon, lat = float(lon), float(lat)
    except (TypeError, ValueError, OverflowError):
        raise CoordinateError(_("坐标必须是数字(度),例如 113.2644, 23.1291。")) from None
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise CoordinateError(_("坐标不是有效数字,请重新定位。"))
    if not in_china(lon, lat) and in_china(lat, lon):
        raise CoordinateError(
            _("经度和纬度写反了:收到经度 %(lon)s、纬度 %(lat)s,请交换后再报。")
            % {"lon": lon, "lat": lat}
        )
    if abs(lon) > 360 or abs(lat) > 360:
        raise CoordinateError(_("坐标像是投影坐标(米),请换成经纬度(度)。"))
    if abs(lon) > 180 or abs(lat) > 90:
        raise CoordinateError(
            _("坐标超出范围:经度应在 ±180 以内,纬度应在 ±90 以内,收到 %(lon)s, %(lat)s。")
            % {"lon": lon, "lat": lat}
        )
    if lon == 0 and lat == 0:
        raise CoordinateError(_("坐标为 0,0:设备没有定位成功,请重新定位或填写地址。"))
    return lon, lat


def to_wgs84(lon, lat, crs="WGS84"):
    """(lon, lat) in WGS-84 of a point given in `crs`. Raises CoordinateError."""
    crs = _system(crs)
    lon, lat = check(lon, lat)
    if crs == "BD09":
        lon, lat = _invert(_bd_from_gcj, lon, lat)
    if crs in ("BD09", "GCJ02") and in_china(lon, lat, margin=0.1):
        x, y = _invert(_gcj_shifted, lon, lat)
        # Just outside the box a GCJ-02 point has two origins: itself, and one inside that was
        # shifted over the edge. Itself is taken, unless the other lies on the very edge.
        if in_china(lon, lat) or (in_china(x, y, margin=1e-9) and not in_china(x, y, margin=-1e-9)):
            return x, y
    return lon, lat


def from_wgs84(lon, lat, crs="WGS84"):
    """(lon, lat) in `crs` of a WGS-84 point. Raises CoordinateError."""
    crs = _system(crs)
    lon, lat = check(lon, lat)
    if crs in ("BD09", "GCJ02") and in_china(lon, lat):
        lon, lat = _gcj_shifted(lon, lat)
    if crs == "BD09":
        lon, lat = _bd_from_gcj(lon, lat)
    return lon, lat


def _system(crs):
    name = str(crs or "").upper().replace("-", "").replace("_", "").replace(" ", "")
    if name in ("EPSG:4326", "EPSG4326", "4326", "GPS"):
        return "WGS84"
    if name not in SYSTEMS:
        raise CoordinateError(
            _("不认识的坐标系 %(crs)s,可用:%(systems)s。")
            % {"crs": crs, "systems": "、".join(SYSTEMS)}
        )
    return name


def _gcj_shifted(lon, lat):
    x, y = lon - 105.0, lat - 35.0
    pi, sin, root = math.pi, math.sin, math.sqrt(abs(x))
    wave = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    dlat += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    dlat += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    dlon += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    dlon += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    rad = lat / 180 * pi
    magic = 1 - _EE * sin(rad) ** 2
    dlat = dlat * 180 / ((_A * (1 - _EE)) / (magic * math.sqrt(magic)) * pi)
    dlon = dlon * 180 / (_A / math.sqrt(magic) * math.cos(rad) * pi)
    return lon + dlon, lat + dlat


def _bd_from_gcj(lon, lat):
    z = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD)
    theta = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006


def _invert(forward, lon, lat):
    # Fixed-point steps without a test of the box inside the loop: with one, a point at the box's
    # edge jumps between shifted and not shifted for ever.
    x, y = lon, lat
    for _step in range(_STEPS):
        fx, fy = forward(x, y)
        ex, ey = fx - lon, fy - lat
        x, y = x - ex, y - ey
        if abs(ex) < _ENOUGH and abs(ey) < _ENOUGH:
            break
    return x, y
