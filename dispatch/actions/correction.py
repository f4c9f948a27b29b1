"""A dispatcher's corrections: reclassify, relocate, reroute."""

from django.utils.translation import gettext as _

from dispatch import assigning, deadlines, placing
from dispatch.actions.work import settle
from dispatch.models import AssignmentState
from dispatch.problem import Invalid
from events import categories, registration
from events.models import Category


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
    # The conditions are the class's own.
    event.condition = ""
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
