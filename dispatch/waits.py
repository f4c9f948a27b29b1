"""What the clock waits for beside the stages: a sign of life, an answer, an objection.

A wait is a Deadline of another stage: it has a limit by class and priority, and a policy's steps.
"""

from dispatch import timers
from dispatch.models import AssignmentState, Role, Stage
from events.models import State

# Waits that belong to a state of the event, not to a part or to somebody's word.
OF_STATE = {Stage.CLOSE}
WORKED = (AssignmentState.ARRIVED, AssignmentState.DONE)


def beginning(case):
    """The waits that the event's state calls for and that do not run."""
    due = case.event.state == State.HANDLED and not _running(case, Stage.CLOSE)
    return [Stage.CLOSE] if due else []


def await_life(case, part):
    """The part has been claimed: something must be heard of it."""
    _start(case, Stage.LIFE, assignment=part)


def await_answer(case, entry):
    """The entry asks for an answer."""
    _start(case, Stage.ANSWER, asked_seq=entry.seq)


def _start(case, stage, **about):
    started = timers.start(case, {stage: (case.at, ())}, **about)
    for row in started if case.event.on_hold else ():
        timers.stop(case, row, case.at)


def alive(case, scope):
    """Somebody acts on the case: if it is for a department on it, that one has been heard of."""
    part = case.of(scope.department_code) if scope.role == Role.OFFICER else None
    if part is None:
        return
    for row in _running(case, Stage.LIFE):
        if row.assignment_id == part.pk:
            timers.end(case, row)
    if part.claim_expired_at:
        part.claim_expired_at = None
        case.touch(part)


def answer(case, scope):
    """A department on the case speaks: the seqs of the entries that it answers."""
    if scope.role != Role.OFFICER or case.of(scope.department_code) is None:
        return []
    rows = _running(case, Stage.ANSWER)
    for row in rows:
        timers.end(case, row)
    return sorted(row.asked_seq for row in rows)


def settle(case):
    """End the waits that what has happened since has made pointless."""
    parts = {row.pk: row for row in case.current}
    gone = []
    for row in _running(case, Stage.LIFE):
        part = parts.get(row.assignment_id)
        if part is not None and part.state in WORKED:
            timers.end(case, row)
        elif part is None or part.state != AssignmentState.CLAIMED:
            gone.append(row)
    if case.event.state != State.HANDLED:
        gone += _running(case, Stage.CLOSE)
    if not case.open:
        gone += _running(case, Stage.ANSWER)
    timers.supersede(case, gone)


def _running(case, stage):
    return [row for row in case.waits if row.stage == stage and row.running]
