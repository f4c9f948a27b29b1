"""What the clock does beyond telling: a claim expires, an event is closed."""

from django.utils.translation import gettext as _

from dispatch import deadlines, escalation, family, timers
from dispatch.models import DeadlineState
from dispatch.saying import said
from events.models import State


def take(number):
    """Do every step of an event that is due, in order of time, in one transaction.

    Returns how many. The rows are looked at under the event's lock: none is done twice.
    """
    with family.locked(number) as (changed, cases):
        case, done = cases[number], 0
        while row := _first_due(case):
            step = row.steps[row.step]
            row.step += 1
            escalation.aim(row)
            case.touch(row)
            if effect := EFFECTS.get(step.get("effect")):
                effect(case, row, step)
            else:
                kind, data = said(row, step, case.event)
                case.record(kind, **data)
            done += 1
        if done:
            family.finish(changed, cases, number)
        return done


def _first_due(case):
    due = [
        row
        for row in timers.standing(case)
        if row.state == DeadlineState.LIVE and row.next_at and row.next_at <= case.at
    ]
    return min(due, key=lambda row: (row.next_at, row.pk or 0), default=None)


def expire(case, row, step):
    """签收失效: the department keeps the event, and a colleague may claim it."""
    part = next(part for part in case.assignments if part.pk == row.assignment_id)
    row.assignment = part
    timers.end(case, row)
    part.claim_expired_at = case.at
    case.touch(part)
    _kind, about = said(row, step, case.event)
    case.record("claim_expired", **about)


def close(case, row, step):
    """自动结案: nobody has objected."""
    case.move(State.CLOSED)
    case.record(
        "closed", text=_("{limit}内无异议，自动结案").format(limit=row.limit_text), auto=True
    )
    deadlines.rebuild(case)


EFFECTS = {"expire": expire, "close": close}
