"""How long each stage of an event may take."""

from dataclasses import dataclass

from dispatch.models import LimitRule, LimitType
from events.models import Priority

UNITS = {
    LimitType.URGENT_MINUTE: "分钟",
    LimitType.URGENT_HOUR: "小时",
    LimitType.URGENT_DAY: "个自然日",
    LimitType.WORK_HOUR: "工作小时",
    LimitType.WORK_DAY: "个工作日",
}


@dataclass(frozen=True)
class Limit:
    """A stage's limit: `value` units of `limit_type`; `text` as people read it, e.g. 20 分钟."""

    value: float
    limit_type: str
    text: str


def limits_for(category, priority=""):
    """{stage: Limit} for an event of that category and priority; a stage without rules is left out.

    The nearest class on the way up that has rules for the stage decides; among its rows one whose
    condition is the event's priority goes before the default row. One query.
    """
    distance = {code: n for n, code in enumerate(reversed(category.path.strip("/").split("/")))}
    rules = LimitRule.objects.filter(category__qualified__in=distance).values_list(
        "category__qualified", "stage", "condition", "default", "value", "limit_type", "pk"
    )
    chosen = {}
    for code, stage, condition, default, value, limit_type, pk in rules:
        if condition in Priority.values and condition != priority:
            continue
        rank = (distance[code], condition != priority, not default, pk)
        if stage not in chosen or rank < chosen[stage][0]:
            chosen[stage] = rank, Limit(value, limit_type, f"{value:g} {UNITS[limit_type]}")
    return {stage: limit for stage, (_rank, limit) in chosen.items()}
