"""Tables that people upload: the file, its rows, and what became of each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.inbox import InboundMessage
from integrations.models.source import Source


class BatchState(models.TextChoices):
    """Where an upload stands: looked at, waiting for the clock, running, ended, given up."""

    DRAFT = "draft", _("待确认")
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("处理中")
    DONE = "done", _("已完成")
    DISCARDED = "discarded", _("已放弃")


class BatchUpload(models.Model):
    """A table that a person uploaded as if `source` had sent it: `header` and `total` rows.

    `busy_until`: a clock works on it until then.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    name = models.CharField(_("文件名"), max_length=200)
    body = models.BinaryField()
    header = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.DRAFT)
    total = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("批量导入")
        verbose_name_plural = _("批量导入")
        indexes = [
            models.Index(
                fields=["begun_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="batch_open",
            )
        ]

    def __str__(self):
        return self.name


class RowState(models.TextChoices):
    """What became of a row; `known` has come before, word for word."""

    WAITING = "waiting", _("待处理")
    DONE = "done", _("已导入")
    KNOWN = "known", _("以前导入过")
    FAILED = "failed", _("有误")


class BatchRow(models.Model):
    """A row: its line in the file, its cells in the order of the header, its message.

    A row that could be read became a message; what is wrong with it is told by `reason`.
    """

    upload = models.ForeignKey(BatchUpload, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    state = models.CharField(max_length=8, choices=RowState, default=RowState.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    message = models.ForeignKey(InboundMessage, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "line"], name="batch_row_line")]
        indexes = [models.Index(fields=["upload", "state", "line"], name="batch_row_state")]

    def __str__(self):
        return f"{self.upload_id}/{self.line}"
