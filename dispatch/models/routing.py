"""Routing rules: which departments take which events."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from dispatch.models.assignment import AssignmentRole
from dispatch.models.people import Department, DepartmentKind
from events.models import Category, Priority
from geo.models import Area


class RoutingRule(models.Model):
    """Where events of a kind go. An empty condition matches everything.

    The target is a department, or a kind of department found by jurisdiction at the place.
    """

    name = models.CharField(_("名称"), max_length=120)
    active = models.BooleanField(_("启用"), default=True)
    order = models.PositiveIntegerField(_("次序"), default=100)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, verbose_name=_("分类（含下级）")
    )
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, verbose_name=_("区域（含下级）")
    )
    priority = models.CharField(_("优先级"), max_length=2, choices=Priority, blank=True)
    source = models.CharField(_("来源"), max_length=40, blank=True)
    hours_from = models.TimeField(_("时段起"), null=True, blank=True)
    hours_to = models.TimeField(_("时段止"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("派遣规则")
        verbose_name_plural = _("派遣规则")
        ordering = ["order", "id"]

    def __str__(self):
        return self.name


class RoutingTarget(models.Model):
    """One department that a rule names."""

    rule = models.ForeignKey(RoutingRule, models.CASCADE, related_name="targets")
    role = models.CharField(_("角色"), max_length=8, choices=AssignmentRole)
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True)
    kind = models.CharField(_("按辖区"), max_length=20, choices=DepartmentKind, blank=True)
    required = models.BooleanField(_("须办结"), default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("派遣对象")
        verbose_name_plural = _("派遣对象")
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False) ^ ~Q(kind=""), name="target_one_of"
            )
        ]

    def __str__(self):
        return f"{self.role} {self.department or self.kind}"
