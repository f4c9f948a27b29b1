"""Putting a routing plan on a case."""

from django.utils.translation import gettext as _

from dispatch import access, routing
from dispatch.models import AssignmentRole, AssignmentState


def plan(case, *, exclude=()):
    """The targets that the rules name for the case; keeps the trace and records `routed`."""
    event = case.event
    facts = routing.facts_of(event, case.at, access.chain(event))
    found = routing.plan(facts, exclude=exclude)
    event.routing_trace = {**found.trace, "at": case.at.isoformat()}
    event.fallback = found.fallback
    rule = "、".join(found.rules) or _("兜底")
    case.record("routed", rule=rule, fallback=found.fallback)
    return found.targets


def route(case, *, exclude=()):
    """Assign by the rules; departments that are there already keep their rows."""
    return dispatch(case, plan(case, exclude=exclude))


def dispatch(case, targets):
    """Assign `targets`; a new lead replaces the present one. Records `dispatched` for new ones."""
    fresh = []
    for target in targets:
        if target.role == AssignmentRole.LEAD:
            replace_lead(case, target.department)
        if case.assign(target.department, target.role, required=target.required):
            fresh.append(target)
    if fresh:
        tell(case, fresh)
    return [target.department for target in fresh]


def tell(case, parts):
    """Record `dispatched` for targets or assignments that have come to the case."""
    case.record(
        "dispatched",
        names="、".join(part.department.name for part in parts),
        departments=[
            {"code": part.department.code, "name": part.department.name, "role": part.role}
            for part in parts
        ],
    )


def replace_lead(case, department, state=AssignmentState.RECALLED, reason=""):
    """End the present lead unless it is `department`. Returns the ended assignment or None."""
    lead = case.lead
    if lead is None or lead.department.code == department.code:
        return None
    return case.end(lead, state, reason)
