"""The running deadlines of a case: started, ended, replaced, until the case is written."""

import logging

from dispatch import calendar, escalation
from dispatch.limits import limits_for
from dispatch.models import Deadline, DeadlineState
from dispatch.reckoning import reckon

log = logging.getLogger("xianfeng.deadlines")
# What a deadline takes over from the one before it.
COPIED = (
    "event",
    "assignment_id",
    "asked_seq",
    "stage",
    "state",
    "started_at",
    "value",
    "limit_type",
    "limit_text",
    "gaps",
    "due_at",
    "fixed",
    "step",
    "paused_at",
)


def running(case):
    """{stage: deadline} of the deadlines that run or stand on hold."""
    return {row.stage: row for row in case.deadlines if row.running}


def standing(case):
    """All that the clock looks at or will look at again: deadlines, and waits beside them."""
    return [row for row in (*case.deadlines, *case.waits) if row.running]


def start(case, stages, **about):
    """Start the deadlines of `stages`, {stage: (since, gaps)}; `about` are further fields.

    A stage without a limit has no deadline, and so has one whose limit cannot be reckoned: a
    mistake in the rules must not keep an event out. The auditor tells.
    """
    event = case.event
    limits = limits_for(event.category, event.priority, event.condition, stages)
    steps = escalation.steps_for(event, limits) if limits else {}
    days, started = calendar.StoredCalendar(), []
    for stage, (since, gaps) in stages.items():
        limit = limits.get(stage)
        if limit is None:
            continue
        row = Deadline(
            event=event,
            stage=stage,
            started_at=since,
            gaps=list(gaps),
            value=limit.value,
            limit_type=limit.limit_type,
            limit_text=limit.text,
            steps=steps.get(stage, []),
            in_force_from=case.at,
            **about,
        )
        try:
            reckon(row, days)
        except calendar.LimitError:
            log.exception("%s: no deadline for stage %s", event.number, stage)
            continue
        started.append(case.add(row))
    return started


def end(case, row):
    """The stage is over: met or missed, by the deadline that was in force."""
    row.state = DeadlineState.MET if case.at <= row.due_at else DeadlineState.MISSED
    row.ended_at, row.next_at = case.at, None
    case.touch(row)


def supersede(case, rows):
    """End deadlines without a verdict: others take their place, or nothing does."""
    for row in rows:
        row.state, row.ended_at, row.next_at = DeadlineState.SUPERSEDED, case.at, None
        case.touch(row)
    for kept in (case.deadlines, case.waits):
        kept[:] = [row for row in kept if row.state != DeadlineState.SUPERSEDED]


def stop(case, row, since):
    """Stop a running clock at `since`."""
    row.state, row.paused_at, row.next_at = DeadlineState.PAUSED, since, None
    case.touch(row)


def copy(row, days, **changes):
    """A deadline as `row` is but for the changes, reckoned by the calendar `days`; unsaved."""
    copied = {name: getattr(row, name) for name in COPIED}
    fresh = Deadline(**{**copied, "steps": [dict(step) for step in row.steps], **changes})
    reckon(fresh, days)
    return fresh


def replace(case, row, fresh):
    """Put `fresh` in the place of `row`, which is kept as what was in force until now."""
    fresh.in_force_from = case.at
    supersede(case, [row])
    return case.add(fresh)
