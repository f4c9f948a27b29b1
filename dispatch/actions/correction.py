"""A dispatcher's corrections: reclassify, relocate, reroute, merge, unmerge."""

from django.utils.translation import gettext as _

from dispatch import assigning, deadlines, placing
from dispatch.actions.ending import dissolve
from dispatch.actions.work import settle
from dispatch.models import AssignmentState
from dispatch.problem import Conflict, Invalid
from events import categories, registration
from events.models import OPEN_STATES, Category, Event, State


def reclassify(case, scope, actor, category, reason=""):
    """Another class: title, priority and limits follow; who handles it stays (see reroute)."""
    try:
        found = categories.find(category)
    except Category.DoesNotExist:
        raise Invalid(category=_("没有这个事件分类。")) from None
    event = case.event
    if found.pk == event.category_id:
        return
    before = event.category
    event.category, event.priority = found, found.priority
    event.title = registration.title(event)
    deadlines.restart(case)
    case.record("reclassified", actor, from_name=before.name, to_name=found.name, reason=reason)


def relocate(case, scope, actor, location=None, address="", reason=""):
    """Another place; the reported one is kept beside it. Who may see it follows the place."""
    if not location and not address:
        raise Invalid(location=_("需要位置或地址。"))
    located = placing.place(location, address)
    registration.place(case.event, located)
    if address:
        case.event.address = address
    case.event.title = registration.title(case.event)
    case.record(
        "relocated",
        actor,
        place=registration.place_name(case.event),
        method=located.method,
        reason=reason,
    )


def reroute(case, scope, actor, reason):
    """Apply the rules again, passing over who has returned it; the others leave."""
    gone = {
        row.department.code
        for row in case.assignments
        if row.state == AssignmentState.RETURNED and not row.current
    }
    case.record("rerouted", actor, reason=reason)
    targets = assigning.plan(case, exclude=gone)
    kept = {target.department.code for target in targets}
    for row in case.current:
        if row.department.code not in kept:
            case.end(row, AssignmentState.RECALLED, reason)
    assigning.dispatch(case, targets)
    settle(case)


def check_mergeable(case, scope):
    """A main event with others in it cannot itself be merged."""
    if Event.objects.filter(merged_into=case.event).exists():
        raise Conflict(_("已有事件并入本事件，请先拆分。"))


def merge(case, scope, actor, into, other):
    """并案: `case` ends in `other`; both timelines tell it."""
    if other is None or other.event.pk == case.event.pk:
        raise Invalid(into=_("请选择另一个事件。"))
    if other.event.state not in OPEN_STATES:
        raise Conflict(_("目标事件已结束，不能并入。"))
    event = case.event
    event.state_before_merge, event.merged_into = event.state, other.event
    dissolve(case)
    case.move(State.MERGED)
    case.record("merged", actor, into=other.event.number)
    other.record("absorbed", actor, number=event.number)


def unmerge(case, scope, actor, number, other):
    """拆分: the event `other` leaves the main event `case` and is routed anew."""
    if other is None or other.event.merged_into_id != case.event.pk:
        raise Invalid(number=_("该事件没有并入本事件。"))
    other.event.merged_into = None
    other.event.state_before_merge = ""
    other.move(State.REGISTERED)
    other.record("unmerged", actor, number=case.event.number)
    assigning.route(other)
    deadlines.rebuild(other)
    case.record("split", actor, number=other.event.number)
