"""Importing the category tree of a scheme from a CSV file."""

import csv
import json
import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from events.models import Category, Priority

ROOT = "all"
# What a report without a category is until somebody looks at it.
UNCLASSIFIED = "emergency.unclassified"
PLAIN = {"code", "name", "parent"}
TWO_LEVELS = {"major_code", "major_name", "minor_code", "minor_name"}
NAMES = ("level1", "level2", "level3")
SCHEME = re.compile("[a-z][a-z0-9-]{0,39}")
FALSE = {"0", "false", "no", "否"}


class CategoryError(ValueError):
    """A file that cannot be imported; the message names the line and what to do."""


@dataclass
class Row:
    """One class as the file has it; `parent` is a code of the same file, or '' for the root."""

    line: int
    code: str
    name: str
    parent: str = ""
    priority: str = ""
    selectable: bool | None = None
    attributes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How many classes an import created, changed, left alone and retired."""

    created: int
    updated: int
    unchanged: int
    retired: int


def find(code):
    """The active category with that `scheme.code`; without a code the unclassified one.

    Raises Category.DoesNotExist.
    """
    return Category.objects.get(qualified=code or UNCLASSIFIED, active=True)


def read(path, scheme):
    """The Rows of a CSV file in one of the layouts of events/data/SOURCES.md.

    `scheme` tells which codes are known already, for files that have names only. Raises
    CategoryError.
    """
    lines = table(path)
    header = {name for name in (lines[0][1] if lines else ()) if name}
    if header >= PLAIN:
        return [_plain(line, cells) for line, cells in lines]
    if header >= TWO_LEVELS:
        return _two_levels(lines)
    if NAMES[0] in header:
        return _names(lines, scheme)
    raise CategoryError(
        _("%(path)s 里没有可识别的分类：表头应为 code,name,parent 或 major_code… 或 level1…。")
        % {"path": path}
    )


def table(path):
    """[(line number, {column: stripped text})] of a UTF-8 CSV file. Raises CategoryError."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            return [
                (reader.line_num, {k: (v or "").strip() for k, v in cells.items() if k})
                for cells in reader
            ]
    except OSError as error:
        raise CategoryError(
            _("打不开文件 %(path)s：%(error)s") % {"path": path, "error": error.strerror}
        ) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CategoryError(
            _("%(path)s 不是 UTF-8 的 CSV：%(error)s") % {"path": path, "error": error}
        ) from None


@transaction.atomic
def load(rows, scheme, version, *, name="", priority=Priority.P3, upgrade=False):
    """Make the scheme's tree equal to `rows`; classes that are gone are retired, never deleted.

    `priority` is for rows without one. Raises CategoryError, and nothing is written then; also when
    another version of the scheme is there and `upgrade` is not set.
    """
    _check_scheme(scheme, version)
    known = {category.code: category for category in Category.objects.filter(scheme=scheme)}
    others = {category.version for category in known.values()} - {version}
    if others and not upgrade:
        raise CategoryError(
            _(
                "体系 %(scheme)s 已有版本 %(versions)s；"
                "要换成 %(version)s 请加 --upgrade，要并存请另取体系名。"
            )
            % {"scheme": scheme, "versions": "、".join(sorted(others)), "version": version}
        )
    levels = _levels(_with_root(rows, name or (known[ROOT].name if ROOT in known else scheme)))
    parents = {row.parent for level in levels for row in level}
    created, updated, unchanged, seen = [], [], 0, {}
    for level in levels:
        fresh = []
        for row in level:
            values = _values(row, scheme, version, seen.get(row.parent), priority)
            values["selectable"] = _selectable(row, parents)
            category = seen[row.code] = known.get(row.code) or Category(code=row.code)
            if category.pk is None:
                fresh.append(category)
            elif any(getattr(category, key) != value for key, value in values.items()):
                updated.append(category)
            else:
                unchanged += 1
            for key, value in values.items():
                setattr(category, key, value)
        Category.objects.bulk_create(fresh)
        created += fresh
    gone = [category for code, category in known.items() if code not in seen]
    retired = sum(category.active for category in gone)
    _retire(gone, {category.pk: category for category in known.values()})
    fields = ["version", "name", "parent", "path", "priority", "selectable", "active", "attributes"]
    Category.objects.bulk_update(updated + gone, fields, batch_size=100)
    return Outcome(len(created), len(updated), unchanged, retired)


def _values(row, scheme, version, parent, priority):
    qualified = Category.qualify(scheme, row.code)
    return {
        "scheme": scheme,
        "version": version,
        "name": row.name,
        "qualified": qualified,
        "parent_id": parent.pk if parent else None,
        "path": f"{parent.path if parent else '/'}{qualified}/",
        "priority": row.priority or priority,
        "active": True,
        "attributes": row.attributes,
    }


def _selectable(row, parents):
    return row.code not in parents if row.selectable is None else row.selectable


def _retire(gone, by_id):
    """Events keep their retired class, so its path must follow a parent that moved."""
    for category in sorted(gone, key=lambda category: category.path.count("/")):
        category.active = category.selectable = False
        if above := by_id.get(category.parent_id):
            category.path = f"{above.path}{category.qualified}/"


