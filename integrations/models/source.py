"""A source of events: who it is, how it signs, and what its words mean here."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Source(models.Model):
    """An outside system that sends events; `code` is its address `/feeds/<code>/` and Event.source.

    `kind` is a folder of integrations/sources, `scheme` a module of integrations/signatures.
    `axes` tells which of two coordinate fields is the longitude: "xy" as named, "yx" swapped.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=20)
    active = models.BooleanField(_("启用"), default=True)
    scheme = models.CharField(_("签名方式"), max_length=20, default="standard")
    crs = models.CharField(_("坐标系"), max_length=10, default="WGS84")
    axes = models.CharField(
        _("坐标轴次序"),
        max_length=2,
        choices=[("xy", _("X 为经度")), ("yx", _("X 为纬度"))],
        default="xy",
    )
    time_zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    encoding = models.CharField(_("默认编码"), max_length=20, default="utf-8")
    max_bytes = models.PositiveIntegerField(_("单条上限（字节）"), default=8 * 1024 * 1024)
    per_minute = models.PositiveIntegerField(_("每分钟上限"), default=1200)
    skew_seconds = models.PositiveIntegerField(_("时钟偏差上限（秒）"), default=300)
    # What this kind of source needs besides, e.g. where its answers go; see the kind's docstring.
    options = models.JSONField(_("参数"), default=dict, blank=True)

    pull_every_s = models.PositiveIntegerField(_("拉取间隔（秒，0 为不拉取）"), default=0)
    pull_next_at = models.DateTimeField(null=True, editable=False, db_index=True)
    pull_cursor = models.JSONField(default=dict, editable=False)
    pull_error = models.CharField(max_length=500, blank=True, editable=False)
    pull_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    # Deliveries that were not let in leave only this trace: anybody could fill a disk with them.
    refused = models.PositiveIntegerField(default=0, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    refused_why = models.CharField(max_length=200, blank=True, editable=False)

    # Who changed which setting; options may hold keys, the others are written by processes.
    history = HistoricalRecords(
        excluded_fields=[
            "options",
            "pull_next_at",
            "pull_cursor",
            "pull_error",
            "pull_failures",
            "refused",
            "refused_at",
            "refused_why",
        ]
    )

    class Meta:
        verbose_name = _("来源")
        verbose_name_plural = _("来源")
        ordering = ["code"]

    def __str__(self):
        return self.name


class SourceSecret(models.Model):
    """A key that the source signs with; several are valid while keys are rotated."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="secrets")
    secret = models.CharField(_("密钥"), max_length=200)
    expires_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("密钥")
        verbose_name_plural = _("密钥")

    def __str__(self):
        return f"{self.source_id}"


class Mapping(models.Model):
    """What a source's word means here, e.g. its class `0102` → our `event.0102`.

    `table` is category, department, priority or stage; `ours` is the code we use. A `theirs` that
    ends in `*` matches every word that begins so; the longest match wins.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="mappings")
    table = models.CharField(_("对照表"), max_length=20)
    theirs = models.CharField(_("对方的值"), max_length=200)
    ours = models.CharField(_("我方的值"), max_length=200)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("对照")
        verbose_name_plural = _("对照")
        ordering = ["table", "theirs"]
        constraints = [
            models.UniqueConstraint(fields=["source", "table", "theirs"], name="mapping_word")
        ]

    def __str__(self):
        return f"{self.table}: {self.theirs} → {self.ours}"
