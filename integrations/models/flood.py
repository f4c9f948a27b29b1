"""Flood control: stations, what they read and the alarms that follow."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Category, Event
from geo.models import Area
from integrations.models.source import Source
from integrations.models.warning import ResponseLevel, Warning


class StationKind(models.TextChoices):
    """What stands there."""

    WATERLOGGING = "waterlogging", _("水浸点")
    UNDERPASS = "underpass", _("涵隧")
    RIVER = "river", _("河道")
    RESERVOIR = "reservoir", _("水库")
    SLUICE = "sluice", _("闸坝")
    DYKE = "dyke", _("堤防")
    RAIN = "rain", _("雨量站")
    PUMP = "pump", _("泵站")
    OTHER = "other", _("其他")


class Station(models.Model):
    """A measuring station of a source; WGS-84 degrees.

    `quantity` (integrations/flood/data/quantities.csv) is what is watched, in its unit; the lines
    are in that unit too. An alarm begins at `warn`, is red from `red` and over below `clear`. A
    station that nobody has set up is kept and not `active`: its readings alarm nobody.
    """

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="stations", verbose_name=_("来源")
    )
    code = models.CharField(_("测站编码"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(
        _("类型"), max_length=20, choices=StationKind, default=StationKind.OTHER
    )
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    area = models.ForeignKey(
        Area, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("所在区域")
    )
    address = models.CharField(_("地址"), max_length=300, blank=True)
    quantity = models.CharField(_("监测要素"), max_length=20, blank=True)
    # Where a level gauge stands in a road: metres of level at which the road is dry.
    zero = models.FloatField(_("零点高程（米）"), default=0)
    warn = models.FloatField(_("警戒线"), null=True, blank=True)
    red = models.FloatField(_("红色线（超保证）"), null=True, blank=True)
    clear = models.FloatField(_("解除线"), null=True, blank=True)
    step = models.FloatField(_("再报涨幅"), default=5)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("事件分类"),
    )
    active = models.BooleanField(_("报警启用"), default=False)

    # The newest that it said: the watched value, or the words' degree (0 none … 3 severe).
    last_at = models.DateTimeField(null=True, editable=False)
    last_value = models.FloatField(null=True, editable=False)
    last_degree = models.PositiveSmallIntegerField(null=True, editable=False)
    heard_at = models.DateTimeField(null=True, editable=False)
    fault = models.CharField(max_length=200, blank=True, editable=False)
    # Who moved a line. What the station says goes by without a row here.
    history = HistoricalRecords(
        excluded_fields=["last_at", "last_value", "last_degree", "heard_at", "fault"]
    )

    class Meta:
        verbose_name = _("监测站")
        verbose_name_plural = _("监测站")
        ordering = ["source", "code"]
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="station_code")]

    def __str__(self):
        return self.name or self.code


class Reading(models.Model):
    """One value of one quantity at one time; what was stored first stays."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="readings")
    quantity = models.CharField(max_length=20)
    at = models.DateTimeField()
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "quantity", "at"], name="reading_once")
        ]

    def __str__(self):
        return f"{self.station_id} {self.quantity} {self.value}"


class Alarm(models.Model):
    """A station over its line, from the first reading over it until it ends: one event.

    `level` is 1 over the warning line, 2 over the red one. `cleared_at` is when the water was gone;
    only a person closes the event, and `ended_at` is when the alarm has nothing more to do with it:
    a rise after that is another alarm.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="alarms")
    event = models.ForeignKey(Event, models.PROTECT, related_name="alarms")
    opened_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=1)
    peak = models.FloatField(null=True)
    peak_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    last_value = models.FloatField(null=True)
    below_since = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What the room was told last, and the highest value since.
    told_at = models.DateTimeField()
    told_value = models.FloatField(null=True)
    high = models.FloatField(null=True)
    silence_told = models.BooleanField(default=False)
    # The lowest value since a person ended the event under water.
    base = models.FloatField(null=True)
    warnings = models.ManyToManyField(Warning, related_name="alarms")
    levels = models.ManyToManyField(ResponseLevel, related_name="alarms")

    class Meta:
        verbose_name = _("监测报警")
        verbose_name_plural = _("监测报警")
        constraints = [
            models.UniqueConstraint(
                fields=["station"], condition=Q(ended_at__isnull=True), name="alarm_one_open"
            )
        ]

    def __str__(self):
        return f"{self.station_id} {self.opened_at:%Y-%m-%d %H:%M}"
