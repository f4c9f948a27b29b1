"""Reading GeoJSON (RFC 7946) that people hand in: checked, repaired where that is safe, WGS-84."""

import json
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape

from geo import coordinates

POLYGONS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
POINTS = ("Point",)


class DataError(ValueError):
    """A file that cannot be imported; the message says where and what to do."""


@dataclass(frozen=True)
class Feature:
    """One feature: its properties, a valid shapely geometry in WGS-84, and how it was repaired."""

    properties: dict
    geometry: object
    repaired: str = ""

    def text(self, *names):
        """The first of the named properties that is there, as stripped text, or ''."""
        for name in names:
            value = self.properties.get(name)
            if value not in (None, ""):
                return str(value).strip()
        return ""


def read(path, types, crs="WGS84"):
    """The features of a FeatureCollection file whose geometries are all of `types`.

    Coordinates are in `crs`, longitude first. Raises DataError: not GeoJSON, another geometry
    type, empty, coordinates that are exchanged or in metres.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            collection = json.load(file)
    except OSError as error:
        raise DataError(_("打不开文件 %(path)s:%(e)s") % {"path": path, "e": error}) from None
    except ValueError as error:
        raise DataError(_("%(path)s 不是 JSON:%(e)s") % {"path": path, "e": error}) from None
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise DataError(_("%(path)s 不是 GeoJSON FeatureCollection。") % {"path": path})
    _check_declared(collection.get("crs"))
    features = collection.get("features")
    if not isinstance(features, list) or not features:
        raise DataError(_("%(path)s 里没有要素(features)。") % {"path": path})
    return [_feature(raw, number, types, crs) for number, raw in enumerate(features, 1)]


def geometry_json(geometry):
    """A shapely geometry as plain GeoJSON lists and dicts."""
    return json.loads(json.dumps(mapping(geometry)))


def polygon(geojson):
    """The shapely geometry of a stored area boundary. Raises DataError: not a valid polygon."""
    try:
        kind = geojson["type"]
        geometry = shape(geojson)
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
        raise DataError(_("边界不可读:%(error)s") % {"error": error}) from None
    if kind not in POLYGONS or geometry.is_empty:
        raise DataError(_("边界应为 %(types)s。") % {"types": " / ".join(POLYGONS)})
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        raise DataError(_("边界无效:%(reason)s") % {"reason": reason})
    return _converted(geometry, _("边界"), "WGS84")


def _check_declared(crs):
    # The 2008 draft's "crs" member; RFC 7946 has none and means WGS-84.
    name = str(((crs or {}).get("properties") or {}).get("name") or "") if crs else ""
    if name and not name.endswith(("CRS84", "4326", "4490")):
        raise DataError(_("文件声明的坐标系是 %(crs)s,请先转换为 WGS-84 经纬度。") % {"crs": name})


def _feature(raw, number, types, crs):
    where = _("第 %(number)d 个要素") % {"number": number}
    if not isinstance(raw, dict) or not isinstance(raw.get("properties") or {}, dict):
        raise DataError(_("%(where)s不是 GeoJSON Feature。") % {"where": where})
    properties = raw.get("properties") or {}
    if label := properties.get("name") or properties.get("code"):
        where = f"{where}({label})"
    kind = (raw.get("geometry") or {}).get("type")
    if kind not in types:
        raise DataError(
            _("%(where)s的几何类型是 %(kind)s,应为 %(types)s。")
            % {"where": where, "kind": kind, "types": " / ".join(types)}
        )
    try:
        geometry = shapely.force_2d(shape(raw["geometry"]))
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
        raise DataError(
            _("%(where)s的坐标不可读:%(error)s") % {"where": where, "error": error}
        ) from None
    if geometry.is_empty:
        raise DataError(_("%(where)s的几何为空。") % {"where": where})
    geometry = _converted(geometry, where, crs)
    repaired = ""
    if types == POLYGONS and not geometry.is_valid:
        repaired = shapely.is_valid_reason(geometry)
        geometry = _repaired(geometry, where, repaired)
    return Feature(properties, geometry, repaired)


def _converted(geometry, where, crs):
    try:
        west, south, east, north = geometry.bounds
        for lon, lat in ((west, south), (east, north)):
            coordinates.check(lon, lat)
        if crs in ("WGS84", "CGCS2000"):
            return geometry
        return shapely.transform(
            geometry,
            lambda points: [coordinates.to_wgs84(lon, lat, crs) for lon, lat in points],
        )
    except coordinates.CoordinateError as error:
        raise DataError(_("%(where)s:%(error)s") % {"where": where, "error": error}) from None


def _repaired(geometry, where, reason):
    whole = shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type in POLYGONS]
    if not parts:
        raise DataError(
            _("%(where)s的多边形无效且无法修复:%(reason)s") % {"where": where, "reason": reason}
        )
    return shapely.union_all(parts)
