"""A table is handed in, and confirmed or given up."""

from django.utils.translation import gettext as _

from dispatch.problem import Conflict
from events import moment
from integrations.batch.preview import preview_of
from integrations.models import BatchState, BatchUpload
from integrations.reading import sheet
from integrations.sources import Unreadable, kinds

MAX_BYTES = 20 * 1024 * 1024


def source_kinds():
    """The names of the kinds whose sources take tables."""
    return [name for name, kind in kinds().items() if kind.columns]


def take(source, name, body, by):
    """The new BatchUpload of a CSV or XLSX file (bytes), a draft until `begin`; `by` is the User.

    Raises Unreadable when it is no table, too large, or has no row that the source can read.
    """
    if len(body) > MAX_BYTES:
        raise Unreadable(_("文件超过 {mb} MB，请拆分后再传。").format(mb=MAX_BYTES // 1024 // 1024))
    found = preview_of(source, sheet.table(body, "", source.encoding))
    if not found.rows:
        raise Unreadable(_("表格只有表头，没有数据。"))
    if found.errors == len(found.rows) and not any(column.meaning for column in found.columns):
        raise Unreadable(
            _("表头里没有本来源认识的列：{names}。").format(
                names="、".join(column.name for column in found.columns[:10])
            )
        )
    return BatchUpload.objects.create(
        source=source,
        name=name[:200],
        body=body,
        uploaded_by=by,
        uploaded_at=moment.now(),
        total=found.total,
    )


def begin(upload):
    """Confirm a draft: the clock takes it from here. Raises Conflict when it is no draft."""
    move(upload, BatchState.DRAFT, BatchState.QUEUED, begun_at=moment.now())


def discard(upload):
    """Give up a draft, and forget its file. Raises Conflict when it is no draft."""
    move(upload, BatchState.DRAFT, BatchState.DISCARDED, ended_at=moment.now(), body=b"")


def move(upload, before, after, **fields):
    """Bring an upload into its next state. Raises Conflict when somebody else has."""
    moved = BatchUpload.objects.filter(pk=upload.pk, state=before).update(state=after, **fields)
    if not moved:
        raise Conflict(_("这次批量导入的状态已变，请刷新。"))
    upload.state = after
    for name, value in fields.items():
        setattr(upload, name, value)
