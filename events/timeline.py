"""The timeline: every change is an entry, written in the transaction that makes the change."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import jsonschema
from django.db import connection, transaction

from events import moment
from events.kinds import KINDS
from events.models import Event, Log, TimelineEntry
from events.tail.hints import hint

VALIDATORS = {name: jsonschema.Draft202012Validator(kind.schema) for name, kind in KINDS.items()}


# A boundary is kilobytes of JSON that no list of events needs.
POLYGONS = ("district__polygon", "street__polygon", "community__polygon")


@dataclass(frozen=True)
class Position:
    """A place in a log: everything up to `offset` is known. JSON: {"epoch": str, "offset": int}."""

    epoch: str
    offset: int

    def as_json(self):
        """The position as clients keep it."""
        return {"epoch": self.epoch, "offset": self.offset}


def position(log_id):
    """The log's present end. Read it *before* the rows of a snapshot."""
    epoch, top = Log.objects.values_list("epoch", "top").get(pk=log_id)
    return Position(str(epoch), top)


@dataclass(frozen=True)
class Actor:
    """Who did it, as the timeline shows it; a process has no user."""

    user_id: int | None
    name: str
    department: str = ""


SYSTEM = Actor(None, "系统")


@dataclass
class Change:
    """One transaction's change: entries gather here and are numbered just before the commit."""

    at: object
    entries: list = field(default_factory=list)

    def record(self, event, kind, actor=SYSTEM, /, **data):
        """Add an entry of `kind`; `event` must be locked by this transaction, or new.

        Raises jsonschema.ValidationError when `data` does not fit the kind: then nothing commits.
        """
        VALIDATORS[kind].validate(data)
        event.last_seq += 1
        entry = TimelineEntry(
            event=event,
            seq=event.last_seq,
            log_id=event.log_id,
            kind=kind,
            at=self.at,
            actor_id=actor.user_id,
            actor_name=actor.name,
            actor_department=actor.department,
            data=data,
        )
        self.entries.append(entry)
        return entry

    def address(self, event, changes, audience, leavers=()):
        """Say who may see this change's entries of `event`, and what it altered.

        The last entry carries `changes`: whoever has applied it has the whole change.
        """
        mine = [entry for entry in self.entries if entry.event is event]
        for entry in mine:
            entry.audience = sorted(audience)
        if mine:
            mine[-1].changes = changes
            mine[-1].leavers = sorted(leavers)


@contextmanager
def change(*, at=None):
    """A transaction that ends by numbering its entries. Lock events before the log, never after."""
    with transaction.atomic():
        gathered = Change(at or moment.now())
        yield gathered
        if gathered.entries:
            _append(gathered.entries)


def _append(entries):
    by_log = {}
    for entry in entries:
        by_log.setdefault(entry.log_id, []).append(entry)
    for log_id, rows in sorted(by_log.items()):
        top = _advance(log_id, len(rows))
        for index, entry in enumerate(rows):
            entry.offset = top - len(rows) + index + 1
        TimelineEntry.objects.bulk_create(rows)
        transaction.on_commit(partial(hint, log_id, top))


def _advance(log_id, count):
    """Take `count` offsets; the row stays locked until the commit, so numbering has no gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Log._meta.db_table} SET top = top + %s WHERE id = %s RETURNING top",  # noqa: S608
            [count, log_id],
        )
        return cursor.fetchone()[0]


def entries_after(event_id, seq, limit):
    """Up to `limit` entries of an event after `seq`, oldest first."""
    return list(
        TimelineEntry.objects.filter(event_id=event_id, seq__gt=seq).order_by("seq")[:limit]
    )


def lock(*numbers):
    """The events with those numbers, locked until the commit, in the order of their numbers."""
    # First the lock, then the reading: PostgreSQL does not look again for the joined rows of a row
    # that it had to wait for, so a class or street changed meanwhile would be missing.
    locked = Event.objects.select_for_update().filter(number__in=numbers).order_by("number")
    return list(
        Event.objects.select_related(
            "category", "district", "street", "community", "log", "merged_into"
        )
        .defer(*POLYGONS)
        .filter(pk__in=list(locked.values_list("pk", flat=True)))
        .order_by("number")
    )
