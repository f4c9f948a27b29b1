"""What the weather service warns of, and the level at which flood control responds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.models.source import Source


class Colour(models.TextChoices):
    """The colours of warning signals, the worst first; not every scheme has all of them."""

    RED = "red", _("红色")
    ORANGE = "orange", _("橙色")
    YELLOW = "yellow", _("黄色")
    BLUE = "blue", _("蓝色")


class Warning(models.Model):
    """One message of a chain of warnings (CAP 1.2), kept as it was said.

    `chain` is the id of the chain's first row here. `current`: it is the newest of its chain, warns
    of something real and was not taken back; whether it is in force besides depends on `expires`.
    `places` is what it says of its areas: [{name, geocodes: [[name, value]]}], `codes` those of the
    division (GB/T 2260) among them, without zeros at their end, `geometry` a GeoJSON MultiPolygon
    (WGS-84) or None. `here`: it touches the district; None when it does not say where it is.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="warnings")
    sender = models.CharField(max_length=200)
    identifier = models.CharField(max_length=200)
    sent = models.DateTimeField()
    status = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    scope = models.CharField(max_length=20, blank=True)
    all_clear = models.BooleanField(default=False)
    orphan = models.BooleanField(default=False)
    chain = models.BigIntegerField(null=True, db_index=True)
    current = models.BooleanField(default=False)

    language = models.CharField(max_length=20, blank=True)
    name = models.CharField(_("灾种"), max_length=80, blank=True)
    name_code = models.CharField(max_length=40, blank=True)
    colour = models.CharField(_("颜色"), max_length=8, choices=Colour, blank=True)
    severity = models.CharField(max_length=20, blank=True)
    urgency = models.CharField(max_length=20, blank=True)
    certainty = models.CharField(max_length=20, blank=True)
    issuer = models.CharField(_("发布单位"), max_length=200, blank=True)
    headline = models.CharField(_("标题"), max_length=500, blank=True)
    description = models.TextField(_("内容"), blank=True)
    instruction = models.TextField(_("防御指引"), blank=True)
    effective = models.DateTimeField()
    expires = models.DateTimeField()
    places = models.JSONField(default=list)
    codes = models.JSONField(default=list)
    geometry = models.JSONField(null=True)
    here = models.BooleanField(null=True)
    notes = models.JSONField(default=list)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("预警")
        verbose_name_plural = _("预警")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sender", "identifier", "sent"], name="warning_key"
            )
        ]
        indexes = [
            models.Index(fields=["source", "identifier"], name="warning_identifier"),
            models.Index(fields=["expires"], condition=Q(current=True), name="warning_current"),
        ]

    def __str__(self):
        return self.headline or self.identifier


class WarningReference(models.Model):
    """An earlier message that a warning names; it may not have come, or may come later.

    A dialect that names only identifiers leaves sender and time empty.
    """

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="references")
    sender = models.CharField(max_length=200, blank=True)
    identifier = models.CharField(max_length=200, db_index=True)
    sent = models.DateTimeField(null=True)

    def __str__(self):
        return self.identifier


class ResponseLevel(models.Model):
    """One announcement of a level on one track (防暴雨内涝, 防风, 防汛, 防旱, 防冻) for one area.

    `level` is 1 (I) to 4 (IV), 0 when the response has ended. `here`: it is for our district or a
    part of it, whose code is `covers`; empty is all of it. The rows are the history; `current` is
    the newest.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="response_levels")
    track = models.CharField(_("响应类型"), max_length=40)
    area_name = models.CharField(_("区域"), max_length=80)
    here = models.BooleanField(default=True)
    covers = models.CharField(max_length=16, blank=True)
    level = models.PositiveSmallIntegerField(_("级别"))
    highest = models.PositiveSmallIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    current = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("应急响应")
        verbose_name_plural = _("应急响应")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "track", "area_name", "at"], name="response_once"
            ),
            models.UniqueConstraint(
                fields=["source", "track", "area_name"],
                condition=Q(current=True),
                name="response_one_current",
            ),
        ]

    def __str__(self):
        return f"{self.track} {self.level}"
