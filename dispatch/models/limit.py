"""How long each stage may take, and the days on which the working clock runs."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from events.models import Category


class Stage(models.TextChoices):
    """What a deadline is for: the stages of an event, and what else the clock waits for."""

    RESPOND = "respond", _("响应")
    HANDLE = "handle", _("处置")
    VERIFY = "verify", _("核查")
    # A sign of life of a department that has claimed; an answer to an instruction; an objection.
    LIFE = "life", _("签收后动静")
    ANSWER = "answer", _("批示回复")
    CLOSE = "close", _("自动结案")


# The stages of an event's life: what people mean by its deadlines.
LIMITED = (Stage.RESPOND, Stage.HANDLE, Stage.VERIFY)


class LimitType(models.TextChoices):
    """How a limit's clock runs; the working calendar stands still outside working hours."""

    URGENT_MINUTE = "urgent_minute", _("紧急分钟")
    URGENT_HOUR = "urgent_hour", _("紧急小时")
    URGENT_DAY = "urgent_day", _("自然日")
    WORK_HOUR = "work_hour", _("工作小时")
    WORK_DAY = "work_day", _("工作日")


class LimitRule(models.Model):
    """How long a stage may take for a class; the condition tells rows of a class apart."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="limits")
    stage = models.CharField(max_length=8, choices=Stage)
    condition = models.CharField(_("立案条件"), max_length=300, blank=True)
    closing = models.CharField(_("结案条件"), max_length=300, blank=True)
    value = models.FloatField(_("时限"))
    limit_type = models.CharField(_("时限类型"), max_length=14, choices=LimitType)
    default = models.BooleanField(_("默认"), default=False)

    class Meta:
        verbose_name = _("时限规则")
        verbose_name_plural = _("时限规则")
        ordering = ["category", "stage", "-default", "id"]

    def __str__(self):
        return f"{self.category} {self.get_stage_display()} {self.value:g}"


class Holiday(models.Model):
    """A day that differs from the weekly pattern: a day off, or a make-up workday (调休)."""

    day = models.DateField(unique=True)
    working = models.BooleanField(_("上班"), default=False)
    name = models.CharField(_("名称"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("节假日")
        verbose_name_plural = _("节假日")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.name}"


class CalendarEdition(models.Model):
    """One row: how often the holidays were changed. A deadline of an older edition is reckoned
    anew by the clock."""

    number = models.PositiveIntegerField(default=0)

    def __str__(self):
        return str(self.number)

    @classmethod
    def advance(cls):
        """The holidays have changed, in this transaction."""
        if not cls.objects.update(number=F("number") + 1):
            cls.objects.create(pk=1, number=1)
