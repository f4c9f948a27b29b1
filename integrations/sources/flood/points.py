"""Waterlogging points of a monitoring platform: a place, a degree in words, a depth in a text."""

import re

from django.utils.translation import gettext as _

from integrations.flood.quantities import CM, DEGREE, DEPTH, degree_in
from integrations.flood.readings import Observation
from integrations.flood.stations import About
from integrations.models import StationKind
from integrations.reading import times
from integrations.reading.coordinates import location
from integrations.reading.whereabouts import point_of
from integrations.sources.kind import Unreadable

# 积水深度32cm, 水深约 0.3 米, 积水15-20厘米 (the worse of the two counts).
DEPTHS = re.compile(
    r"(?:积水|水深|水浸|深度|水位)[^0-9.]{0,8}(?:\d+(?:\.\d+)?\s*[-~～至到]\s*)?"
    r"(\d+(?:\.\d+)?)\s*(mm|毫米|cm|CM|厘米|公分|m|米)"
)
CENTIMETRES = {"mm": 0.1, "毫米": 0.1, "m": CM, "米": CM}
NAMES = ("name", "pointName", "stationName", "名称", "点位名称")
CODES = ("sid", "pointId", "stationId", "id", "code", "编号")
DEGREES = ("degree", "内涝程度", "积水程度")
CONDITIONS = ("condition", "情况", "积水情况")
TIMES = ("monitorTime", "updateTime", "time", "监测时间")
TYPES = {"1": StationKind.UNDERPASS}


class Points:
    """The format: a name, and a degree or a condition."""

    label = _("内涝监测点")

    def fits(self, fields):
        """Whether a record is such a point."""
        return fields.any(*DEGREES) and fields.any(*NAMES) and fields.any(*TIMES)

    def read(self, source, fields):
        """([Observation…], About) of a point. Raises Unreadable."""
        name = fields.get(*NAMES, limit=80)
        code = fields.get(*CODES) or name
        at = times.parse(fields.raw(*TIMES), source.time_zone)
        if not code or at is None:
            raise Unreadable(_("缺少点位编号或监测时间。"))
        words, condition = fields.get(*DEGREES), fields.get(*CONDITIONS)
        depth, degree = depth_in(condition), degree_in(words)
        if degree is None and depth is None and (degree := degree_in(condition)) is None:
            raise Unreadable(
                _("内涝程度“%(words)s”无法识别。") % {"words": (words or condition)[:40]}
            )
        found = []
        if depth is not None:
            found.append(Observation(code, at, DEPTH, depth))
        if degree is not None:
            found.append(Observation(code, at, DEGREE, float(degree)))
        about = About(
            code,
            name=name,
            kind=TYPES.get(fields.get("type"), StationKind.WATERLOGGING),
            address=fields.get("address", "地址", "位置", limit=300),
            location=location(**point_of(fields), crs=source.crs, axes=source.axes),
            area=fields.get("areaSn", "areaCode", "adcode"),
            described=True,
        )
        return found, about


def depth_in(text):
    """The depth of water that a text tells, in centimetres, or None."""
    found = [
        float(number) * CENTIMETRES.get(unit.lower(), 1) for number, unit in DEPTHS.findall(text)
    ]
    return round(max(found), 1) if found else None
