"""What the room is told, in words."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations.flood.quantities import degree_name, quantities
from integrations.flood.watch import MODERATE, RED, SEVERE, News


def opening(station, alarm):
    """The text of a new event: where, how much, over which line, when."""
    facts = [_measured(station, alarm), _line(station, alarm)]
    at = f"{localtime(alarm.peak_at or alarm.opened_at):%Y-%m-%d %H:%M}"
    return _("{name}：{facts}（读数时间 {at}）").format(
        name=station.name, facts="，".join(filter(None, facts)), at=at
    )


def news(station, alarm, kind):
    """The sentence for a piece of News."""
    sentences = {
        News.RAISED: _("{what}升至{now}，{line}"),
        News.ROSE: _("{what}继续上涨，现{now}，最高{peak}"),
        News.BACK: _("又涨了：{what}现{now}，{line}"),
        News.FELL: _("{what}回落至{now}，已低于红色线，最高{peak}"),
        News.GONE: _("水已退（{what}{now}，最高{peak}），请现场确认后办结"),
        News.QUIET: _("监测站没有新的读数（最后{now}），请现场核实"),
    }
    return sentences[kind].format(
        what=_what(station),
        now=_value(station, alarm.last_value, alarm.level),
        peak=_value(station, alarm.peak, alarm.level),
        line=_line(station, alarm) or _degree(alarm.level),
    )


def _what(station):
    quantity = quantities().get(station.quantity)
    return _("内涝程度") if quantity is None else quantity.name


def _value(station, value, level):
    quantity = quantities().get(station.quantity)
    return f" {quantity.words(value)}" if quantity and value is not None else _degree(level)


def _measured(station, alarm):
    quantity = quantities().get(station.quantity)
    if quantity is None or alarm.peak is None:
        return _degree(alarm.level)
    return f"{quantity.name} {quantity.words(alarm.peak)}"


def _line(station, alarm):
    """Which line it is over, or empty where only words tell."""
    quantity, line = quantities().get(station.quantity), station.warn
    red = alarm.level == RED and station.red is not None
    line = station.red if red else station.warn
    if quantity is None or line is None or alarm.peak is None:
        return ""
    sentence = _("超过红色线 {line}") if red else _("超过警戒线 {line}")
    return sentence.format(line=quantity.words(line))


def _degree(level):
    return degree_name(SEVERE if level == RED else MODERATE)
