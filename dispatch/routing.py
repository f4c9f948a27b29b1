"""Which departments take an event: rules by data, the most specific wins, nothing floats."""

from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.timezone import localtime

from dispatch.models import AssignmentRole, Department, RoutingTarget

LEAD, SUPPORT = AssignmentRole.LEAD, AssignmentRole.SUPPORT


@dataclass(frozen=True)
class Facts:
    """What rules look at. `areas` are the codes that hold the place, widest first."""

    category_path: str
    areas: tuple
    priority: str
    source: str
    at: object


@dataclass(frozen=True)
class Aim:
    """What a rule names: a department by its id, or a kind to be found by jurisdiction."""

    role: str
    department_id: int | None
    kind: str
    required: bool


@dataclass(frozen=True)
class Rule:
    """A routing rule as it is applied; empty conditions match everything."""

    name: str
    order: int
    category: str
    area: str
    priority: str
    source: str
    hours: tuple | None
    aims: list


@dataclass(frozen=True)
class Target:
    """A department and its part."""

    department: Department
    role: str
    required: bool = False


@dataclass
class Plan:
    """The answer: targets, whether the fallback had to take it, and the trace of why."""

    targets: list = field(default_factory=list)
    fallback: bool = False
    rules: list = field(default_factory=list)
    trace: dict = field(default_factory=dict)


def facts_of(event, at, areas):
    """The facts of an event."""
    return Facts(event.category.path, tuple(areas), event.priority, event.source, at)


def plan(facts, *, exclude=()):
    """The Plan for `facts`; departments whose code is in `exclude` are passed over.

    Two queries, a third for the last fallback. Per role the most specific matching rule that
    resolves to a department wins, ties go by the rules' order; without a lead the fallback
    department of the street, else of the district, takes it.
    """
    rules = _rules()
    considered = [(rule, _mismatch(rule, facts)) for rule in rules]
    matched = sorted(
        (rule for rule, why in considered if not why),
        key=lambda rule: (_specificity(rule), -rule.order),
        reverse=True,
    )
    offices = _Offices(facts, matched, exclude)
    result = Plan()
    for role in (LEAD, SUPPORT):
        for rule in matched:
            found = [
                Target(department, role, aim.required)
                for aim in rule.aims
                if aim.role == role and (department := offices.resolve(aim))
            ]
            if role == LEAD:
                found = found[:1]
            if found:
                taken = {target.department.pk for target in result.targets}
                result.targets += [t for t in found if t.department.pk not in taken]
                if rule.name not in result.rules:
                    result.rules.append(rule.name)
                break
    if not any(target.role == LEAD for target in result.targets):
        _fall_back(result, offices)
    result.trace = _trace(facts, considered, matched, result)
    return result


def _rules():
    """The active rules that name somebody, in their order. Plain values: one lean query."""
    rules = {}
    rows = RoutingTarget.objects.filter(rule__active=True).order_by("rule__order", "rule_id", "pk")
    for pk, name, order, path, code, priority, source, start, end, *aim in rows.values_list(
        "rule_id",
        "rule__name",
        "rule__order",
        "rule__category__path",
        "rule__area__code",
        "rule__priority",
        "rule__source",
        "rule__hours_from",
        "rule__hours_to",
        "role",
        "department_id",
        "kind",
        "required",
    ):
        if pk not in rules:
            hours = (start, end) if start and end else None
            rules[pk] = Rule(name, order, path or "", code or "", priority, source, hours, [])
        rules[pk].aims.append(Aim(*aim))
    return list(rules.values())


def fallback(areas, *, exclude=()):
    """The fallback department nearest to a place, or None. `areas` are codes, widest first."""
    return _Offices(Facts("", tuple(areas), "", "", None), [], exclude).fallback()


def _fall_back(result, offices):
    office = offices.fallback()
    result.fallback = True
    if office:
        result.targets = [
            Target(office, LEAD),
            *(target for target in result.targets if target.department.pk != office.pk),
        ]


def _mismatch(rule, facts):
    """Why the rule does not match, as a code; empty when it does."""
    if not facts.category_path.startswith(rule.category):
        return "category"
    if rule.area and not any(code.startswith(rule.area) for code in facts.areas):
        return "area"
    if rule.priority and rule.priority != facts.priority:
        return "priority"
    if rule.source and rule.source != facts.source:
        return "source"
    if rule.hours and not _within(localtime(facts.at).time(), *rule.hours):
        return "hours"
    return ""


def _within(clock, start, end):
    """Whether a time of day lies in [start, end), which may span midnight."""
    return start <= clock < end if start <= end else clock >= start or clock < end


def _specificity(rule):
    return (
        rule.category.count("/"),
        len(rule.area),
        bool(rule.priority) + bool(rule.source) + bool(rule.hours),
    )


class _Offices:
    """The departments that rules may mean at this place, fetched in one query."""

    def __init__(self, facts, rules, exclude):
        self.exclude = set(exclude)
        aims = [aim for rule in rules for aim in rule.aims]
        kinds = {aim.kind for aim in aims if aim.kind}
        named = {aim.department_id for aim in aims if aim.department_id}
        here = Q(areas__code__in=facts.areas)
        rows = list(
            Department.objects.filter(active=True)
            .filter(Q(pk__in=named) | here & (Q(kind__in=kinds) | Q(fallback=True)))
            .annotate(area_code=F("areas__code"))
        )
        self.named = {office.pk: office for office in rows if office.pk in named}
        # The narrowest jurisdiction comes first: a community's committee before a district bureau.
        self.near = sorted(
            (office for office in rows if office.area_code in facts.areas),
            key=lambda office: (-len(office.area_code), office.pk),
        )

    def resolve(self, aim):
        """The department that an aim means here, or None."""
        if aim.department_id:
            office = self.named.get(aim.department_id)
            return office if office and office.code not in self.exclude else None
        for office in self.near:
            if office.kind == aim.kind and office.code not in self.exclude:
                return office
        return None

    def fallback(self):
        """The nearest fallback department; when all have returned it, the widest one keeps it.

        One of another place only where none covers this place.
        """
        offices = [office for office in self.near if office.fallback]
        for office in offices:
            if office.code not in self.exclude:
                return office
        if offices:
            return offices[-1]
        spare = Department.objects.filter(active=True, fallback=True).order_by("code")
        return spare.exclude(code__in=self.exclude).first() or spare.first()


def _trace(facts, considered, matched, result):
    """What was considered and why, as JSON for `GET events/{number}/routing/`."""
    order = {id(rule): index for index, rule in enumerate(matched)}
    return {
        "facts": {
            "category": facts.category_path,
            "areas": list(facts.areas),
            "priority": facts.priority,
            "source": facts.source,
        },
        "rules": [
            {
                "rule": rule.name,
                "matched": not why,
                "why_not": why or None,
                "rank": order.get(id(rule)),
            }
            for rule, why in sorted(considered, key=lambda row: order.get(id(row[0]), 10**6))
        ],
        "used": result.rules,
        "targets": [
            {
                "department": {"code": target.department.code, "name": target.department.name},
                "role": target.role,
                "required": target.required,
            }
            for target in result.targets
        ],
        "fallback": result.fallback,
    }
