"""The end of an event: verify, close, reopen, cancel."""

from django.utils.translation import gettext as _

from dispatch import assigning, deadlines
from dispatch.models import AssignmentRole, AssignmentState, Role
from dispatch.problem import Conflict, Forbidden
from dispatch.winner import claimer
from events.models import State


def check_not_own_work(case, scope):
    """Nobody verifies what the own hands, or as an officer the own department, have done."""
    worker = any(row.claimed_by_id == scope.user_id for row in case.assignments)
    if worker or (scope.role == Role.OFFICER and case.of(scope.department_code)):
        raise Forbidden(_("不能核查自己或本部门处置的事件。"))


def verify(case, scope, actor, passed, text=""):
    """核查: passed closes the event, failed sends it back to the same people (返工)."""
    if passed:
        case.record("verified", actor, text=text)
        close(case, scope, actor)
        return
    case.event.reworked += 1
    case.record("reworked", actor, text=text)
    _resume_work(case)


def _resume_work(case):
    case.move(State.RESPONDED)
    for row in case.current:
        if row.state == AssignmentState.DONE and (row.role == AssignmentRole.LEAD or row.required):
            row.state, row.done_at = AssignmentState.CLAIMED, None
            case.touch(row)
    deadlines.rebuild(case)


def close(case, scope, actor, text=""):
    """结案."""
    case.move(State.CLOSED)
    case.record("closed", actor, text=text)
    deadlines.rebuild(case)


def reopen(case, scope, actor, reason):
    """Open a closed event for its people, or route a cancelled one again."""
    case.event.reopened += 1
    case.record("reopened", actor, reason=reason)
    if case.lead:
        _resume_work(case)
        return
    case.move(State.REGISTERED)
    assigning.route(case)
    deadlines.rebuild(case)


def check_withdrawable(case, scope):
    """A reporter withdraws only what nobody has claimed; a dispatcher cancels while it is open."""
    if scope.role == Role.DISPATCHER:
        return
    first = next((row for row in case.current if row.claimed_at), None)
    if first or case.event.state != State.REGISTERED:
        raise Conflict(
            _("已有部门签收，不能撤回；请在事件中留言说明。"),
            **({"winner": claimer(first)} if first else {}),
        )


def cancel(case, scope, actor, reason):
    """作废: the event ends without being handled."""
    case.record("cancelled", actor, reason=reason)
    dissolve(case, reason)
    case.move(State.CANCELLED)


def dissolve(case, reason=""):
    """Take every department off the case and stop its clocks."""
    for row in case.current:
        case.end(row, AssignmentState.RECALLED, reason)
    deadlines.drop(case)
    case.event.on_hold, case.event.held_since, case.event.held_until = False, None, None
