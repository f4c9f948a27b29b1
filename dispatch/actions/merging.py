"""Merge and unmerge (并案, 拆分): what is set aside, and how it comes back."""

from datetime import datetime

from django.utils.translation import gettext as _

from dispatch import assigning, deadlines
from dispatch.actions.ending import dissolve
from dispatch.actions.work import settle
from dispatch.models import AssignmentRole, Deadline
from dispatch.problem import Conflict, Invalid
from events.models import OPEN_STATES, State


def merge(case, scope, actor, into, other):
    """并案: `case` ends in `other`, and with it all that was merged into it: never a chain."""
    if other is None or other is case:
        raise Invalid(into=_("请选择另一个事件。"))
    if other.event.state == State.MERGED:
        main = other.event.merged_into.number
        raise Conflict(
            _("{number} 已并入 {main}，请并入 {main}。").format(number=into, main=main), into=main
        )
    if other.event.state not in OPEN_STATES:
        raise Conflict(_("目标事件已结束，不能并入。"))
    _set_aside(case)
    case.move(State.MERGED)
    for one in (case, *case.followers):
        one.event.merged_into = other.event
        one.record("merged", actor, into=other.event.number)
        other.record("absorbed", actor, number=one.event.number)
    other.event.absorbed += 1 + case.event.absorbed
    case.event.absorbed = 0
    # From now on they follow the other, which has not moved by this.
    case.followers = []


def _set_aside(case):
    """Take everybody off the case and stop its clocks, keeping what an unmerge needs."""
    event = case.event
    event.state_before_merge = event.state
    event.before_merge = {
        "assignments": {str(row.pk): row.state for row in case.current},
        "deadlines": {str(row.pk): row.state for row in deadlines.standing(case)},
        "held": [event.held_since.isoformat(), event.held_until.isoformat()]
        if event.on_hold
        else None,
    }
    dissolve(case)


def unmerge(case, scope, actor, number, other):
    """拆分: the event `other` leaves the main event `case` and is again what it was before."""
    if other is None or other.event.merged_into_id != case.event.pk:
        raise Invalid(number=_("该事件没有并入本事件。"))
    case.event.absorbed -= 1
    case.followers.remove(other)
    case.record("split", actor, number=other.event.number)
    other.event.merged_into = None
    other.record("unmerged", actor, number=case.event.number)
    if not _restore(other):
        # Nobody can lead it as before.
        other.move(State.REGISTERED)
        assigning.route(other)
        deadlines.rebuild(other)
    other.event.state_before_merge, other.event.before_merge = "", {}


def _restore(case):
    """Put back what the merge set aside; False, and nothing done, when the lead is gone."""
    event, kept = case.event, case.event.before_merge
    parts = kept.get("assignments", {})
    rows = [row for row in case.assignments if str(row.pk) in parts and row.department.active]
    if not any(row.role == AssignmentRole.LEAD for row in rows):
        return False
    for row in rows:
        row.state, row.current = parts[str(row.pk)], True
        row.reason, row.ended_at = "", None
        case.touch(row)
    # The citizen's clock has not stood still: it is due when it was due.
    for row in Deadline.every.filter(event=event, pk__in=kept["deadlines"]):
        deadlines.revive(case, row, kept["deadlines"][str(row.pk)])
    case.deadlines.sort(key=lambda row: row.pk)
    if kept["held"]:
        since, until = map(datetime.fromisoformat, kept["held"])
        event.on_hold, event.held_since, event.held_until = True, since, until
    case.move(event.state_before_merge)
    assigning.tell(case, rows)
    settle(case)
    return True
