"""The demo district's categories, limits, calendar and routing rules."""

from pathlib import Path

from django.db.models import Q

import dispatch
import events
from config.demo.offices import bureau_code
from config.demo.tables import rows
from dispatch import policybook, rulebook
from dispatch.models import AssignmentRole, DepartmentKind, RoutingRule, RoutingTarget
from events import categories
from events.models import Category

CLASSES = Path(events.__file__).parent / "data"
TIMES = Path(dispatch.__file__).parent / "data"
# Scheme, its version, the name of its root.
SCHEMES = (
    ("emergency", "1", "应急事件"),
    ("event", "GB/T 30428.2-2013", "城市管理事件"),
    ("component", "GB/T 30428.2-2013", "城市管理部件"),
    ("hotline", "1", "热线诉求"),
)


def load_categories():
    """The four category schemes with their limits, the holidays and the escalation steps."""
    for scheme, version, name in SCHEMES:
        read = categories.read(CLASSES / f"{scheme}_categories.csv", scheme)
        categories.load(read, scheme, version, name=name)
    rulebook.load_limits(CLASSES / "event_categories.csv", "event")
    rulebook.load_limits(TIMES / "default_limits.csv")
    rulebook.load_holidays(TIMES / "cn_holidays.csv")
    policybook.load_escalation(TIMES / "escalation.csv")


def load_routing(departments):
    """Create the routing rules whose name is not there yet. `departments` is {code: Department}.

    Returns how many rules are new.
    """
    there = set(RoutingRule.objects.values_list("name", flat=True))
    new = [row for row in rows("routing") if row["name"] not in there]
    classes = dict(
        Category.objects.filter(Q(qualified__in=[row["category"] for row in new])).values_list(
            "qualified", "pk"
        )
    )
    created = RoutingRule.objects.bulk_create(
        RoutingRule(name=row["name"], order=10 * number, category_id=classes[row["category"]])
        for number, row in enumerate(new, 1)
    )
    RoutingTarget.objects.bulk_create(
        _target(rule, role, word, departments)
        for rule, row in zip(created, new, strict=True)
        for role, words in (
            (AssignmentRole.LEAD, row["lead"]),
            (AssignmentRole.SUPPORT, row["support"]),
        )
        for word in words.split()
    )
    return len(created)


def _target(rule, role, word, departments):
    """`word` is a kind of department or `@slug` of a bureau; a `!` at its end means required."""
    target = RoutingTarget(rule=rule, role=role, required=word.endswith("!"))
    word = word.removesuffix("!")
    if word.startswith("@"):
        target.department = departments[bureau_code(word[1:])]
    else:
        target.kind = DepartmentKind(word)
    return target
