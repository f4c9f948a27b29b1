"""How long each stage of an event may take."""

from dataclasses import dataclass

from dispatch.models import LIMITED, LimitRule, LimitType
from events.models import Priority

UNITS = {
    LimitType.URGENT_MINUTE: "分钟",
    LimitType.URGENT_HOUR: "小时",
    LimitType.URGENT_DAY: "个自然日",
    LimitType.WORK_HOUR: "工作小时",
    LimitType.WORK_DAY: "个工作日",
}
FIELDS = ("category__qualified", "stage", "condition", "default", "pk", "value", "limit_type")


@dataclass(frozen=True)
class Limit:
    """A stage's limit: `value` units of `limit_type`; `text` as people read it, e.g. 20 分钟."""

    value: float
    limit_type: str
    text: str


def limits_for(category, priority="", condition="", stages=LIMITED):
    """{stage: Limit} for an event of that category and priority; a stage without rules is left out.

    The nearest class on the way up that has rules for the stage decides. Among its rows the one
    whose condition was chosen goes first, then one whose condition is the event's priority, then
    the default row, then the oldest. One query.
    """
    distance = {code: n for n, code in enumerate(reversed(lineage(category)))}
    rules = LimitRule.objects.filter(category__qualified__in=distance, stage__in=stages)
    chosen = {}
    for code, stage, own, default, pk, value, limit_type in rules.values_list(*FIELDS):
        if own in Priority.values and own not in (priority, condition):
            continue
        rank = (distance[code], not own or own != condition, own != priority, not default, pk)
        if stage not in chosen or rank < chosen[stage][0]:
            chosen[stage] = rank, Limit(value, limit_type, text_of(value, limit_type))
    return {stage: limit for stage, (_rank, limit) in chosen.items()}


def lineage(category):
    """The whole codes of a class and all above it, the root first."""
    return category.path.strip("/").split("/")


def text_of(value, limit_type):
    """A limit as people read it."""
    return f"{value:g} {UNITS[limit_type]}"


def conditions_of(category):
    """The rows that people can choose between for a class, as LimitRules in order: those of the
    nearest class that has any for the stage, without the rows of priorities. One query."""
    distance = {code: n for n, code in enumerate(reversed(lineage(category)))}
    rules = list(
        LimitRule.objects.filter(category__qualified__in=distance, stage__in=LIMITED)
        .select_related("category")
        .order_by("stage", "-default", "pk")
    )
    nearest = {}
    for rule in rules:
        near = distance[rule.category.qualified]
        nearest[rule.stage] = min(near, nearest.get(rule.stage, near))
    return [
        rule
        for rule in rules
        if distance[rule.category.qualified] == nearest[rule.stage]
        and rule.condition not in Priority.values
    ]


def has_condition(category, condition):
    """Whether a class has that condition of filing. One query."""
    return condition in {rule.condition for rule in conditions_of(category)}
