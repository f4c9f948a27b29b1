"""What another system says about an event that is here: told in the room, decided by people.

Each function is a part of the change `changed`, locks the event, and returns the finished Case.
"""

from django.utils.translation import gettext as _

from dispatch.case import Case
from events import attachments, categories, registration
from events.models import Priority

REPORTER = ("reporter_name", "reporter_department", "reporter_phone")


def updated(changed, number, actor, text):
    """The source has something new to say."""
    return _tell(changed, number, actor, "updated", text=text, source=actor.name)


def renewed(changed, number, actor, report, located, own=True):
    """The source has sent its event again with other content: told in words, nothing overwritten.

    What was empty is filled, unless the event is another one (`own`) into which it was merged.
    """
    case = Case.lock(changed, number)[number]
    told = _differences(case.event, report, located)
    if own and _lacks(case.event, report):
        told.append(_("报告人：已补充"))
    if not told:
        return case
    case.record("updated", actor, text="；".join(told), source=actor.name)
    if own and _fill(case.event, report, located):
        place = registration.place_name(case.event)
        case.record("relocated", actor, place=place, method=located.method)
    case.finish(attachments=[])
    return case


def withdrawal_asked(changed, number, actor, reason):
    """The source wants its event back: a question to the room, nothing is closed."""
    return _tell(changed, number, actor, "withdrawal_asked", reason=reason, source=actor.name)


def return_decided(changed, number, actor, granted, text):
    """The source's answer to a return; the clocks run on either way."""
    kind = "return_granted" if granted else "return_refused"
    return _tell(changed, number, actor, kind, text=text, source=actor.name)


def rated(changed, number, actor, satisfied, solved, text):
    """What the citizen says afterwards; True, False or None each."""
    return _tell(
        changed,
        number,
        actor,
        "rated",
        satisfied=satisfied,
        solved=solved,
        rating=_rating(satisfied, solved),
        text=text,
        source=actor.name,
    )


def attached(changed, number, actor, attachment_ids):
    """Files that the source has sent; raises attachments.Refused for ones that are not its own."""
    case = Case.lock(changed, number)[number]
    files = attachments.bind(attachment_ids, case.event, source=actor.name)
    if files:
        case.attached = True
        names = [str(row.pk) for row in files]
        case.record("attached", actor, count=len(files), attachments=names)
        case.finish()
    return case


def _tell(changed, number, actor, kind, **data):
    case = Case.lock(changed, number)[number]
    case.record(kind, actor, **data)
    case.finish(attachments=[])
    return case


def _differences(event, report, located):
    """What the report says otherwise than the event, in words; never who reported it."""
    told = []
    if report.text and report.text != event.text:
        told.append(_("内容：%(text)s") % {"text": report.text})
    if report.address and report.address != event.address:
        told.append(_("地址：%(address)s") % {"address": report.address})
    if report.location and (report.location["lon"], report.location["lat"]) != (
        event.reported_lon,
        event.reported_lat,
    ):
        told.append(_("位置：%(place)s") % {"place": _names(located) or _("待核实")})
    if report.category and report.category != event.category.qualified:
        told.append(_("分类：%(name)s") % {"name": categories.find(report.category).name})
    if report.priority and report.priority != event.priority:
        told.append(_("优先级：%(name)s") % {"name": Priority(report.priority).label})
    return told


def _lacks(event, report):
    return any(getattr(report, name) and not getattr(event, name) for name in REPORTER)


def _fill(event, report, located):
    """Fill what is empty, in memory; whether the event has got a place by it."""
    for name in ("text", "address", *REPORTER):
        if not getattr(event, name):
            setattr(event, name, getattr(report, name))
    placed = event.lon is None and located.lon is not None
    if placed:
        registration.place(event, located)
        for name in ("lon", "lat", "crs"):
            setattr(event, f"reported_{name}", (report.location or {}).get(name) or "")
    event.title = registration.title(event)
    return placed


def _names(located):
    return " ".join(area.name for area in (located.street, located.community) if area)


def _rating(satisfied, solved):
    said = [
        {True: _("满意"), False: _("不满意"), None: ""}[satisfied],
        {True: _("已解决"), False: _("未解决"), None: ""}[solved],
    ]
    return "、".join(word for word in said if word) or _("未评价")
