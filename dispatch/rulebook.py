"""Importing the rules of time from CSV files: limits and holidays."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.cells import RulebookError, check_one_of, positive, table_of
from dispatch.models import CalendarEdition, Holiday, LimitRule, LimitType, Stage
from events.categories import FALSE
from events.models import Category


@transaction.atomic
def load_limits(path, scheme=""):
    """Import limit rules; returns how many rows the file gave. Raises RulebookError.

    Layouts: `category,stage,condition,closing,value,limit_type,default` with whole codes, or a
    class list with `major_code,minor_code,rule_no,limit_value,limit_type`, which are limits of
    handling in `scheme`. The rows of a class and stage replace what was there for them.
    """
    values = [_values(line, cells, scheme) for line, cells in table_of(path)]
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


@transaction.atomic
def load_holidays(path):
    """Import days off and make-up workdays (`date,type,name`, type holiday or workday); returns how
    many. A day that is there already is overwritten, and the clock reckons the running working
    limits anew. Raises RulebookError."""
    days = {}
    for line, cells in table_of(path):
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
    CalendarEdition.advance()
    return len(days)


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
    check_one_of(line, "stage", row["stage"], Stage)
    check_one_of(line, "limit_type", row["limit_type"], LimitType)
    row["value"] = positive(line, "value", row["value"])
    return {**row, "line": line}
