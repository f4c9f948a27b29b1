"""Files that came to nothing: uploads no event took, and files whose row was rolled back."""

import re
import uuid
from datetime import UTC, timedelta
from functools import partial
from itertools import islice

from django.db import transaction

from events.models import Attachment

FILES, THUMBNAILS = "attachments", "thumbnails"
# An upload waits this long for its report; a phone may be offline between the two.
KEPT = timedelta(hours=24)
# How many past days' folders are compared with the rows.
LOOK_BACK = 3
BATCH = 200
# A file is named by the id of its row.
OURS = re.compile(r"([0-9a-f]{32})\.\w+$")


def storage():
    """Where attachments lie."""
    return Attachment._meta.get_field("file").storage


def discard(names):
    """Delete stored files; one that is gone already is no fault."""
    for name in names:
        storage().delete(name)


def withdraw(attachment):
    """Delete an attachment that no event has, and its files after the commit."""
    with transaction.atomic():
        if Attachment.objects.filter(pk=attachment.pk, event__isnull=True).delete()[0]:
            transaction.on_commit(partial(discard, _names([attachment])))


def _names(rows):
    return [file.name for row in rows for file in (row.file, row.thumbnail) if file]


def sweep(now, look_back=LOOK_BACK):
    """Delete unbound attachments older than a day, and files of past days without a row.

    Returns how many (attachments, files without a row) went. Files go only after the commit of
    their rows' deletion. A `look_back` of N days repairs what N days of standstill left.
    """
    return _sweep_unbound(now), _sweep_strays(now, look_back)


def _sweep_unbound(now):
    gone = 0
    while True:
        with transaction.atomic():
            rows = list(
                Attachment.objects.select_for_update(of=("self",))
                .filter(event__isnull=True, created_at__lt=now - KEPT)
                .order_by("created_at")[:BATCH]
            )
            Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
            transaction.on_commit(partial(discard, _names(rows)))
        gone += len(rows)
        if len(rows) < BATCH:
            return gone


def _sweep_strays(now, look_back):
    """Only whole days that ended a day ago: no upload can still be on its way there."""
    newest = (now - 2 * KEPT).astimezone(UTC).date()
    gone = 0
    for back in range(look_back):
        day = f"{newest - timedelta(days=back):%Y/%m/%d}"
        for folder in (FILES, THUMBNAILS):
            strays = _strays(f"{folder}/{day}")
            discard(strays)
            gone += len(strays)
    return gone


def _strays(folder):
    """Names in a folder whose row, known by the file's name, does not exist."""
    try:
        _folders, files = storage().listdir(folder)
    except FileNotFoundError:
        return []
    ids = {uuid.UUID(name[1]): file for file in files if (name := OURS.match(file))}
    strays = []
    for batch in batched(ids, BATCH):
        kept = set(Attachment.objects.filter(pk__in=batch).values_list("pk", flat=True))
        strays += [f"{folder}/{ids[pk]}" for pk in batch if pk not in kept]
    return strays


def batched(items, size):
    """Lists of at most `size` items."""
    items = iter(items)
    return iter(lambda: list(islice(items, size)), [])
