"""Accepting a report: placed, registered, routed and timed in one transaction."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _

from dispatch import assigning, deadlines, limits, placing, shape
from dispatch.case import Case
from dispatch.problem import Conflict, Invalid
from events import attachments, categories, moment
from events.models import Category, Event
from events.registration import register
from events.timeline import change

# A phone's clock may be a little ahead; further ahead is a wrong clock, not an event of tomorrow.
FUTURE_TOLERANCE = timedelta(minutes=5)
# Nor can it be older than any record of the district.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def accept(report, actor):
    """(event's shape, created) for a Report; the same report again gives the same event.

    Raises Invalid (nothing to place it by, unknown category, from the future) and Conflict (other
    content under the same id).
    """
    if known := _known(report):
        return known, False
    category = check(report)
    try:
        return _register(report, category, actor), True
    except IntegrityError:
        # The same report came twice at once: the other one won.
        if known := _known(report):
            return known, False
        raise


def check(report):
    """The report's category; raises Invalid with what is wrong with the report."""
    if report.location is None and not report.address:
        raise Invalid(location=_("需要位置或地址：打开定位，或填写地址。"))
    if report.occurred_at and report.occurred_at > moment.now() + FUTURE_TOLERANCE:
        raise Invalid(occurred_at=_("发生时间在未来，请检查手机时钟。"))
    if report.occurred_at and report.occurred_at < EARLIEST:
        raise Invalid(occurred_at=_("发生时间太早，请检查手机时钟。"))
    try:
        category = categories.find(report.category)
    except Category.DoesNotExist:
        raise Invalid(category=_("没有这个事件分类。")) from None
    if report.condition and not limits.has_condition(category, report.condition):
        raise Invalid(condition=_("这个分类没有这一立案条件。"))
    return category


def _known(report):
    if report.client_id and report.reporter_id:
        found = Event.objects.filter(
            reporter_id=report.reporter_id, client_id=report.client_id
        ).first()
    elif report.external_id:
        found = Event.objects.filter(source=report.source, external_id=report.external_id).first()
    else:
        return None
    if found is None:
        return None
    if found.content_digest != report.digest:
        raise Conflict(_("这个编号已用于另一条上报，内容不同，未作改动。"), event=found.number)
    return shape.event_json(shape.with_parts(Event.objects.filter(pk=found.pk)).get())


def enter(changed, report, actor, category=None, located=None):
    """The finished Case of a Report's new event, as a part of the change `changed`.

    For a caller that does more in the same transaction; `category` and `located` are `check`'s and
    geo's answers where the caller has asked before it began. Raises Invalid, and IntegrityError
    when an event with the report's ids is there: then the whole transaction must begin again.
    """
    category = category or check(report)
    located = located or placing.place(report.location, report.address)
    case, files = _enter(changed, report, located, category, actor)
    case.finish(attachments=files)
    return case


def _register(report, category, actor):
    located = placing.place(report.location, report.address)
    with change() as changed:
        case, files = _enter(changed, report, located, category, actor)
        return case.finish(attachments=files)


def _enter(changed, report, located, category, actor):
    event = register(changed, report, located, category, actor=actor)
    case = Case.new(changed, event)
    files = attachments.bind(report.attachments, event, report.reporter_id, source=actor.name)
    assigning.route(case)
    deadlines.rebuild(case)
    files.sort(key=lambda row: row.created_at)
    return case, [attachments.as_json(row, report.reporter_name or None) for row in files]
