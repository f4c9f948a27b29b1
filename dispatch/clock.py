"""The clock: what is due is done, once; its heartbeat shows that it runs."""

import heapq
from datetime import timedelta

from dispatch import deadlines, family
from dispatch.actions.pauses import resume
from dispatch.case import Case
from dispatch.models import (
    ApiToken,
    Deadline,
    DeadlineState,
    EscalationStep,
    Heartbeat,
    IdempotencyKey,
    Stage,
)
from events import attachments, moment
from events.models import OPEN_STATES, Event
from events.timeline import SYSTEM, change

NAME = "clock"
BATCH = 200
# A clock that has not beaten for this long is dead for the health page.
STALE = timedelta(seconds=30)
KEYS_KEPT = timedelta(days=3)


def tick():
    """Do what is due now and beat. Returns how many deadline steps were done."""
    done = sweep()
    release_holds()
    beat(done)
    return done


def sweep():
    """Every deadline step that is due, in the order of time, each in its own transaction."""
    done = 0
    while True:
        now = moment.now()
        due = list(
            Deadline.objects.filter(state=DeadlineState.LIVE, next_at__lte=now)
            .order_by("next_at", "pk")
            .values_list("next_at", "pk", "step", "event__number")[:BATCH]
        )
        if not due:
            return done
        # A clock that was away tells what it missed in the order in which it fell due.
        while due:
            _at, pk, step, number = heapq.heappop(due)
            row = take_step(pk, step, number)
            if row is not None:
                done += 1
                if done % BATCH == 0:
                    beat(done)
                if row.next_at is not None and row.next_at <= now:
                    heapq.heappush(due, (row.next_at, pk, row.step, number))
        beat(done)


def take_step(pk, step, number):
    """Do one step of a deadline if nobody has; the deadline if it was done here, else None.

    The row is looked at again under the event's lock: claimed and done in one transaction.
    """
    with change() as changed:
        case = Case.lock(changed, number)[number]
        row = next((row for row in case.deadlines if row.pk == pk), None)
        if row is None or row.state != DeadlineState.LIVE or row.step != step:
            return None
        steps = list(EscalationStep.objects.filter(stage=row.stage).order_by("percent"))
        if step >= len(steps):
            # The step was taken out of the configuration meanwhile: there is nobody to tell.
            Deadline.objects.filter(pk=pk).update(next_at=None)
            return None
        _tell(case, row, steps[step])
        row.step = step + 1
        deadlines.aim(row, [one.percent for one in steps])
        case.touch(row)
        case.finish()
        return row


def _tell(case, row, step):
    about = {
        "stage": row.stage,
        "stage_name": str(Stage(row.stage).label),
        "percent": step.percent,
        "notify": step.notify,
    }
    if step.percent < 100:
        case.record("reminded", **about)
    else:
        name = str(EscalationStep.Notify(step.notify).label)
        case.record("overdue", **about, notify_name=name)


def release_holds():
    """Holds whose time is over end by themselves."""
    over = Event.objects.filter(
        on_hold=True, held_until__lte=moment.now(), state__in=OPEN_STATES
    ).values_list("number", flat=True)
    for number in list(over[:BATCH]):
        with family.locked(number) as (changed, cases):
            case = cases[number]
            if case.event.on_hold and case.event.held_until <= case.at:
                resume(case, None, SYSTEM)
                family.finish(changed, cases, number)


def clean():
    """Forget what nobody needs: old idempotency keys, dead tokens, files that no event took."""
    now = moment.now()
    IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).delete()
    ApiToken.objects.filter(expires_at__lt=now).delete()
    attachments.sweep(now)


def beat(done=0):
    """Write the heartbeat."""
    Heartbeat.objects.update_or_create(
        name=NAME, defaults={"at": moment.now(), "detail": {"done": done}}
    )


def pulse(now):
    """{alive, age_s, backlog}: whether the clock runs, and how many steps wait for it."""
    heart = Heartbeat.objects.filter(name=NAME).first()
    age = (now - heart.at).total_seconds() if heart else None
    backlog = Deadline.objects.filter(
        state=DeadlineState.LIVE, next_at__lte=now - timedelta(seconds=60)
    ).count()
    return {
        "alive": age is not None and age < STALE.total_seconds(),
        "age_s": round(age, 1) if age is not None else None,
        "backlog": backlog,
    }