def _check_scheme(scheme, version):
    if not SCHEME.fullmatch(scheme):
        raise CategoryError(
            _("体系名 %(scheme)s 应为小写字母、数字、连字符。") % {"scheme": scheme}
        )
    if not 0 < len(version) <= 20:
        raise CategoryError(_("版本不可为空，且不超过 20 字。"))


def _with_root(rows, name):
    if any(row.code == ROOT for row in rows):
        return [row if row.code == ROOT else _below_root(row) for row in rows]
    return [Row(0, ROOT, name, selectable=False), *map(_below_root, rows)]


def _below_root(row):
    row.parent = row.parent or ROOT
    return row


def _levels(rows):
    """The rows by depth, root first, each checked. Raises CategoryError."""
    by_code = {}
    for row in rows:
        _check(row)
        if row.code in by_code:
            raise CategoryError(
                _("第 %(line)d 行：代码 %(code)s 与第 %(other)d 行重复。")
                % {"line": row.line, "code": row.code, "other": by_code[row.code].line}
            )
        by_code[row.code] = row
    levels, placed, left = [], {""}, list(rows)
    while left:
        level = [row for row in left if row.parent in placed]
        if not level:
            row = left[0]
            raise CategoryError(
                _("第 %(line)d 行：上级 %(parent)s 不存在，或上下级成环。")
                % {"line": row.line, "parent": row.parent}
            )
        placed |= {row.code for row in level}
        levels.append(level)
        left = [row for row in left if row.code not in placed]
    return levels


def _check(row):
    where = {"line": row.line}
    if not row.code or not row.name:
        raise CategoryError(_("第 %(line)d 行：缺少代码或名称。") % where)
    if len(row.code) > 80 or any(mark in row.code for mark in "./ "):
        raise CategoryError(
            _("第 %(line)d 行：代码 %(code)s 不可含空格、点、斜线，且不超过 80 字。")
            % {**where, "code": row.code}
        )
    if len(row.name) > 120:
        raise CategoryError(_("第 %(line)d 行：名称超过 120 字。") % where)
    if row.priority and row.priority not in Priority.values:
        raise CategoryError(
            _("第 %(line)d 行：优先级 %(priority)s 应为 P1 至 P4。")
            % {**where, "priority": row.priority}
        )


def _plain(line, cells):
    try:
        attributes = json.loads(cells.get("attributes") or "{}")
    except ValueError:
        attributes = None
    if not isinstance(attributes, dict):
        raise CategoryError(_("第 %(line)d 行：attributes 不是 JSON 对象。") % {"line": line})
    selectable = cells.get("selectable", "")
    return Row(
        line,
        cells["code"],
        cells["name"],
        cells["parent"],
        cells.get("priority", ""),
        selectable.lower() not in FALSE if selectable else None,
        attributes,
    )


def _two_levels(lines):
    rows = {}
    for line, cells in lines:
        major, minor = cells["major_code"], cells["minor_code"]
        if not (major and minor):
            raise CategoryError(
                _("第 %(line)d 行：缺少 major_code 或 minor_code。") % {"line": line}
            )
        for row in (
            Row(line, major, cells["major_name"]),
            Row(line, major + minor, cells["minor_name"], major, cells.get("priority", "")),
        ):
            first = rows.setdefault(row.code, row)
            if first.name != row.name:
                raise CategoryError(
                    _(
                        "第 %(line)d 行：代码 %(code)s 是“%(name)s”，"
                        "第 %(other)d 行却是“%(first)s”。"
                    )
                    % {
                        "line": line,
                        "code": row.code,
                        "name": row.name,
                        "other": first.line,
                        "first": first.name,
                    }
                )
    return list(rows.values())


def _names(lines, scheme):
    """Rows of a tree of names; known names keep their codes, so a new file moves nothing."""
    codes = _codes_by_names(scheme)
    taken, rows = set(codes.values()), {}
    for line, cells in lines:
        names = [cells[column] for column in NAMES if cells.get(column)]
        if not names or any(cells.get(column) for column in NAMES[len(names) :]):
            raise CategoryError(_("第 %(line)d 行：缺少上级名称。") % {"line": line})
        if tuple(names) in rows:
            raise CategoryError(
                _("第 %(line)d 行：“%(names)s”出现两次。")
                % {"line": line, "names": " / ".join(names)}
            )
        for depth in range(1, len(names) + 1):
            key = tuple(names[:depth])
            if key in rows:
                continue
            parent = codes[key[:-1]] if depth > 1 else ""
            if key not in codes:
                codes[key] = _next_code(parent, taken)
                taken.add(codes[key])
            rows[key] = Row(line, codes[key], key[-1], parent)
    return list(rows.values())


def _codes_by_names(scheme):
    categories = {c.pk: c for c in Category.objects.filter(scheme=scheme).exclude(code=ROOT)}

    def names(category):
        above = categories.get(category.parent_id)
        return (*(names(above) if above else ()), category.name)

    return {names(category): category.code for category in categories.values()}


def _next_code(parent, taken):
    return next(code for n in range(1, 10_000) if (code := f"{parent}{n:02d}") not in taken)
