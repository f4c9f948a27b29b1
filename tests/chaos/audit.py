"""Every row of a database against every other: `python -m tests.chaos.audit` prints what is wrong.

It prints a JSON list of sentences, [] when all is well.
"""

import json
import os
from collections import Counter

import django


def logs():
    """Offsets are gapless, and the log's top is the last."""
    from events.models import Log, TimelineEntry

    for log in Log.objects.all():
        entries = TimelineEntry.objects.filter(log=log).order_by("offset")
        offsets = list(entries.values_list("offset", flat=True))
        if offsets != list(range(1, log.top + 1)):
            yield f"log {log.code}: top {log.top}, {len(offsets)} entries"


def events():
    """Seqs are gapless; who must act and by when is there; nothing came twice."""
    from dispatch.deadlines import RUNNING
    from dispatch.models import AssignmentRole, DeadlineState
    from events.models import OPEN_STATES, Event

    calls = Counter()
    for event in Event.objects.prefetch_related("timeline", "assignments", "deadlines"):
        calls[event.text] += 1
        seqs = sorted(entry.seq for entry in event.timeline.all())
        if seqs != list(range(1, event.last_seq + 1)) or not seqs:
            yield f"{event}: seqs {seqs}, last {event.last_seq}"
        kinds = Counter(entry.kind for entry in event.timeline.all())
        for kind in ("registered", "located", "routed", "dispatched"):
            if kinds[kind] != 1:
                yield f"{event}: {kinds[kind]} entries {kind}"
        if event.state not in OPEN_STATES:
            continue
        roles = [row.role for row in event.assignments.all() if row.current]
        if roles.count(AssignmentRole.LEAD) != 1:
            yield f"{event}: assigned to {roles}"
        running = {row.stage for row in event.deadlines.all() if row.state == DeadlineState.LIVE}
        if running != set(RUNNING[event.state]):
            yield f"{event}: {event.state} with deadlines {running}"
    for text, count in calls.items():
        if count > 1:
            yield f"{count} times: {text}"


def keys():
    """No Idempotency-Key without its answer."""
    from dispatch.models import IdempotencyKey

    for key in IdempotencyKey.objects.exclude(status__in=(200, 201)):
        yield f"key {key}: status {key.status}"


def files():
    """Every attachment has its file."""
    from events.models import Attachment

    for attachment in Attachment.objects.all():
        for file in (attachment.file, attachment.thumbnail):
            if not file.storage.exists(file.name):
                yield f"{attachment}: no {file.name}"


def pages():
    """SQLite finds its file in order."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for check, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                found = cursor.execute(f"PRAGMA {check}").fetchall()
                if found != good:
                    yield f"{check}: {found}"


def main():
    """Print everything that is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print(json.dumps([line for check in (logs, events, keys, files, pages) for line in check()]))


if __name__ == "__main__":
    main()
