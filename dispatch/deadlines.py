"""By when each stage must be done: deadlines are rebuilt on every transition of a case."""

import logging

from dispatch import calendar, escalation, waits
from dispatch.limits import limits_for
from dispatch.models import DeadlineState, Stage
from dispatch.reckoning import gap, spent
from dispatch.timers import copy, end, replace, running, standing, start, stop, supersede
from events.models import State

log = logging.getLogger("xianfeng.deadlines")
# The stages that must have a running deadline in each state.
RUNNING = {
    State.REGISTERED: (Stage.RESPOND, Stage.HANDLE),
    State.RESPONDED: (Stage.HANDLE,),
    State.HANDLED: (Stage.VERIFY,),
}
RUN = {stage for stages in RUNNING.values() for stage in stages}


def rebuild(case):
    """End the running deadlines that the state no longer needs, start those that it needs."""
    waits.settle(case)
    if case.event.on_hold and case.open:
        return
    needed = RUNNING.get(case.event.state, ())
    for stage, row in running(case).items():
        if stage not in needed or (stage == Stage.RESPOND and _has_new_lead(case, row)):
            end(case, row)
    missing = [stage for stage in needed if stage not in running(case)]
    if missing:
        start(case, dict.fromkeys(missing + waits.beginning(case), (case.at, ())))


def _has_new_lead(case, row):
    """Whether the lead came after the clock was started: it gets the whole time to respond."""
    return case.lead is not None and case.lead.dispatched_at > row.started_at


def restart(case):
    """Replace every running deadline by what the present class, condition and priority allow.

    The clock runs from where it ran from: a new class is no new time.
    """
    replaced = [row for row in standing(case) if row.stage in waits.OF_STATE | RUN]
    since = {row.stage: (row.started_at, row.gaps) for row in replaced}
    supersede(case, replaced)
    fresh = (case.event.held_since or case.at, ())
    stages = (*RUNNING.get(case.event.state, ()), *waits.beginning(case))
    start(case, {stage: since.get(stage, fresh) for stage in stages})
    if case.event.on_hold:
        pause(case, case.event.held_since)


def drop(case):
    """End everything that runs without a verdict: the case ends."""
    supersede(case, standing(case))


def pause(case, since=None):
    """Stop every running clock (hold) at `since`, else now."""
    for row in standing(case):
        if row.state == DeadlineState.LIVE:
            stop(case, row, since or case.at)


def resume(case):
    """Let the paused clocks run on with what was left, on each limit's own clock."""
    days = calendar.StoredCalendar()
    for row in standing(case):
        if row.state == DeadlineState.PAUSED:
            gaps = [*row.gaps, gap(row.paused_at, case.at)]
            on = {"state": DeadlineState.LIVE, "paused_at": None, "fixed": False}
            replace(case, row, copy(row, days, gaps=gaps, **on))


def revive(case, row, state):
    """Let a dropped deadline be again as it was, in `state` live or paused. Returns it."""
    row.state, row.ended_at = state, None
    if state == DeadlineState.LIVE:
        escalation.aim(row)
    return case.add(row)


def extend(case, until):
    """Move the running handle deadline to `until`; the old one is kept as superseded.

    Shares of the limit are then shares of the longer one; those that are past are not told again.
    """
    row, days = running(case)[Stage.HANDLE], calendar.StoredCalendar()
    since = case.event.held_since or case.at
    value = spent(row, until, days)
    longer = copy(row, days, value=value, step=0, due_at=until, fixed=True)
    escalation.pass_over(longer, since)
    replace(case, row, longer)


def tighten(case):
    """A higher priority: what it allows from now on, where that is sooner than what runs."""
    event, rows = case.event, running(case)
    limits = limits_for(event.category, event.priority, event.condition, rows)
    steps = escalation.steps_for(event, limits) if limits else {}
    days, since = calendar.StoredCalendar(), event.held_since or case.at
    for stage, limit in limits.items():
        row = rows[stage]
        if calendar.due(since, limit.value, limit.limit_type, days)[0] < row.due_at:
            counted = {"started_at": since, "gaps": [], "value": limit.value, "fixed": False}
            kind = {"limit_type": limit.limit_type, "limit_text": limit.text}
            told = {"steps": steps.get(stage, []), "step": 0}
            replace(case, row, copy(row, days, **counted, **kind, **told))


def recount(case):
    """Reckon the working deadlines anew by the calendar of today; a person's word stays.

    Returns [(was, now)] of the stages' deadlines that are due, or sure, at another moment.
    """
    days, moved = calendar.StoredCalendar(), []
    for row in standing(case):
        if row.edition is None or row.edition >= days.edition:
            continue
        fresh = _recounted(case, row, days)
        if (fresh.due_at, fresh.warn_at, fresh.uncertain) != (
            row.due_at,
            row.warn_at,
            row.uncertain,
        ):
            replace(case, row, fresh)
            if row.stage in RUN:
                moved.append((row, fresh))
        else:
            row.steps, row.next_at, row.edition = fresh.steps, fresh.next_at, days.edition
            case.touch(row)
    return moved


def _recounted(case, row, days):
    try:
        return copy(row, days)
    except calendar.LimitError:
        log.exception("%s: the deadline for stage %s stays", case.event.number, row.stage)
        return row
