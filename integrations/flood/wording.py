"""What the room is told, in words."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations.flood.quantities import degree_name, quantities
from integrations.flood.watch import MODERATE, RED, SEVERE, News


def opening(station, alarm):
    """The text of a new event: where, how much, over which line, when."""
    what, now = _name(station, alarm.peak), _value(station, alarm.peak, alarm.level)
    at = f"{localtime(alarm.peak_at or alarm.opened_at):%Y-%m-%d %H:%M}"
    measured = f"{what}{now}" if alarm.peak is not None else now
    facts = _joined(measured, _line(station, alarm, alarm.peak))
    return _("{name}：{facts}（读数时间 {at}）").format(name=station.name, facts=facts, at=at)


def news(station, alarm, kind):
    """The sentence for a piece of News; a station that speaks in words only has no heights."""
    value = alarm.last_value
    words = {
        "what": _name(station, value),
        "now": _value(station, value, alarm.level),
        "peak": _value(station, alarm.peak, alarm.level),
    }
    peak = _("最高{peak}").format(**words) if alarm.peak is not None else ""
    line = _line(station, alarm, value)
    if kind == News.RAISED:
        return _joined(_("{what}升至{now}").format(**words), line)
    if kind == News.ROSE:
        return _joined(_("{what}继续上涨，现{now}").format(**words), peak)
    if kind == News.BACK:
        return _joined(_("又涨了：{what}现{now}").format(**words), line)
    if kind == News.FELL:
        return _joined(_("{what}回落至{now}，已低于红色线").format(**words), peak)
    if kind == News.QUIET:
        return _("监测站没有新的读数（最后{now}），请现场核实").format(**words)
    measured = f"{words['what']}{words['now']}" if value is not None else ""
    facts = _joined(measured, peak)
    gone = _("水已退（{facts}）").format(facts=facts) if facts else _("水已退")
    return _joined(gone, _("请现场确认后办结"))


def _joined(*parts):
    return "，".join(filter(None, parts))


def _name(station, value):
    quantity = quantities().get(station.quantity)
    return _("内涝程度") if quantity is None or value is None else quantity.name


def _value(station, value, level):
    quantity = quantities().get(station.quantity)
    if quantity is None or value is None:
        return degree_name(SEVERE if level == RED else MODERATE)
    return f" {quantity.words(value)}"


def _line(station, alarm, value):
    """Which line it is over; empty where only words tell."""
    quantity = quantities().get(station.quantity)
    red = alarm.level == RED and station.red is not None
    line = station.red if red else station.warn
    # The words may be worse than the value.
    if quantity is None or line is None or value is None or value < line:
        return ""
    sentence = _("超过红色线 {line}") if red else _("超过警戒线 {line}")
    return sentence.format(line=quantity.words(line))
