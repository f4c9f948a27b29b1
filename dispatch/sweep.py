"""The sweep: every step that is due is done, many events in one transaction, each step once.

An event's lock guards its deadlines: whoever holds it is the only one who moves them. Of several
clocks each passes over the events that another one, or an action, has locked; their turn comes at
the next look.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError

from dispatch import access, effects, escalation
from dispatch.models import Assignment, Deadline, DeadlineState
from dispatch.saying import said
from events import moment
from events.models import Event
from events.timeline import Change, change

log = logging.getLogger("xianfeng.clock")
# Events in one transaction: they are locked while it lasts.
BATCH = 200
LATE = timedelta(seconds=60)
# What telling needs of an event.
LIGHT = ("number", "version", "last_seq", "escalation", "source", "reporter_id")
LIGHT += ("log__code", "street__code", "community__code")


def due(at):
    """The deadlines with a step that is due at a moment."""
    return Deadline.every.filter(state=DeadlineState.LIVE, next_at__lte=at)


def late(at):
    """How many deadlines have a step that has waited for longer than a minute."""
    return due(at - LATE).count()


def sweep(beat):
    """Do every step that is due; `beat(done)` is called after each batch. Returns how many.

    An event that cannot be dealt with is logged, passed over, and tried again by the next sweep:
    the others do not wait for it.
    """
    done, failed = 0, set()
    while True:
        batch = Batch(failed)
        with change() as changed:
            batch.tell(changed)
        for event in batch.special:
            batch.take(event)
        if not batch.events:
            return done
        done += batch.done
        failed |= batch.failed
        beat(done)


def each(numbers, work):
    """Do `work(number)` for each event; the numbers of those that failed. What fails is logged and
    does not keep the others waiting."""
    failed = set()
    for number in numbers:
        try:
            work(number)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("%s: the clock could not go on with it", number)
            failed.add(number)
    return failed


class Batch:
    """The events whose steps are due first, but for those whose pk is in `failed`."""

    def __init__(self, failed):
        self.passed_over = failed
        self.events, self.special, self.failed, self.done = [], [], set(), 0

    def tell(self, changed):
        """Lock the events and tell their steps; what does more than tell is left as `special`."""
        pks = self._lock()
        # Whoever waited for a lock acts after the one who had it.
        changed.at = max(changed.at, moment.now())
        rows = defaultdict(list)
        for row in due(changed.at).filter(event__in=pks).select_related("assignment__department"):
            rows[row.event_id].append(row)
        events = Event.objects.select_related("log", "street", "community").only(*LIGHT)
        self.events = list(events.filter(pk__in=rows))
        told, moved = [], []
        for event in self.events:
            if any(step.get("effect") for row in rows[event.pk] for step in row.steps[row.step :]):
                self.special.append(event)
            elif entries := self._entries(event, rows[event.pk], changed.at):
                told += entries
                moved += rows[event.pk]
        if told:
            self._write(changed, sorted(told, key=lambda pair: pair[0]), moved)

    def take(self, event):
        """Do the steps of a special event in a transaction of its own."""
        try:
            self.done += effects.take(event.number)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            self._fail(event)

    def _lock(self):
        rows = (
            due(moment.now())
            .exclude(event__in=self.passed_over)
            .select_related("event")
            .only("event__number")
            .order_by("next_at", "pk")
            .select_for_update(skip_locked=True, of=("event",))
        )
        return {row.event_id for row in rows[:BATCH]}

    def _entries(self, event, rows, at):
        """[(moment of the step, its entry)] of an event; its rows are moved on. None on failure."""
        own, told = Change(at), []
        try:
            while row := min(
                (row for row in rows if row.next_at and row.next_at <= at),
                key=lambda row: (row.next_at, row.pk),
                default=None,
            ):
                step = row.steps[row.step]
                kind, data = said(row, step, event)
                told.append((datetime.fromisoformat(step["at"]), own.record(event, kind, **data)))
                row.step += 1
                escalation.aim(row)
        except Exception:
            self._fail(event)
            return None
        return told

    def _fail(self, event):
        log.exception("a step of %s failed", event.number)
        self.failed.add(event.pk)

    def _write(self, changed, told, rows):
        changed.entries += [entry for _at, entry in told]
        events = {entry.event for entry in changed.entries}
        departments = defaultdict(set)
        for pk, code in Assignment.objects.filter(event__in=events, current=True).values_list(
            "event_id", "department__code"
        ):
            departments[pk].add(code)
        for event in events:
            event.version += 1
            changes = {"version": event.version, "seq": event.last_seq}
            changed.address(event, changes, access.audience(event, departments[event.pk]))
        Deadline.every.bulk_update(rows, ["step", "next_at"])
        Event.objects.bulk_update(events, ["version", "last_seq"])
        self.done += len(told)
