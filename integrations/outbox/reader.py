"""Reading the timeline: each entry once, its messages and the cursor in one transaction."""

import logging
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import override

from events import moment
from events.models import Log, TimelineEntry
from integrations.models import OutboundMessage, OutboxCursor
from integrations.outbox.answers import answers, trace
from integrations.outbox.notices import notices
from integrations.outbox.pushes import pushes
from integrations.outbox.quiet import quieten
from integrations.outbox.scene import Scene

PAGE = 200
log = logging.getLogger("xianfeng.outbox")
AREAS = ("event__street", "event__community")


def read(until):
    """Make the messages of every new entry of every log, until `until` (`time.monotonic`).

    Several processes may read: one reads a log at a time, the others pass over it.
    """
    for log_id in behind():
        while read_page(log_id) == PAGE and monotonic() < until:
            pass


def behind():
    """The ids of the logs that have entries which were not read."""
    cursor = OutboxCursor.objects.filter(log=OuterRef("pk")).values("offset")
    logs = Log.objects.annotate(read=Subquery(cursor[:1]))
    found = list(
        logs.filter(Q(read__isnull=True, top__gt=0) | Q(read__lt=F("top")))
        .order_by("pk")
        .values_list("pk", "read")
    )
    for log_id, offset in found:
        if offset is None:
            OutboxCursor.objects.get_or_create(log_id=log_id)
    return [log_id for log_id, _offset in found]


def read_page(log_id):
    """Read the next entries of a log; how many. 0: there are none, or somebody else reads it.
    Fewer than PAGE: then those were all.

    An entry that cannot be turned into messages is reported and passed over, alone.
    """
    try:
        return _read(log_id, PAGE)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.error(
            "a page of entries could not be read, each is tried alone: %s",
            type(error).__name__,
            extra={"fields": {"log": log_id, "at": trace(error)}},
        )
    return sum(1 for _turn in range(PAGE) if _read(log_id, 1, pass_over=True))


def _read(log_id, size, pass_over=False):
    with transaction.atomic():
        cursor = OutboxCursor.objects.select_for_update(skip_locked=True).filter(log=log_id).first()
        if cursor is None:
            return 0
        entries = list(_after(cursor)[:size])
        if not entries:
            return 0
        try:
            with transaction.atomic(), override(settings.LANGUAGE_CODE):
                _make(entries)
        except Exception as error:
            if not pass_over or isinstance(error, OperationalError | InterfaceError):
                raise
            log.error(
                "an entry was passed over, nobody is told of it: %s",
                type(error).__name__,
                extra={"fields": {"entry": entries[0].pk, "at": trace(error)}},
            )
        cursor.offset = entries[-1].offset
        cursor.save(update_fields=["offset"])
        return len(entries)


def _after(cursor):
    return (
        TimelineEntry.objects.filter(log=cursor.log_id, offset__gt=cursor.offset)
        .select_related("event__category", "event__log", *AREAS)
        .defer("audience", "leavers", "changes", *(f"{area}__polygon" for area in AREAS))
        .order_by("offset")
    )


def _make(entries):
    scene = Scene(entries, moment.now())
    rows = [*answers(scene), *notices(scene), *pushes(scene)]
    quieten(rows, scene.at)
    # A key that is there was made from the same entry, before somebody set the cursor back.
    OutboundMessage.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
