"""Rows of the hydrological database (SL 323): rain, rivers, reservoirs, sluices, tides."""

from django.utils.translation import gettext as _

from integrations.flood.readings import Observation
from integrations.flood.stations import About
from integrations.models import StationKind
from integrations.reading import times
from integrations.sources.kind import Unreadable

# Column → quantity, by the table that has it; the tables are told apart by their columns.
LEVELS = {
    "Z": ("stage", StationKind.RIVER),
    "TDZ": ("stage", StationKind.RIVER),
    "RZ": ("stage", StationKind.RESERVOIR),
    "UPZ": ("stage", StationKind.SLUICE),
    "DWZ": ("stage_down", StationKind.SLUICE),
    "Q": ("flow", StationKind.RIVER),
    "OTQ": ("flow", StationKind.RESERVOIR),
    "TGTQ": ("flow", StationKind.SLUICE),
}
RAIN = ("DRP", "DYP")
# INTV: whole hours before the point, minutes behind it.
INTERVALS = {
    "0.01": "rain_1m",
    "0.05": "rain_5m",
    "0.10": "rain_10m",
    "0.30": "rain_30m",
    "1.00": "rain_1h",
    "2.00": "rain_2h",
    "3.00": "rain_3h",
    "6.00": "rain_6h",
    "12.00": "rain_12h",
    "24.00": "rain_day",
}


class Rows:
    """The format: STCD, TM and any of the columns above."""

    label = "SL 323 (ST_PPTN_R, ST_RIVER_R, ST_RSVR_R, ST_WAS_R)"

    def fits(self, fields):
        """Whether a record is such a row."""
        return fields.all("STCD", "TM") and fields.any(*LEVELS, *RAIN)

    def read(self, source, fields):
        """([Observation…], About) of a row; a column without a value says nothing. Raises
        Unreadable."""
        code = fields.get("STCD")
        at = times.parse(fields.raw("TM"), source.time_zone)
        if not code or at is None:
            raise Unreadable(_("缺少测站编码 STCD 或时间 TM。"))
        kind = StationKind.RAIN
        found = []
        for column, (quantity, of) in LEVELS.items():
            if (value := _number(fields, column)) is not None:
                kind = of
                found.append(Observation(code, at, quantity, value))
        if (rain := _number(fields, "DRP")) is not None:
            found.append(Observation(code, at, _interval(fields), rain))
        if (day := _number(fields, "DYP")) is not None:
            found.append(Observation(code, at, "rain_day", day))
        name = fields.get("STNM", limit=80)
        return found, About(code, name=name, kind=kind)


def _interval(fields):
    hours = _number(fields, "INTV")
    quantity = INTERVALS.get(f"{1.0 if hours is None else hours:.2f}")
    if quantity is None:
        raise Unreadable(_("时段长 INTV=%(hours)s 无法识别。") % {"hours": hours})
    return quantity


def _number(fields, column):
    value = fields.raw(column)
    if value is None:
        return None
    try:
        return float(str(value))
    except ValueError:
        raise Unreadable(
            _("%(column)s=%(value)s 不是数字。") % {"column": column, "value": str(value)[:40]}
        ) from None
