"""The clock takes in what was confirmed, row by row."""

import logging
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError

from events import moment
from integrations.batch.preview import delivery_of, table_of
from integrations.batch.upload import move
from integrations.models import BatchRow, BatchState, BatchUpload, InboundState, RowState
from integrations.processing import deliver
from integrations.sources import Unreadable, kind_of

CHUNK, UNPACKED_AT_ONCE = 20, 1000
LEASE = timedelta(seconds=60)
ROW_SECONDS = 10.0
OPEN = (BatchState.QUEUED, BatchState.RUNNING)
log = logging.getLogger("xianfeng.inbox")


def advance(upload, n=CHUNK):
    """Go on with an upload: unpack it at first, then take in up to `n` rows; how many were.

    Another process that works on it keeps it to itself for a minute. A crash anywhere does nothing
    twice: what is a message already is known by it.
    """
    if not _claim(upload):
        return 0
    try:
        if upload.state == BatchState.QUEUED:
            _unpack(upload)
        rows = list(upload.rows.filter(state=RowState.WAITING).order_by("line")[:n])
        for row in rows:
            _take_in(upload, row)
        if len(rows) < n:
            move(upload, BatchState.RUNNING, BatchState.DONE, ended_at=moment.now(), body=b"")
        return len(rows)
    finally:
        BatchUpload.objects.filter(pk=upload.pk).update(busy_until=None)


def tick(seconds=5.0):
    """Go on with what was confirmed, the oldest first, for about `seconds`; how many rows."""
    end, taken = time.monotonic() + seconds, 0
    waiting = BatchUpload.objects.filter(state__in=OPEN).select_related("source").defer("body")
    for upload in list(waiting.order_by("begun_at")):
        while time.monotonic() < end and (count := advance(upload)):
            taken += count
    return taken


def _claim(upload):
    """Whether this process may go on with the upload; its state is read anew."""
    now = moment.now()
    free = BatchUpload.objects.filter(pk=upload.pk, state__in=OPEN).exclude(busy_until__gt=now)
    if not free.update(busy_until=now + LEASE):
        return False
    upload.refresh_from_db(fields=["state", "header"])
    return True


def _unpack(upload):
    """Write the rows, all of them before the first is taken in; a crash begins anew."""
    BatchRow.objects.filter(upload=upload).delete()
    try:
        table = table_of(upload)
    except Unreadable as problem:
        # The source's encoding was changed since the file was looked at.
        wrong = {"state": RowState.FAILED, "reason": str(problem)[:500]}
        header, rows = [], [BatchRow(upload=upload, line=1, cells=[], **wrong)]
    else:
        header = table.header
        rows = [
            BatchRow(upload=upload, line=line, cells=[cells.get(name, "") for name in header])
            for line, cells in table.rows
        ]
    for start in range(0, len(rows), UNPACKED_AT_ONCE):
        BatchRow.objects.bulk_create(rows[start : start + UNPACKED_AT_ONCE])
        BatchUpload.objects.filter(pk=upload.pk).update(busy_until=moment.now() + LEASE)
    move(upload, BatchState.QUEUED, BatchState.RUNNING, header=header, total=len(rows))


def _take_in(upload, row):
    """Make the row a message, and note what became of it."""
    source, delivery = upload.source, delivery_of(dict(zip(upload.header, row.cells, strict=True)))
    try:
        kind_of(source).read(source, delivery)
    except Unreadable as problem:
        _note(row, RowState.FAILED, str(problem))
        return
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # The inbox keeps what nobody has thought of, and says so; the next row is not to blame.
        log.error("a row is left to the inbox: %s", type(error).__name__)
    message, created = deliver(source, delivery, seconds=ROW_SECONDS)
    row.message = message
    if message.state == InboundState.QUARANTINED:
        _note(row, RowState.FAILED, message.reason)
    else:
        _note(row, RowState.DONE if created else RowState.KNOWN)


def _note(row, state, reason=""):
    row.state, row.reason = state, reason[:500]
    if state != RowState.FAILED:
        # The message has it; what citizens said is kept once.
        row.cells = []
    row.save(update_fields=["state", "reason", "message", "cells"])
