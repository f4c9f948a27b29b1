"""What operators did by hand, and when: with messages, keys and channels."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events import moment
from integrations.models.inbox import InboundMessage
from integrations.models.outbox import Channel, OutboundMessage
from integrations.models.source import Source


class Verb(models.TextChoices):
    """What was done."""

    READ = "read", _("查看正文")
    DOWNLOADED = "downloaded", _("下载原文")
    MENDED = "mended", _("修改来件")
    REPLAYED = "replayed", _("重放")
    REPLAYED_ALL = "replayed_all", _("批量重放")
    DISCARDED = "discarded", _("弃置")
    RESENT = "resent", _("重发")
    GAVE_UP = "gave_up", _("放弃发送")
    SECRET_ADDED = "secret_added", _("新增密钥")  # noqa: S105 - a verb
    SECRET_EXPIRED = "secret_expired", _("停用密钥")  # noqa: S105 - a verb
    OPTIONS = "options", _("修改参数")
    TESTED = "tested", _("发送测试消息")
    UPLOADED = "uploaded", _("上传文件")
    CONFIRMED = "confirmed", _("确认导入")
    DROPPED = "dropped", _("放弃导入")
    IMPORTED = "imported", _("导入对照表")


class OperatorAct(models.Model):
    """One act of a person. `detail` says how much or why; never a body, a name or a key.

    Changes of configuration are kept by the histories of Source, Mapping and Channel.
    """

    at = models.DateTimeField(default=moment.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=16, choices=Verb)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="acts")
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, related_name="acts")
    inbound = models.ForeignKey(InboundMessage, models.SET_NULL, null=True, related_name="acts")
    outbound = models.ForeignKey(OutboundMessage, models.SET_NULL, null=True, related_name="acts")
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        indexes = [
            models.Index(fields=["-at", "-id"], name="operator_act_at"),
            # What was done with a source itself, among much that was done with its messages.
            models.Index(
                fields=["source", "-at"], condition=Q(inbound=None), name="operator_act_source"
            ),
        ]

    def __str__(self):
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
