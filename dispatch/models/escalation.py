"""Escalation policies: who is told when, while a deadline runs."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from dispatch.models.limit import Stage
from dispatch.models.people import Department
from events.models import Category, Priority

AFTER = re.compile(r"(?:(?P<percent>\d{1,4})%|(?P<warn>warn))?(?:(?P<minutes>[+-]?\d{1,6})m)?")
REPEATS_MOST = 20


def check_after(text):
    """Raises ValidationError for what is no moment of a step."""
    if not text or not AFTER.fullmatch(text):
        raise ValidationError(
            _("应为时限的百分比、分钟或临期，例如 50%、30m、100%+30m、warn、warn-10m。")
        )


class Notify(models.TextChoices):
    """Whom a step tells. A word for the outbox, which knows who that is at that moment."""

    CLAIMER = "claimer", _("签收人")
    GROUP = "group", _("工作群")
    HEAD = "head", _("部门负责人")
    STREET = "street", _("街道督导")
    DISTRICT = "district", _("区级督导")
    DEPARTMENT = "department", _("指定部门")


class EscalationPolicy(models.Model):
    """Steps for a stage, of events of a class (with all below it) and priority.

    Of the active policies that match, the one of the nearest class counts, then one that names the
    priority, then the first in order. One without steps tells nobody.
    """

    name = models.CharField(_("名称"), max_length=80, unique=True)
    active = models.BooleanField(_("启用"), default=True)
    order = models.PositiveIntegerField(_("次序"), default=100)
    stage = models.CharField(_("阶段"), max_length=8, choices=Stage)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, verbose_name=_("分类（含下级）")
    )
    priority = models.CharField(_("优先级"), max_length=2, choices=Priority, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("升级策略")
        verbose_name_plural = _("升级策略")
        ordering = ["stage", "order", "id"]

    def __str__(self):
        return self.name


class PolicyStep(models.Model):
    """When, and whom. `after` is a share of the limit on its own clock, with minutes on the wall
    clock if any: `50%`, `100%+30m`, `10m` (since the start); `warn` is the 临期 moment.

    `channel` is a word for the outbox; empty leaves the choice to it.
    """

    class Effect(models.TextChoices):
        TELL = "", _("通知")
        EXPIRE = "expire", _("签收失效")

    policy = models.ForeignKey(EscalationPolicy, models.CASCADE, related_name="steps")
    after = models.CharField(_("何时"), max_length=20, validators=[check_after])
    notify = models.CharField(_("通知谁"), max_length=10, choices=Notify)
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, verbose_name=_("指定部门")
    )
    channel = models.SlugField(_("渠道"), max_length=40, blank=True)
    repeat_minutes = models.PositiveIntegerField(_("重复间隔（分钟）"), default=0)
    repeat_times = models.PositiveSmallIntegerField(_("重复次数"), default=0)
    effect = models.CharField(
        _("作用"), max_length=8, choices=Effect, default=Effect.TELL, blank=True
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("升级步骤")
        verbose_name_plural = _("升级步骤")
        ordering = ["policy", "id"]

    def __str__(self):
        return f"{self.after} → {self.notify}"

    def clean(self):
        """Refuse a named department without a name, and repeats without an interval."""
        if (self.notify == Notify.DEPARTMENT) != (self.department_id is not None):
            raise ValidationError({"department": _("只有“指定部门”需要且必须选择部门。")})
        if bool(self.repeat_minutes) != bool(self.repeat_times):
            raise ValidationError({"repeat_minutes": _("重复间隔和次数须同时填写。")})
        if self.repeat_times > REPEATS_MOST:
            raise ValidationError(
                {"repeat_times": _("最多重复 %(most)d 次。") % {"most": REPEATS_MOST}}
            )
        if self.effect == self.Effect.EXPIRE and self.policy.stage != Stage.LIFE:
            raise ValidationError({"effect": _("签收失效只用于“签收后动静”阶段。")})
