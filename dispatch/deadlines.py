"""By when each stage must be done: deadlines are rebuilt on every transition of a case."""

from datetime import timedelta

from dispatch import calendar
from dispatch.limits import limits_for
from dispatch.models import Deadline, DeadlineState, EscalationStep, Stage
from events.models import State

# The stages that must have a running deadline in each state.
RUNNING = {
    State.REGISTERED: (Stage.RESPOND, Stage.HANDLE),
    State.RESPONDED: (Stage.HANDLE,),
    State.HANDLED: (Stage.VERIFY,),
}


def rebuild(case):
    """End the running deadlines that the state no longer needs, start those that it needs."""
    if case.event.on_hold and case.open:
        return
    needed = RUNNING.get(case.event.state, ())
    for stage, row in running(case).items():
        if stage not in needed or (stage == Stage.RESPOND and _has_new_lead(case, row)):
            end(case, row)
    missing = [stage for stage in needed if stage not in running(case)]
    if missing:
        start(case, missing, case.at)


def _has_new_lead(case, row):
    """Whether the lead came after the clock was started: it gets the whole time to respond."""
    return case.lead is not None and case.lead.dispatched_at > row.started_at


def restart(case):
    """Replace every running deadline by what the present class and priority allow.

    The clock runs from where it ran from: a new class is no new time.
    """
    since = {stage: row.started_at for stage, row in running(case).items()}
    drop(case)
    for stage in RUNNING.get(case.event.state, ()):
        start(case, [stage], since.get(stage, case.event.held_since or case.at))
    if case.event.on_hold:
        pause(case, case.event.held_since)


def start(case, stages, since):
    """Start the deadlines of `stages`, counted from `since`."""
    limits = limits_for(case.event.category, case.event.priority)
    steps = EscalationStep.objects.filter(stage__in=stages)
    percents = {}
    for step in steps:
        percents.setdefault(step.stage, []).append(step.percent)
    for stage in stages:
        limit = limits.get(stage)
        if limit is None:
            continue
        due_at, uncertain = calendar.due(since, limit.value, limit.limit_type)
        row = Deadline(
            event=case.event,
            stage=stage,
            started_at=since,
            due_at=due_at,
            limit_text=limit.text,
            uncertain=uncertain,
        )
        aim(row, sorted(percents.get(stage, [])))
        case.deadlines.append(case.touch(row))


def aim(row, percents):
    """Set when the clock looks at the deadline next: its next step's share of the whole time."""
    whole = row.due_at - row.started_at
    row.next_at = (
        row.started_at + whole * (percents[row.step] / 100) if row.step < len(percents) else None
    )


def end(case, row):
    """The stage is over: met or missed, by the deadline that was in force."""
    row.state = DeadlineState.MET if case.at <= row.due_at else DeadlineState.MISSED
    row.ended_at, row.next_at = case.at, None
    case.touch(row)


def drop(case):
    """End the running deadlines without a verdict: the case ends, or they are replaced."""
    for row in running(case).values():
        row.state, row.ended_at, row.next_at = DeadlineState.SUPERSEDED, case.at, None
        case.touch(row)
    case.deadlines[:] = [row for row in case.deadlines if row.state != DeadlineState.SUPERSEDED]


def pause(case, since=None):
    """Stop every running clock (hold) at `since`, else now; what is left is kept in seconds."""
    for row in running(case).values():
        if row.state == DeadlineState.LIVE:
            row.remaining_seconds = (row.due_at - (since or case.at)).total_seconds()
            row.state, row.next_at = DeadlineState.PAUSED, None
            case.touch(row)


def resume(case):
    """Let the paused clocks run on: due is moved by the time of the hold."""
    for row in running(case).values():
        if row.state != DeadlineState.PAUSED:
            continue
        due_at = case.at + timedelta(seconds=row.remaining_seconds)
        row.started_at += due_at - row.due_at
        row.due_at, row.state, row.remaining_seconds = due_at, DeadlineState.LIVE, None
        aim(row, _percents(row.stage))
        case.touch(row)


def revive(case, row, state):
    """Let a dropped deadline be again as it was, in `state` live or paused. Returns it."""
    row.state, row.ended_at = state, None
    if state == DeadlineState.LIVE:
        aim(row, _percents(row.stage))
    return case.touch(row)


def extend(case, until):
    """Move the running handle deadline to `until`; the old one is kept as superseded."""
    row = running(case)[Stage.HANDLE]
    row.state, row.ended_at, row.next_at = DeadlineState.SUPERSEDED, case.at, None
    case.touch(row)
    case.deadlines.remove(row)
    longer = Deadline(
        event=case.event,
        stage=row.stage,
        started_at=row.started_at,
        due_at=until,
        limit_text=row.limit_text,
    )
    since = case.event.held_since or case.at
    percents = _percents(row.stage)
    whole = (until - row.started_at).total_seconds()
    passed = (since - row.started_at).total_seconds()
    longer.step = sum(whole * percent / 100 <= passed for percent in percents)
    aim(longer, percents)
    case.deadlines.append(case.touch(longer))
    if case.event.on_hold:
        pause(case, since)


def _percents(stage):
    return sorted(EscalationStep.objects.filter(stage=stage).values_list("percent", flat=True))


def running(case):
    """{stage: deadline} of the deadlines that run or stand on hold."""
    return {
        row.stage: row
        for row in case.deadlines
        if row.state in (DeadlineState.LIVE, DeadlineState.PAUSED)
    }
