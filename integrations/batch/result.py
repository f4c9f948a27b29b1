"""What has become of an upload's rows."""

import csv
import io
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from integrations.models import InboundState, RowState

# Spreadsheets run what begins so.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A row whose message was put aside, and neither mended nor discarded since; or that became none.
WRONG = Q(state=RowState.FAILED) & (
    Q(message=None) | ~Q(message__state__in=[InboundState.DONE, InboundState.DISCARDED])
)


@dataclass(frozen=True)
class Progress:
    """How far an upload has come: `done` + `known` + `failed` of `total` rows.

    `known` rows had come before, word for word.
    """

    total: int
    done: int
    known: int
    failed: int

    @property
    def finished(self):
        """How many rows have been looked at."""
        return self.done + self.known + self.failed


def progress(upload):
    """The Progress of an upload: one query."""
    found = upload.rows.aggregate(
        seen=Count("pk", filter=~Q(state=RowState.WAITING)),
        known=Count("pk", filter=Q(state=RowState.KNOWN)),
        failed=Count("pk", filter=WRONG),
    )
    done = found["seen"] - found["known"] - found["failed"]
    return Progress(upload.total, done, found["known"], found["failed"])


def errors(upload):
    """The BatchRows that are not in, in the order of the file. One that was mended in the
    quarantine meanwhile is not among them."""
    return upload.rows.filter(WRONG).order_by("line")


def errors_csv(upload):
    """The rows that are not in as a CSV file (bytes, UTF-8 with a mark for spreadsheets): line and
    reason, then the columns of the file, to be put right and uploaded again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("行号"), _("原因"), *map(_harmless, upload.header)])
    for row in errors(upload):
        writer.writerow([row.line, _harmless(row.reason), *map(_harmless, row.cells)])
    return out.getvalue().encode("utf-8-sig")


def _harmless(text):
    text = str(text)
    return f"'{text}" if text.startswith(FORMULA) else text
