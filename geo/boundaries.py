"""Importing area boundaries: same file twice, same result; history is kept, nothing vanishes
unless asked to."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from geo import landmarks
from geo.geojson import DataError, geometry_json
from geo.models import Area
from geo.tally import Tally

LEVELS = {6: "district", 9: "street", 12: "community", 15: "grid"}
_LENGTHS = {level: length for length, level in LEVELS.items()}
_OWN = {"code", "name", "level", "parent", "source_names", "aliases"}


@transaction.atomic
def load(features, level=None, valid_from=None, close_missing=False):
    """Import area features (`code`, `name`, polygon); returns a Tally.

    The level follows from the length of the code (6, 9, 12, 15) unless given. With `valid_from`
    a changed area's former state is kept as a closed row; without, it is corrected in place.
    `close_missing` closes the current areas of the same levels and districts that the file lacks.
    Raises DataError; nothing is written then.
    """
    today = timezone.localdate()
    if valid_from and valid_from > today:
        raise DataError(_("生效日期 %(day)s 在将来,请到当天再导入。") % {"day": valid_from})
    report = Tally()
    current = {area.code: area for area in Area.objects.current().defer("attributes")}
    wanted = _wanted(features, level, report)
    for step in LEVELS.values():
        batch = {code: item for code, item in wanted.items() if item["level"] == step}
        _write(batch, current, valid_from, today, report)
    if close_missing:
        report.closed = _close(wanted, current, valid_from or today)
    if report.created or report.updated or report.closed:
        landmarks.place_again()
    return report


def _wanted(features, level, report):
    wanted = {}
    for number, feature in enumerate(features, 1):
        code = feature.text("code", "adcode")
        name = feature.text("name")
        if not code or not name:
            raise DataError(_("第 %(n)d 个要素缺少 code 或 name。") % {"n": number})
        if code in wanted:
            raise DataError(_("编码 %(code)s 在文件中出现两次。") % {"code": code})
        step = level or feature.text("level") or LEVELS.get(len(code))
        if step not in _LENGTHS or not (code.isascii() and code.isalnum()):
            raise DataError(
                _("编码 %(code)s 看不出级别:应为 6、9、12 或 15 位,或用 --level 指定。")
                % {"code": code}
            )
        if feature.repaired:
            report.repaired.append(f"{code} {name}: {feature.repaired}")
        aliases = feature.properties.get("aliases") or feature.properties.get("source_names") or []
        wanted[code] = {
            "name": name,
            "level": step,
            "parent": feature.text("parent"),
            "polygon": geometry_json(feature.geometry),
            "aliases": [str(alias) for alias in aliases if alias != name],
            "attributes": {k: v for k, v in feature.properties.items() if k not in _OWN},
        }
    return wanted


def _parent(code, item, current):
    above = item["parent"]
    shorter = [n for n in LEVELS if n < _LENGTHS[item["level"]]]
    if not above and not shorter:
        return None
    above = above or code[: shorter[-1]]
    if above not in current:
        raise DataError(
            _("%(code)s %(name)s 的上级 %(parent)s 不存在,请先导入上级。")
            % {"code": code, "name": item["name"], "parent": above}
        )
    return current[above].pk


def _write(batch, current, valid_from, today, report):
    new, changed, history = [], [], []
    for code, item in batch.items():
        values = {**item, "parent_id": _parent(code, item, current)}
        del values["parent"]
        area = current.get(code)
        if area is None:
            current[code] = Area(code=code, valid_from=valid_from or today, **values)
            new.append(current[code])
            continue
        if all(getattr(area, name) == value for name, value in values.items()):
            report.unchanged += 1
            continue
        if valid_from and valid_from < area.valid_from:
            raise DataError(
                _("%(code)s 的现行边界自 %(day)s 生效,比要导入的新。")
                % {"code": code, "day": area.valid_from}
            )
        if valid_from and valid_from > area.valid_from:
            history.append(_former(area, valid_from))
            area.valid_from = valid_from
        for name, value in values.items():
            setattr(area, name, value)
        changed.append(area)
    if new:
        Area.objects.bulk_create(new)
    if history:
        Area.objects.bulk_create(history)
    if changed:
        fields = ["name", "level", "parent", "polygon", "aliases", "attributes", "valid_from"]
        Area.objects.bulk_update(changed, fields, batch_size=200)
    report.created += len(new)
    report.updated += len(changed)


def _former(area, until: date):
    kept = ("code", "name", "level", "parent_id", "polygon", "aliases", "attributes", "valid_from")
    return Area(valid_to=until, **{name: getattr(area, name) for name in kept})


def _close(wanted, current, day):
    levels = {item["level"] for item in wanted.values()}
    districts = {code[:6] for code in wanted}
    gone = [
        area
        for code, area in current.items()
        if code not in wanted and area.level in levels and code[:6] in districts
    ]
    ids = {area.pk for area in gone}
    for area in current.values():
        if area.parent_id in ids and area.pk not in ids:
            raise DataError(
                _("%(parent)s 将停用,但下级 %(child)s 仍然有效,请一并导入下级。")
                % {"parent": current_name(current, area.parent_id), "child": area}
            )
    for area in gone:
        area.valid_to = max(day, area.valid_from)
    if gone:
        Area.objects.bulk_update(gone, ["valid_to"])
    return len(gone)


def current_name(current, pk):
    """The name of the area with this id."""
    return next(area.name for area in current.values() if area.pk == pk)
