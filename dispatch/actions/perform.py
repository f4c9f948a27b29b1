"""Performing an action: lock, check, run, write; in one transaction, or not at all."""

from django.utils.translation import gettext as _

from dispatch import access, family
from dispatch.actions.table import ACTIONS
from dispatch.case import Case
from dispatch.problem import Conflict, Forbidden, NotFound, Problem
from dispatch.winner import last_decider
from events import timeline
from events.models import State


def perform(number, name, scope, data, version=None):
    """Do action `name` on the event with that number; returns the event's shape after it.

    Raises NotFound (this person may not see it), Forbidden, Conflict (with the winner where
    somebody was first) or Invalid. Nothing is half done.
    """
    action = ACTIONS[name]
    other_number = data.get(action.other) if action.other else None
    with family.locked(*{number, other_number} - {None}) as (change, cases):
        case = seen(cases.get(number), scope)
        if case is None:
            raise NotFound(_("没有这个事件，或你无权查看。"))
        check(action, case, scope)
        check_version(case, version)
        if action.other:
            data = {**data, "other": seen(cases.get(other_number), scope)}
        actor = timeline.Actor(scope.user_id, scope.name, scope.department_name)
        action.run(case, scope, actor, **data)
        return family.finish(change, cases, number) or case.unchanged()


def seen(case, scope):
    """The case if there is one and the person may see it, else None."""
    if case and access.may_see(scope, case.event, case.department_codes()):
        return case
    return None


def check(action, case, scope):
    """Refuse what this person may not do, or what the event's state does not allow."""
    if not access.capacities(scope, case.event, case.assignments) & set(action.who):
        raise Forbidden(_("你的角色不能对此事件{action}。").format(action=action.label))
    if case.event.state not in action.states:
        raise Conflict(
            _("事件{state}，不能{action}。").format(
                state=State(case.event.state).label, action=action.label
            ),
            winner=last_decider(case.event),
        )
    if action.check:
        action.check(case, scope)


def check_version(case, version):
    """Refuse a write that was made on an older state than the event now has."""
    if version is not None and version != case.event.version:
        raise Conflict(
            _("事件已更新（版本 {now}），请刷新后再操作。").format(now=case.event.version),
            version=case.event.version,
            winner=last_decider(case.event),
        )


class Seen:
    """A case as read, unlocked: enough to tell which actions are possible."""

    def __init__(self, event):
        self.event = event
        self.assignments = list(event.assignments.all())

    of, lead, current, department_codes = (
        Case.of,
        Case.lead,
        Case.current,
        Case.department_codes,
    )


def possible(event, scope):
    """What the person may do to `event` (fetched by shape.with_parts), and why not the rest.

    [{name, label, allowed, why}]; actions that the role never does are left out.
    """
    seen = Seen(event)
    capacities = access.capacities(scope, event, seen.assignments)
    answers = []
    for action in ACTIONS.values():
        if not capacities & set(action.who):
            continue
        why = None
        try:
            check(action, seen, scope)
        except Problem as problem:
            why = str(problem.detail)
        answers.append(
            {"name": action.name, "label": str(action.label), "allowed": why is None, "why": why}
        )
    return answers
