"""The clock: what is due is done, once; its heartbeat shows that it runs."""

from datetime import timedelta
from time import monotonic

from django.db.models import Subquery

from dispatch import deadlines, family
from dispatch.actions.pauses import resume
from dispatch.models import (
    RUNNING_STATES,
    ApiToken,
    CalendarEdition,
    Deadline,
    Heartbeat,
    IdempotencyKey,
    Stage,
)
from dispatch.saying import words
from dispatch.sweep import BATCH, each, late, sweep
from events import attachments, moment
from events.entry import stamp
from events.models import OPEN_STATES, Event
from events.timeline import SYSTEM

NAME = "clock"
# A clock that has not beaten for this long is dead for the health page.
STALE = timedelta(seconds=30)
# Events whose limits are reckoned anew at a time, and for how long before the next look.
RECOUNTS, RECOUNT_SECONDS = 20, 1
KEYS_KEPT = timedelta(days=3)


def tick():
    """Do what is due now and beat. Returns how many deadline steps were done."""
    done = sweep(beat)
    release_holds()
    recount(beat)
    beat(done)
    return done


def release_holds():
    """Holds whose time is over end by themselves."""
    over = Event.objects.filter(
        on_hold=True, held_until__lte=moment.now(), state__in=OPEN_STATES
    ).values_list("number", flat=True)
    each(over[:BATCH], _release)


def _release(number):
    with family.locked(number) as (changed, cases):
        case = cases[number]
        if case.event.on_hold and case.event.held_until <= case.at:
            resume(case, None, SYSTEM)
            family.finish(changed, cases, number)


def recount(beat):
    """After a change of the holidays every running working limit is reckoned anew.

    Thousands take many looks: meanwhile no step of anybody else's waits for long.
    """
    edition = Subquery(CalendarEdition.objects.values("number")[:1])
    outdated = Deadline.every.filter(edition__lt=edition, state__in=RUNNING_STATES)
    seen, until = set(), monotonic() + RECOUNT_SECONDS
    while numbers := set(
        outdated.exclude(event__number__in=seen).values_list("event__number", flat=True)[:RECOUNTS]
    ):
        each(sorted(numbers), _recount)
        seen |= numbers
        beat()
        if monotonic() > until:
            return


def _recount(number):
    with family.locked(number) as (changed, cases):
        case = cases[number]
        for was, now in deadlines.recount(case):
            case.record(
                "recalculated",
                stage=now.stage,
                stage_name=str(Stage(now.stage).label),
                due=words(now.due_at),
                due_at=stamp(now.due_at),
                was=stamp(was.due_at),
            )
        if family.finish(changed, cases, number) is None:
            case.write_parts()


def clean():
    """Forget what nobody needs: old idempotency keys, dead tokens, files that no event took."""
    now = moment.now()
    IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).delete()
    ApiToken.objects.filter(expires_at__lt=now).delete()
    attachments.sweep(now)


def beat(done=0):
    """Write the heartbeat."""
    about = {"at": moment.now(), "detail": {"done": done}}
    if not Heartbeat.objects.filter(name=NAME).update(**about):
        Heartbeat.objects.update_or_create(name=NAME, defaults=about)


def pulse(now):
    """{alive, age_s, backlog}: whether the clock runs, and how many steps wait for it."""
    heart = Heartbeat.objects.filter(name=NAME).first()
    age = (now - heart.at).total_seconds() if heart else None
    return {
        "alive": age is not None and age < STALE.total_seconds(),
        "age_s": round(age, 1) if age is not None else None,
        "backlog": late(now),
    }
