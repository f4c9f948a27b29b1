"""The shapes that flood control's API answers with."""

from rest_framework import serializers as s

from dispatch.api.shapes import LocationShape, NamedShape


class StationHeadShape(s.Serializer):
    """`warn`, `red` and `clear` are in `unit`."""

    code = s.CharField()
    name = s.CharField()
    kind = s.CharField()
    location = LocationShape(allow_null=True)
    quantity = s.CharField(allow_null=True)
    label = s.CharField(allow_null=True)
    unit = s.CharField(allow_null=True)
    warn = s.FloatField(allow_null=True)
    red = s.FloatField(allow_null=True)
    clear = s.FloatField(allow_null=True)


class LastShape(s.Serializer):
    """`level` is 0 calm, 1 over the warning line, 2 over the red line."""

    at = s.DateTimeField()
    value = s.FloatField(allow_null=True)
    degree = s.CharField(allow_null=True)
    level = s.IntegerField()


class AlarmShape(s.Serializer):
    event = s.CharField(allow_null=True)
    level = s.IntegerField()
    opened_at = s.DateTimeField()
    peak = s.FloatField(allow_null=True)
    peak_at = s.DateTimeField(allow_null=True)
    cleared_at = s.DateTimeField(allow_null=True)
    ended_at = s.DateTimeField(allow_null=True)


class StationShape(StationHeadShape):
    source = s.CharField()
    active = s.BooleanField()
    area = NamedShape(allow_null=True)
    heard_at = s.DateTimeField(allow_null=True)
    fault = s.CharField(allow_null=True)
    last = LastShape(allow_null=True)
    alarm = AlarmShape(allow_null=True)


class WarningShape(s.Serializer):
    """`geometry` is a GeoJSON MultiPolygon in WGS-84."""

    id = s.IntegerField()
    name = s.CharField(allow_blank=True)
    colour = s.CharField(allow_null=True)
    severity = s.CharField(allow_null=True)
    issuer = s.CharField()
    headline = s.CharField(allow_blank=True)
    description = s.CharField(allow_blank=True)
    instruction = s.CharField(allow_blank=True)
    sent = s.DateTimeField()
    effective = s.DateTimeField()
    expires = s.DateTimeField()
    places = s.ListField(child=s.CharField())
    geometry = s.DictField(allow_null=True)
    here = s.BooleanField(allow_null=True)
    notes = s.ListField(child=s.CharField())
    events = s.ListField(child=s.CharField())


class LevelShape(s.Serializer):
    """`level` is 1 (I) to 4 (IV)."""

    track = s.CharField()
    level = s.IntegerField()
    highest = s.IntegerField(allow_null=True)
    area = s.CharField()
    here = s.BooleanField()
    started_at = s.DateTimeField(allow_null=True)
    at = s.DateTimeField()
    events = s.ListField(child=s.CharField())


class OverviewShape(s.Serializer):
    """Parts that were not asked for are left out."""

    now = s.DateTimeField()
    stations = StationShape(many=True, required=False)
    warnings = WarningShape(many=True, required=False)
    levels = LevelShape(many=True, required=False)


class LinkedWarningShape(WarningShape):
    in_force = s.BooleanField()


class LinkedLevelShape(LevelShape):
    in_force = s.BooleanField()


class CurveShape(s.Serializer):
    """`readings` are [time, value] pairs in the station's unit, the oldest first."""

    station = StationHeadShape()
    alarm = AlarmShape()
    quantity = s.CharField()
    since = s.DateTimeField()
    until = s.DateTimeField()
    readings = s.ListField(child=s.ListField())
    warnings = LinkedWarningShape(many=True)
    levels = LinkedLevelShape(many=True)


class CurvesShape(s.Serializer):
    now = s.DateTimeField()
    results = CurveShape(many=True)
