"""Departments, their jurisdiction, and the people in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from geo.models import Area


class DepartmentKind(models.TextChoices):
    """What a department is for; routing rules name kinds and jurisdiction finds the department."""

    EMERGENCY_OFFICE = "emergency_office", _("街道应急办")
    POLICE = "police", _("派出所")
    CITY_MANAGEMENT = "city_management", _("城管执法")
    COMMITTEE = "committee", _("社区居委会")
    COMMAND_CENTRE = "command_centre", _("指挥中心")
    WATER = "water", _("水务")
    TRAFFIC_POLICE = "traffic_police", _("交警")
    FIRE = "fire", _("消防")
    HEALTH = "health", _("卫健")
    CIVIL_AFFAIRS = "civil_affairs", _("民政")
    MUNICIPAL = "municipal", _("市政")
    ENVIRONMENT = "environment", _("生态环境")
    MARKET = "market", _("市场监管")
    HOUSING = "housing", _("住建")
    URBAN_MANAGEMENT = "urban_management", _("区城管局")
    FLOOD_CONTROL = "flood_control", _("三防办")
    UTILITY = "utility", _("公用事业")
    OTHER = "other", _("其他")


class Department(models.Model):
    """An office with a jurisdiction: the areas whose events it handles."""

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=20, choices=DepartmentKind)
    areas = models.ManyToManyField(Area, related_name="+", verbose_name=_("辖区"), blank=True)
    # Where events go that nobody else takes; looked up street first, then district.
    fallback = models.BooleanField(_("兜底"), default=False)
    active = models.BooleanField(_("启用"), default=True)
    phone = models.CharField(_("值班电话"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    """What a person may do; the policy is dispatch/access.py."""

    GRID_WORKER = "grid_worker", _("网格员")
    OFFICER = "officer", _("值班员")
    SUPERVISOR = "supervisor", _("督导")
    DISPATCHER = "dispatcher", _("派遣员")
    AUDITOR = "auditor", _("审计")
    ADMIN = "admin", _("系统管理员")


class Officer(models.Model):
    """A user's place in the district: role, department, own areas."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="officer")
    name = models.CharField(_("姓名"), max_length=60)
    role = models.CharField(_("角色"), max_length=12, choices=Role)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="officers"
    )
    areas = models.ManyToManyField(Area, related_name="+", blank=True, verbose_name=_("责任区域"))
    phone = models.CharField(_("电话"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ["user__username"]

    def __str__(self):
        return self.name


class WorkGroup(models.Model):
    """The people of a department who share one line of work and one duty roster."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="groups")
    name = models.CharField(_("名称"), max_length=80)
    members = models.ManyToManyField(Officer, related_name="groups", blank=True)
    default = models.BooleanField(_("默认工作群"), default=True)

    class Meta:
        verbose_name = _("工作群")
        verbose_name_plural = _("工作群")
        constraints = [
            models.UniqueConstraint(
                fields=["department"], condition=Q(default=True), name="group_default"
            )
        ]

    def __str__(self):
        return self.name
