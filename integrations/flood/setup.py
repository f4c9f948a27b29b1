"""Setting up stations from a table: where they stand, what they watch, their lines."""

from django.db import transaction
from django.utils.translation import gettext as _

from events.models import Category
from geo import areas, coordinates
from integrations.flood.quantities import quantities, table
from integrations.flood.stations import check_code
from integrations.models import Station, StationKind

SET_UP = (
    *("name", "kind", "lon", "lat", "area", "address", "quantity", "zero", "warn", "red", "clear"),
    *("step", "category", "active"),
)


class SetupError(ValueError):
    """A table of stations that cannot be read; the text names the line and what to do."""


def read(rows):
    """[{column: value}] of rows of text: code, name, kind, lon, lat (WGS-84 degrees) and, where a
    station differs from its kind (data/lines.csv), quantity, zero (m), warn, red, clear, step,
    category, address. Raises SetupError."""
    defaults = {row["kind"]: row for row in table("lines")}
    found = {}
    for number, row in enumerate(rows, 2):
        try:
            station = _station(row, defaults)
        except (KeyError, ValueError) as error:
            raise SetupError(
                _("第 %(line)s 行有误：%(why)s。") % {"line": number, "why": error}
            ) from None
        if station["code"] in found:
            raise SetupError(
                _("第 %(line)s 行：编码 %(code)s 重复。")
                % {"line": number, "code": station["code"]}
            )
        found[station["code"]] = station
    return list(found.values())


@transaction.atomic
def load(source, stations, *, overwrite=False):
    """Create the stations of `read`; one that introduced itself is set up, one that a person has
    set up stays unless `overwrite`. Returns how many were written."""
    classes = dict(Category.objects.filter(active=True).values_list("qualified", "pk"))
    there = {station.code: station for station in Station.objects.filter(source=source)}
    new, old = [], []
    for row in stations:
        row = dict(row)
        if row["category"] not in classes:
            raise SetupError(_("没有事件分类 %(code)s。") % {"code": row["category"]})
        station = there.get(row["code"]) or Station(source=source, code=row["code"])
        if station.pk and station.active and not overwrite:
            continue
        station.category_id = classes[row.pop("category")]
        station.area_id = area_of(row["lon"], row["lat"])
        station.active = True
        for name, value in row.items():
            setattr(station, name, value)
        (old if station.pk else new).append(station)
    Station.objects.bulk_create(new)
    if old:
        Station.objects.bulk_update(old, SET_UP)
    return len(new) + len(old)


def area_of(lon, lat):
    """The id of the smallest area that holds a WGS-84 point, or None outside the district."""
    place = areas.current().find(lon, lat)
    area = place.community or place.street or place.district
    return area and area.id


def _station(row, defaults):
    given = {name: value.strip() for name, value in row.items() if name and value}
    kind = StationKind(given["kind"])
    lines = {name: value for name, value in defaults[kind].items() if value and name != "kind"}
    chosen = {**lines, **given}
    lon, lat = coordinates.check(float(given["lon"]), float(given["lat"]))
    station = {
        "code": check_code(given["code"]),
        "name": given["name"][:80],
        "kind": kind,
        "lon": lon,
        "lat": lat,
        "address": given.get("address", "")[:300],
        "quantity": chosen.get("quantity", ""),
        "category": chosen["category"],
        "zero": float(given.get("zero", 0)),
        **{name: _number(chosen.get(name)) for name in ("warn", "red", "clear", "step")},
    }
    check_lines(station)
    return station


def _number(text):
    return float(text) if text else None


def check_lines(station):
    """Raises ValueError for lines {clear, warn, red, step, quantity} that could not work."""
    if station["quantity"] not in quantities():
        raise ValueError(_("监测要素“%(code)s”未知") % {"code": station["quantity"]})
    if station["step"] is None or not station["step"] > 0:
        raise ValueError(_("再报涨幅应大于零"))
    lines = [station[name] for name in ("clear", "warn", "red") if station[name] is not None]
    if lines != sorted(lines) or (station["warn"] is None and lines):
        raise ValueError(_("应有 解除线 ≤ 警戒线 ≤ 红色线"))
