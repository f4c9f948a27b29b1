"""Importing the rules of time from CSV files: limits, holidays, escalation steps."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import EscalationStep, Holiday, LimitRule, LimitType, Stage
from events.categories import FALSE, CategoryError, table
from events.models import Category


class RulebookError(ValueError):
    """A file that cannot be imported; the message names the line and what to do."""


@transaction.atomic
def load_limits(path, scheme=""):
    """Import limit rules; returns how many rows the file gave. Raises RulebookError.

    Layouts: `category,stage,condition,closing,value,limit_type,default` with whole codes, or a
    class list with `major_code,minor_code,rule_no,limit_value,limit_type`, which are limits of
    handling in `scheme`. The rows of a class and stage replace what was there for them.
    """
    values = [_values(line, cells, scheme) for line, cells in _table(path)]
    categories = dict(
        Category.objects.filter(qualified__in={row["category"] for row in values}).values_list(
            "qualified", "pk"
        )
    )
    keys, rows = set(), {}
    for row in values:
        line, code = row.pop("line"), row.pop("category")
        if code not in categories:
            raise RulebookError(
                _("第 %(line)d 行：没有分类 %(code)s，请先导入分类。")
                % {"line": line, "code": code}
            )
        row["category_id"] = categories[code]
        keys.add((row["category_id"], row["stage"]))
        key = (row["category_id"], row["stage"], row["condition"])
        if key in rows:
            raise RulebookError(
                _("第 %(line)d 行：%(code)s 的同一阶段、同一条件出现两次。")
                % {"line": line, "code": code}
            )
        rows[key] = row
    old = {
        (rule.category_id, rule.stage, rule.condition): rule
        for rule in LimitRule.objects.filter(category_id__in=categories.values())
        if (rule.category_id, rule.stage) in keys
    }
    LimitRule.objects.filter(pk__in=[old[key].pk for key in old.keys() - rows.keys()]).delete()
    changed = [
        LimitRule(pk=old[key].pk, **row)
        for key, row in rows.items()
        if key in old and any(getattr(old[key], name) != value for name, value in row.items())
    ]
    fields = ["closing", "value", "limit_type", "default"]
    LimitRule.objects.bulk_update(changed, fields, batch_size=100)
    LimitRule.objects.bulk_create(LimitRule(**row) for key, row in rows.items() if key not in old)
    return len(rows)


def load_holidays(path):
    """Import days off and make-up workdays (`date,type,name`, type holiday or workday); returns how
    many. A day that is there already is overwritten. Raises RulebookError."""
    days = {}
    for line, cells in _table(path):
        if cells.get("type") not in {"holiday", "workday"}:
            raise RulebookError(
                _("第 %(line)d 行：type 应为 holiday（放假）或 workday（调休上班）。")
                % {"line": line}
            )
        try:
            day = date.fromisoformat(cells.get("date", ""))
        except ValueError:
            raise RulebookError(
                _("第 %(line)d 行：date 应为 2026-10-01 这样的日期。") % {"line": line}
            ) from None
        if day in days:
            raise RulebookError(
                _("第 %(line)d 行：%(day)s 出现两次。") % {"line": line, "day": day}
            )
        working = cells["type"] == "workday"
        days[day] = Holiday(day=day, working=working, name=cells.get("name", "")[:60])
    Holiday.objects.bulk_create(
        days.values(),
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["working", "name"],
    )
    return len(days)


def load_escalation(path):
    """Import the steps at which the clock tells somebody (`stage,percent,notify`).

    Returns how many. Raises RulebookError.
    """
    steps = []
    for line, cells in _table(path):
        _one_of(line, "stage", cells.get("stage"), Stage)
        _one_of(line, "notify", cells.get("notify"), EscalationStep.Notify)
        percent = _number(line, "percent", cells.get("percent"))
        steps.append(
            EscalationStep(stage=cells["stage"], percent=int(percent), notify=cells["notify"])
        )
    EscalationStep.objects.bulk_create(
        steps,
        update_conflicts=True,
        unique_fields=["stage", "percent"],
        update_fields=["notify"],
    )
    return len(steps)


def _table(path):
    try:
        lines = table(path)
    except CategoryError as error:
        raise RulebookError(str(error)) from None
    if not lines:
        raise RulebookError(_("%(path)s 里一行也没有。") % {"path": path})
    return lines


def _values(line, cells, scheme):
    if "limit_value" in cells:
        if not scheme:
            raise RulebookError(_("这个文件只有大类、小类代码，请用 --scheme 说明属于哪个体系。"))
        number = cells.get("rule_no") or "1"
        row = {
            "category": Category.qualify(
                scheme, cells.get("major_code", "") + cells.get("minor_code", "")
            ),
            "stage": Stage.HANDLE,
            "condition": f"立案条件 {number}",
            "closing": "",
            "value": cells["limit_value"],
            "default": number == "1",
        }
    else:
        row = {
            name: cells.get(name, "")
            for name in ("category", "stage", "condition", "closing", "value")
        }
        row["default"] = cells.get("default", "").lower() not in {*FALSE, ""}
    row["limit_type"] = cells.get("limit_type")
    _one_of(line, "stage", row["stage"], Stage)
    _one_of(line, "limit_type", row["limit_type"], LimitType)
    row["value"] = _number(line, "value", row["value"])
    return {**row, "line": line}


def _one_of(line, column, value, choices):
    if value not in choices.values:
        raise RulebookError(
            _("第 %(line)d 行：%(column)s 是“%(value)s”，应为 %(choices)s 之一。")
            % {
                "line": line,
                "column": column,
                "value": value or "",
                "choices": "、".join(choices.values),
            }
        )


def _number(line, column, value):
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 < number < 100_000:
        raise RulebookError(
            _("第 %(line)d 行：%(column)s 应为正数。") % {"line": line, "column": column}
        )
    return number
