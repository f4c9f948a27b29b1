"""A dry run: what a delivery would become here. Reads, and stores nothing."""

from copy import copy
from dataclasses import dataclass, fields

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch import intake, placing, routing
from dispatch.problem import Invalid
from events import moment
from events.models import Priority
from events.registration import log_for
from integrations import faults, mapping
from integrations.items import Decision, Incident, Picture, Progress, Rating, Withdrawal
from integrations.models import InboundMessage
from integrations.sources import kind_of
from integrations.sources.kind import Delivery

# Items that a page describes one by one; of the rest it says how many.
MOST = 20
NAMES = {
    Incident: gettext_lazy("事件"),
    Progress: gettext_lazy("进展"),
    Withdrawal: gettext_lazy("撤回请求"),
    Decision: gettext_lazy("退单答复"),
    Rating: gettext_lazy("评价"),
    Picture: gettext_lazy("图片"),
}


@dataclass(frozen=True)
class Described:
    """One item: its name, its facts as (label, value), and what is wrong with it, if anything."""

    name: str
    facts: list
    wrong: str = ""


@dataclass(frozen=True)
class Trial:
    """The items of a delivery described, or why it cannot be read.

    `more` items are not described; `missed` are (table, word) that have no meaning here.
    """

    items: list
    more: int = 0
    wrong: str = ""
    missed: tuple = ()


def trial(source, content, content_type="", headers=None):
    """The Trial of bytes as if they came from `source` now. Never raises for what they hold."""
    items, missed, wrong = read(source, content, content_type, headers)
    return Trial(
        [describe(item) for item in items[:MOST]], max(len(items) - MOST, 0), wrong, tuple(missed)
    )


def read(source, content, content_type="", headers=None):
    """(items, [(table, word) without a meaning here], why it cannot be read or "").

    Words for the class count only where an event stays without one.
    """
    source = copy(source)
    for name in ("words", "missed"):
        source.__dict__.pop(name, None)
    delivery = Delivery(content, content_type, headers or {}, moment.now())
    try:
        # The message is not kept: it only says whose fault a failure is.
        with faults.in_words(InboundMessage(source=source)):
            items = list(kind_of(source).read(source, delivery))
    except (faults.Fault, faults.Busy) as fault:
        return [], [], str(fault)
    unclassified = any(isinstance(item, Incident) and not item.report.category for item in items)
    missed = [
        (table, word)
        for table, word in mapping.missed(source)
        if table != "category" or unclassified
    ]
    return items, missed, ""


def describe(item):
    """The Described of an item; one may say itself what it is, kinds that no page knows show their
    fields."""
    if isinstance(item, Incident):
        return _incident(item)
    if hasattr(item, "described"):
        name, facts = item.described()
        return Described(name, [(label, _plain(value)) for label, value in facts if _plain(value)])
    name = NAMES.get(type(item), type(item).__name__)
    facts = [(field.name, _plain(getattr(item, field.name))) for field in fields(item)]
    return Described(name, [(label, value) for label, value in facts if value])


def _incident(item):
    report = item.report
    facts = [
        (_("对方编号"), "、".join(filter(None, [report.external_id, *item.also]))),
        (_("内容"), report.text),
        (_("地址"), report.address),
        (_("坐标"), _coordinates(report.location)),
        (_("发生时间"), _plain(report.occurred_at)),
        (_("上报人"), report.reporter_name[:1] + "**" if report.reporter_name else ""),
        (_("附件"), _plain(len(report.attachments) or "")),
    ]
    wrong = ""
    try:
        category = intake.check(report)
        located = placing.place(report.location, report.address)
    except Invalid as problem:
        wrong = problem.detail
    else:
        facts[1:1] = _decided(report, category, located)
    return Described(NAMES[Incident], [(label, value) for label, value in facts if value], wrong)


def _decided(report, category, located):
    """The class, the place and the departments that the event would get."""
    areas = [area for area in (located.street, located.community) if area]
    log = log_for(located.district.code if located.district else None)
    priority = report.priority or category.priority
    facts = routing.Facts(
        category.path,
        (log.code, *(area.code for area in areas)),
        priority,
        report.source,
        moment.now(),
    )
    plan = routing.plan(facts)
    names = "、".join(target.department.name for target in plan.targets)
    where = " ".join(area.name for area in areas)
    sure = _("（把握 %(percent)d%%）") % {"percent": round(located.confidence * 100)}
    return [
        (_("分类"), f"{category.name}（{category.qualified}）"),
        (_("优先级"), Priority(priority).label),
        (_("落在"), where + sure if where else _("位置待核实") + sure),
        (_("派给"), names or _("无人可派")),
    ]


def _coordinates(location):
    if not location:
        return ""
    return f"{location['lon']:.6f}, {location['lat']:.6f}（{location.get('crs', 'WGS84')}）"


def _plain(value):
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, bytes):
        return _("%(size)s 字节") % {"size": len(value)} if value else ""
    if hasattr(value, "astimezone"):
        return f"{localtime(value):%Y-%m-%d %H:%M:%S}"
    return str(value)[:500]
