"""Working on an event: claim, arrive, post, complete, return."""

import uuid

from django.utils.translation import gettext as _

from dispatch import assigning, deadlines, routing, waits
from dispatch.access import chain
from dispatch.models import AssignmentRole, AssignmentState
from dispatch.problem import Conflict
from dispatch.winner import claimer
from events.attachments import bind
from events.models import State

WORKING = (AssignmentState.CLAIMED, AssignmentState.ARRIVED)


def own(case, scope):
    """The current assignment of the person's department."""
    return case.of(scope.department_code)


def check_unclaimed(case, scope):
    """Refuse a claim of what a colleague has claimed, naming the colleague.

    A claim that was followed by nothing has expired: then whoever claims next takes over.
    """
    row = own(case, scope)
    if row.claimed_at and not row.claim_expired_at:
        raise Conflict(
            _("{name}（{department}）已签收。").format(
                name=row.claimed_by_name, department=row.department.name
            ),
            winner=claimer(row),
        )


def claim(case, scope, actor):
    """The department takes it; the first claim of all stops the response clock."""
    row = case.touch(own(case, scope))
    about = {"department_name": row.department.name, "department": row.department.code}
    if row.claimed_by_id and row.claimed_by_id != scope.user_id:
        about |= {"instead_of": row.claimed_by_name, "notify": "former"}
    row.state, row.claimed_at, row.claim_expired_at = AssignmentState.CLAIMED, case.at, None
    row.claimed_by_id, row.claimed_by_name = scope.user_id, scope.name
    if case.event.state == State.REGISTERED:
        case.move(State.RESPONDED)
    case.record("claimed", actor, **about)
    deadlines.rebuild(case)
    waits.await_life(case, row)


def check_claimed(case, scope):
    """Refuse work on what the department has not claimed, or has finished."""
    row = own(case, scope)
    if row.state == AssignmentState.DISPATCHED:
        raise Conflict(_("请先签收。"))
    if row.state == AssignmentState.DONE:
        raise Conflict(_("本部门已处置完成。"), winner=claimer(row))


def check_not_arrived(case, scope):
    """Refuse a second arrival."""
    check_claimed(case, scope)
    row = own(case, scope)
    if row.state == AssignmentState.ARRIVED:
        raise Conflict(_("本部门已到场。"), winner=claimer(row))


def arrive(case, scope, actor):
    """Somebody of the department is on the spot."""
    waits.alive(case, scope)
    row = case.touch(own(case, scope))
    row.state, row.arrived_at = AssignmentState.ARRIVED, case.at
    case.record(
        "arrived", actor, department_name=row.department.name, department=row.department.code
    )


def post(case, scope, actor, text, attachments=(), public=False):
    """A message to the room, with files if any; a department's answers what was instructed."""
    files = attach(case, scope, attachments)
    waits.alive(case, scope)
    answers = waits.answer(case, scope)
    about = {"answers": answers} if answers else {}
    case.record("posted", actor, text=text, attachments=files, public=public, **about)


def add_files(case, scope, actor, attachments):
    """Files without a word; those that the event already has are not told of again."""
    held = set(case.event.attachments.values_list("pk", flat=True))
    files = [file for file in attach(case, scope, attachments) if uuid.UUID(file) not in held]
    if files:
        waits.alive(case, scope)
        case.record("attached", actor, count=len(files), attachments=files)


def attach(case, scope, ids):
    """Bind uploaded files to the event; returns their ids as text."""
    if not ids:
        return []
    case.attached = True
    return [str(row.id) for row in bind(ids, case.event, scope.user_id)]


def check_running(case, scope):
    """Refuse to finish what is on hold."""
    check_claimed(case, scope)
    if case.event.on_hold:
        raise Conflict(_("事件挂账中，请先恢复。"))


def complete(case, scope, actor, text="", attachments=()):
    """The department's end; with the last needed one the event is handled."""
    waits.alive(case, scope)
    waits.answer(case, scope)
    row = case.touch(own(case, scope))
    row.state, row.done_at = AssignmentState.DONE, case.at
    case.record(
        "completed",
        actor,
        department_name=row.department.name,
        department=row.department.code,
        text=text,
        attachments=attach(case, scope, attachments),
    )
    settle(case)


def settle(case):
    """Bring the state in line with the assignments after one of them has changed."""
    if case.all_done and not case.event.on_hold:
        if case.event.state != State.HANDLED:
            case.move(State.HANDLED)
            case.record("handled")
    elif not case.claimed and case.event.state == State.RESPONDED:
        case.move(State.REGISTERED)
    deadlines.rebuild(case)


def check_returnable(case, scope):
    """Refuse the return of finished work, and of the last fallback."""
    row = own(case, scope)
    if row.state == AssignmentState.DONE:
        raise Conflict(_("本部门已处置完成，不能退回。"), winner=claimer(row))
    if row.role == AssignmentRole.LEAD and _heir(case, row) is None:
        raise Conflict(_("本部门是最后的兜底部门，不能再退回；可转派。"))


def _heir(case, row):
    """The fallback department that takes over when `row` is returned, or None."""
    gone = {
        past.department.code for past in case.assignments if past.state == AssignmentState.RETURNED
    } | {row.department.code}
    heir = routing.fallback(chain(case.event), exclude=gone)
    return heir if heir and heir.code != row.department.code else None


def give_back(case, scope, actor, reason):
    """Return with a reason; what the lead returns goes to the fallback, so that nothing floats."""
    row = own(case, scope)
    heir = _heir(case, row) if row.role == AssignmentRole.LEAD else None
    case.end(row, AssignmentState.RETURNED, reason)
    case.event.returned += 1
    case.record("returned", actor, department_name=row.department.name, reason=reason)
    if heir:
        case.event.fallback = True
        assigning.dispatch(case, [routing.Target(heir, AssignmentRole.LEAD)])
    settle(case)
