"""The sweep: every step that is due is done, many events in one transaction, each step once.

An event's lock guards its deadlines: whoever holds it is the only one who moves them. Of several
clocks each passes over the events that another one, or an action, has locked; their turn comes at
the next look.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, Prefetch

from dispatch import access, effects, escalation
from dispatch.models import Assignment, Deadline, DeadlineState
from dispatch.saying import said
from events import moment
from events.models import Event
from events.timeline import Change, change
from geo.models import Area

log = logging.getLogger("xianfeng.clock")
# Events in one transaction: they are locked while it lasts.
BATCH = 200
# So many batches of other clocks are passed over to find one that is free.
LOOK_AHEAD = 8
LATE = timedelta(seconds=60)
# What telling needs of an event.
LIGHT = ("number", "version", "last_seq", "escalation", "source", "reporter", "log")
LIGHT += ("street", "community")
PART = "assignment__department"
AREAS = [Prefetch(name, Area.objects.only("code")) for name in ("street", "community")]


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
        for row in due(changed.at).filter(event__in=pks).prefetch_related(PART):
            rows[row.event_id].append(row)
        # Fetched apart: of two hundred events most are in the same few streets.
        events = Event.objects.only(*LIGHT).prefetch_related("log", *AREAS)
        self.events = list(events.filter(pk__in=rows))
        told, moved, changes = [], [], {}
        for event in self.events:
            if any(step.get("effect") for row in rows[event.pk] for step in row.steps[row.step :]):
                self.special.append(event)
                continue
            changes[event] = Change(changed.at)
            if entries := self._entries(event, rows[event.pk], changes[event]):
                told += entries
                moved += rows[event.pk]
            else:
                del changes[event]
        if told:
            changed.entries += [entry for _at, entry in sorted(told, key=lambda pair: pair[0])]
            self._write(changes, moved)
            self.done += len(told)

    def take(self, event):
        """Do the steps of a special event in a transaction of its own."""
        try:
            self.done += effects.take(event.number)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            self._fail(event)

    def _lock(self):
        """The pks of the first events that nobody else has locked; they are locked now."""
        found = due(moment.now()).exclude(event__in=self.passed_over).order_by("next_at", "pk")
        pks = list(dict.fromkeys(found.values_list("event_id", flat=True)[: BATCH * LOOK_AHEAD]))
        for first in range(0, len(pks), BATCH):
            chosen = Event.objects.filter(pk__in=pks[first : first + BATCH])
            locked = list(chosen.select_for_update(skip_locked=True).values_list("pk", flat=True))
            if locked:
                return locked
        return []

    def _entries(self, event, rows, own):
        """[(moment of the step, its entry)] of an event, also in its `own` change; its rows are
        moved on. None on failure."""
        told = []
        try:
            while row := min(
                (row for row in rows if row.next_at and row.next_at <= own.at),
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

    def _write(self, changes, rows):
        """Address the entries of {event: its Change}; write the events and their deadlines."""
        departments = defaultdict(set)
        for pk, code in Assignment.objects.filter(event__in=changes, current=True).values_list(
            "event_id", "department__code"
        ):
            departments[pk].add(code)
        for event, own in changes.items():
            event.version += 1
            changed = {"version": event.version, "seq": event.last_seq}
            own.address(event, changed, access.audience(event, departments[event.pk]))
        _move_on(rows)
        for count, pks in _by_count(changes).items():
            Event.objects.filter(pk__in=pks).update(
                version=F("version") + 1, last_seq=F("last_seq") + count
            )


def _move_on(rows):
    """Write `step` and `next_at`; Django's bulk_update would cost more than all the rest."""
    adapt = connection.ops.adapt_datetimefield_value
    statement = f"UPDATE {Deadline._meta.db_table} SET step = %s, next_at = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(row.step, adapt(row.next_at), row.pk) for row in rows])


def _by_count(changes):
    """{how many entries: pks of the events that have so many}."""
    found = defaultdict(list)
    for event, own in changes.items():
        found[len(own.entries)].append(event.pk)
    return found
