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
    needed = () if case.event.on_hold else RUNNING.get(case.event.state, ())
    if case.event.on_hold and case.open:
        return
    running = {row.stage: row for row in _running(case)}
    for stage, row in running.items():
        if stage not in needed:
            end(case, row)
    missing = [stage for stage in needed if stage not in running]
    if missing:
        start(case, missing, case.at)


def restart(case):
    """Replace every running deadline by what the present class and priority allow.

    The clock runs from where it ran from: a new class is no new time.
    """
    running = _running(case)
    since = {row.stage: row.started_at for row in running}
    for row in running:
        row.state, row.ended_at, row.next_at = DeadlineState.SUPERSEDED, case.at, None
        case.touch(row)
    case.deadlines[:] = [row for row in case.deadlines if row not in running]
    for stage, started_at in since.items():
        start(case, [stage], started_at)
    if case.event.on_hold:
        pause(case)


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
    """The case ends without its stages being done (cancelled, merged): no verdict."""
    for row in _running(case):
        row.state, row.ended_at, row.next_at = DeadlineState.SUPERSEDED, case.at, None
        case.touch(row)
    case.deadlines[:] = [row for row in case.deadlines if row.state != DeadlineState.SUPERSEDED]


def pause(case):
    """Stop every running clock (hold); what is left is kept in seconds."""
    for row in _running(case):
        if row.state == DeadlineState.LIVE:
            row.remaining_seconds = (row.due_at - case.at).total_seconds()
            row.state, row.next_at = DeadlineState.PAUSED, None
            case.touch(row)


def resume(case):
    """Let the paused clocks run on: due is moved by the time of the hold."""
    for row in _running(case):
        if row.state != DeadlineState.PAUSED:
            continue
        due_at = case.at + timedelta(seconds=row.remaining_seconds)
        row.started_at += due_at - row.due_at
        row.due_at, row.state, row.remaining_seconds = due_at, DeadlineState.LIVE, None
        aim(row, _percents(row.stage))
        case.touch(row)


def extend(case, until):
    """Move the running handle deadline to `until`; the old one is kept as superseded."""
    for row in _running(case):
        if row.stage != Stage.HANDLE:
            continue
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
        percents = _percents(row.stage)
        whole = (until - row.started_at).total_seconds()
        passed = (case.at - row.started_at).total_seconds()
        longer.step = sum(whole * percent / 100 <= passed for percent in percents)
        aim(longer, percents)
        case.deadlines.append(case.touch(longer))


def _percents(stage):
    return sorted(EscalationStep.objects.filter(stage=stage).values_list("percent", flat=True))


def _running(case):
    return [
        row for row in case.deadlines if row.state in (DeadlineState.LIVE, DeadlineState.PAUSED)
    ]
