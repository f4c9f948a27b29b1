from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from geo import geojson
from geo.dataset import Dataset, Versioned, VersionedQuerySet

__all__ = ["AddressRange", "Area", "Dataset", "Place", "Road"]


class AreaQuerySet(VersionedQuerySet):
    def current(self):
        """The areas that are valid now."""
        return self.filter(valid_to=None)

    def within(self, code):
        """The area with this code and everything below it: codes are prefixes of their children."""
        return self.filter(code__startswith=code)


class Area(Versioned):
    """District > street > community > grid. The row without `valid_to` is the current one and keeps
    its id when its boundary changes; what it was before stays as a closed row of the same code."""

    class Level(models.TextChoices):
        DISTRICT = "district", _("区")
        STREET = "street", _("街道")
        COMMUNITY = "community", _("社区")
        GRID = "grid", _("网格")

    dataset = Dataset.Name.AREAS

    code = models.CharField(_("编码"), max_length=16, db_index=True)
    name = models.CharField(_("名称"), max_length=64)
    level = models.CharField(_("级别"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    polygon = models.JSONField(_("边界"), help_text=_("GeoJSON,WGS-84,经度在前"))
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    attributes = models.JSONField(_("属性"), default=dict, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("区域")
        verbose_name_plural = _("区域")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="geo_area_one_current"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="geo_area_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["level", "code"], name="geo_area_level")]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse a boundary that no point could be looked up in."""
        try:
            geojson.polygon(self.polygon)
        except geojson.DataError as error:
            raise ValidationError({"polygon": str(error)}) from error

    @property
    def chain(self):
        """The codes from the district down to this area: 440104, 440104001, 440104001112."""
        return [self.code[:n] for n in (6, 9, 12, 15) if n < len(self.code)] + [self.code]


class Place(Versioned):
    """A named point: camera, police station, hospital, shelter…; WGS-84 degrees."""

    class Kind(models.TextChoices):
        CAMERA = "camera", _("摄像头")
        POLICE_STATION = "police_station", _("派出所")
        POLICE_OTHER = "police_other", _("其他公安机构")
        STREET_OFFICE = "street_office", _("街道办事处")
        COMMITTEE = "committee", _("社区居委会")
        FIRE_STATION = "fire_station", _("消防站")
        HOSPITAL = "hospital", _("医院")
        SCHOOL = "school", _("学校")
        SHELTER = "shelter", _("避难场所")
        WATER_POINT = "water_point", _("水浸点")
        UNDERPASS = "underpass", _("涵隧")
        PUMP_STATION = "pump_station", _("泵站")
        RAIN_GAUGE = "rain_gauge", _("雨量站")
        WATER_GAUGE = "water_gauge", _("水位站")
        HYDRANT = "hydrant", _("消火栓")
        METRO_STATION = "metro_station", _("地铁站")
        PARK = "park", _("公园")
        LANDMARK = "landmark", _("地标")
        OTHER = "other", _("其他")

    dataset = Dataset.Name.PLACES

    external_id = models.CharField(_("来源编号"), max_length=64, blank=True, db_index=True)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    name = models.CharField(_("名称"), max_length=128)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    lon = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))
    area = models.ForeignKey(
        Area,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="places",
        verbose_name=_("所在区域"),
    )
    attributes = models.JSONField(_("属性"), default=dict, blank=True)
    source = models.CharField(_("来源"), max_length=255, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("地点")
        verbose_name_plural = _("地点")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="geo_place_external_id"
            ),
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90)), name="geo_place_on_earth"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "lat", "lon"], name="geo_place_kind_position"),
            models.Index(fields=["lat", "lon"], name="geo_place_position"),
        ]

    def __str__(self):
        return self.name


class Road(Versioned):
    """A road by name, with other names for it and, where known, its centreline (WGS-84)."""

    dataset = Dataset.Name.ADDRESSES

    name = models.CharField(_("名称"), max_length=64, unique=True)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    line = models.JSONField(_("中心线"), null=True, blank=True, help_text=_("GeoJSON,WGS-84"))
    accuracy_m = models.FloatField(_("中心线精度(米)"), default=20)
    source = models.CharField(_("来源"), max_length=255, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("道路")
        verbose_name_plural = _("道路")
        ordering = ["name"]

    def __str__(self):
        return self.name


class AddressRange(Versioned):
    """House numbers of a road that belong to a street; without numbers, the whole road."""

    class Parity(models.TextChoices):
        ALL = "all", _("全部")
        ODD = "odd", _("单号")
        EVEN = "even", _("双号")

    dataset = Dataset.Name.ADDRESSES

    external_id = models.CharField(_("来源编号"), max_length=64, blank=True)
    road = models.ForeignKey(
        Road, on_delete=models.CASCADE, related_name="ranges", verbose_name=_("道路")
    )
    street = models.ForeignKey(
        Area, on_delete=models.CASCADE, related_name="address_ranges", verbose_name=_("街道")
    )
    from_no = models.PositiveIntegerField(_("起始门牌"), null=True, blank=True)
    to_no = models.PositiveIntegerField(_("终止门牌"), null=True, blank=True)
    parity = models.CharField(_("单双号"), max_length=4, choices=Parity, default=Parity.ALL)
    building = models.CharField(_("楼宇"), max_length=64, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("门牌范围")
        verbose_name_plural = _("门牌范围")
        ordering = ["road", "from_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="geo_range_external_id"
            ),
            models.CheckConstraint(
                condition=Q(from_no=None, to_no=None) | Q(to_no__gte=F("from_no")),
                name="geo_range_numbers_in_order",
            ),
        ]

    def __str__(self):
        if self.from_no is None:
            return f"{self.road} → {self.street}"
        return f"{self.road} {self.from_no}-{self.to_no} → {self.street}"
