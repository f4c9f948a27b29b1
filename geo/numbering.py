"""Importing roads and the house numbers that belong to each street."""

import csv
from collections import defaultdict

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from geo.geojson import DataError, geometry_json
from geo.models import AddressRange, Area, Road
from geo.tally import Tally

COLUMNS = ("street_code", "road", "from_no", "to_no")
# A centreline somebody drew between known points is no better than this.
_DERIVED_M, _SURVEYED_M = 100.0, 15.0


def read(path):
    """The rows of a CSV file with the columns street_code, road, from_no, to_no and, if there,
    range_id, parity (all, odd, even) and building. Raises DataError."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                names = "、".join(missing)
                raise DataError(_("%(path)s 缺少列:%(names)s") % {"path": path, "names": names})
            return list(reader)
    except OSError as error:
        raise DataError(_("打不开文件 %(path)s:%(e)s") % {"path": path, "e": error}) from None
    except (UnicodeDecodeError, csv.Error) as error:
        message = _("%(path)s 不是 UTF-8 的 CSV:%(e)s") % {"path": path, "e": error}
        raise DataError(message) from None


@transaction.atomic
def load(rows, delete_missing=False):
    """Import address ranges; returns a Tally. A range is known again by its `range_id`, or by all
    its columns when it has none. Raises DataError; nothing is written then."""
    streets = dict(Area.objects.current().filter(level=Area.Level.STREET).values_list("code", "id"))
    values = [_values(row, line, streets) for line, row in enumerate(rows, 2)]
    roads = _roads({value["road"] for value in values})
    known = {_key(row): row for row in AddressRange.objects.all()}
    report, new, changed, seen = Tally(), [], [], set()
    for value in values:
        value["road_id"] = roads[value.pop("road")]
        row = AddressRange(**value)
        key = _key(row)
        if key in seen:
            if value["external_id"]:
                raise DataError(_("编号 %(id)s 在文件中出现两次。") % {"id": value["external_id"]})
            continue
        seen.add(key)
        old = known.get(key)
        if old is None:
            new.append(row)
        elif any(getattr(old, name) != item for name, item in value.items()):
            row.pk = old.pk
            changed.append(row)
    report.created, report.updated = len(new), len(changed)
    report.unchanged = len(seen) - len(new) - len(changed)
    if new:
        AddressRange.objects.bulk_create(new, batch_size=500)
    if changed:
        fields = ["road", "street", "from_no", "to_no", "parity", "building"]
        AddressRange.objects.bulk_update(changed, fields, batch_size=200)
    if delete_missing:
        gone = [row.pk for key, row in known.items() if key not in seen]
        if gone:
            AddressRange.objects.filter(pk__in=gone).delete()
        report.closed = len(gone)
    return report


@transaction.atomic
def load_roads(features):
    """Import road centrelines (`name`, a line; several pieces of one name are one road); returns
    a Tally. Raises DataError."""
    pieces = defaultdict(list)
    for number, feature in enumerate(features, 1):
        name = feature.text("name")
        if not name:
            raise DataError(_("第 %(n)d 条道路缺少 name。") % {"n": number})
        pieces[name].append(feature)
    known = {road.name: road for road in Road.objects.filter(name__in=pieces)}
    report, new, changed = Tally(), [], []
    for name, parts in pieces.items():
        lines = [line for part in parts for line in shapely.get_parts(part.geometry)]
        derived = any(part.properties.get("derived") for part in parts)
        values = {
            "line": geometry_json(shapely.MultiLineString(lines)),
            "accuracy_m": _DERIVED_M if derived else _SURVEYED_M,
            "aliases": sorted({a for p in parts for a in p.properties.get("aliases") or []}),
            "source": next((s for s in (p.text("source") for p in parts) if s), "")[:255],
        }
        road = known.get(name)
        if road is None:
            new.append(Road(name=name, **values))
        elif any(getattr(road, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(road, field, value)
            changed.append(road)
    report.created, report.updated = len(new), len(changed)
    report.unchanged = len(pieces) - len(new) - len(changed)
    if new:
        Road.objects.bulk_create(new)
    if changed:
        Road.objects.bulk_update(changed, ["line", "accuracy_m", "aliases", "source"])
    return report


def _roads(names):
    known = dict(Road.objects.filter(name__in=names).values_list("name", "id"))
    missing = sorted(names - known.keys())
    if missing:
        Road.objects.bulk_create([Road(name=name) for name in missing])
        known = dict(Road.objects.filter(name__in=names).values_list("name", "id"))
    return known


def _values(row, line, streets):
    code, road = (row["street_code"] or "").strip(), (row["road"] or "").strip()
    if code not in streets:
        raise DataError(_("第 %(n)d 行:街道 %(code)s 不存在。") % {"n": line, "code": code})
    if not road:
        raise DataError(_("第 %(n)d 行:缺少道路名称。") % {"n": line})
    low, high = _number(row["from_no"], line), _number(row["to_no"], line)
    low, high = (high if low is None else low), (low if high is None else high)
    if low is not None and low > high:
        raise DataError(_("第 %(n)d 行:起始门牌大于终止门牌。") % {"n": line})
    parity = (row.get("parity") or "all").strip()
    if parity not in AddressRange.Parity.values:
        raise DataError(_("第 %(n)d 行:单双号应为 all、odd 或 even。") % {"n": line})
    return {
        "external_id": (row.get("range_id") or "").strip(),
        "road": road,
        "street_id": streets[code],
        "from_no": low,
        "to_no": high,
        "parity": parity,
        "building": (row.get("building") or "").strip(),
    }


def _number(text, line):
    text = (text or "").strip()
    if not text:
        return None
    if not text.isdecimal():
        raise DataError(_("第 %(n)d 行:门牌 %(text)s 不是数字。") % {"n": line, "text": text})
    return int(text)


def _key(row):
    if row.external_id:
        return row.external_id
    return (row.road_id, row.street_id, row.from_no, row.to_no, row.parity, row.building)
