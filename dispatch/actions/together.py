"""Many departments on one event: transfer, request and release support."""

from django.utils.translation import gettext as _

from dispatch import assigning, routing
from dispatch.actions.work import own, settle
from dispatch.models import AssignmentRole, AssignmentState, Department, Role
from dispatch.problem import Conflict, Invalid
from dispatch.winner import claimer


def find_departments(codes, field):
    """The active departments with those codes, in that order; raises Invalid for unknown ones."""
    found = {row.code: row for row in Department.objects.filter(code__in=codes, active=True)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise Invalid(**{field: _("没有这个部门：{codes}").format(codes="、".join(missing))})
    return [found[code] for code in dict.fromkeys(codes)]


def part(case, scope):
    """The assignment that the person gives away: the department's own, a dispatcher the lead's."""
    return case.lead if scope.role == Role.DISPATCHER else own(case, scope)


def check_transferable(case, scope):
    """Refuse the transfer of finished work."""
    row = part(case, scope)
    if row is not None and row.state == AssignmentState.DONE:
        raise Conflict(_("已处置完成，不能转派。"), winner=claimer(row))


def transfer(case, scope, actor, department, reason):
    """The department's part (a dispatcher: the lead's) goes to another; again is nothing."""
    (to,) = find_departments([department], "department")
    row = part(case, scope)
    if row is not None and row.department.code == to.code:
        return
    role = row.role if row else AssignmentRole.LEAD
    if role == AssignmentRole.SUPPORT and case.of(to.code):
        raise Conflict(_("{name}已在协同中。").format(name=to.name))
    required = row.required if row else False
    if row:
        case.end(row, AssignmentState.TRANSFERRED, reason)
    case.record(
        "transferred",
        actor,
        from_name=row.department.name if row else _("无"),
        to_name=to.name,
        reason=reason,
    )
    if role == AssignmentRole.LEAD:
        case.event.fallback = False
    assigning.dispatch(case, [routing.Target(to, role, required)])
    settle(case)


def request_support(case, scope, actor, departments, reason):
    """吹哨: the departments join as required supports; those already on it stay as they are."""
    rows = find_departments(departments, "departments")
    fresh = [
        row
        for row in rows
        if not (case.lead and case.lead.department.code == row.code)
        and case.assign(row, AssignmentRole.SUPPORT, required=True)
    ]
    if fresh:
        case.record(
            "support_requested",
            actor,
            names="、".join(row.name for row in fresh),
            departments=[
                {"code": row.code, "name": row.name, "role": AssignmentRole.SUPPORT}
                for row in fresh
            ],
            reason=reason,
        )


def release_support(case, scope, actor, departments, reason=""):
    """Supports that are no longer needed leave the case."""
    released = []
    for department in find_departments(departments, "departments"):
        row = case.of(department.code)
        if row is None:
            continue
        if row.role == AssignmentRole.LEAD:
            raise Conflict(_("{name}是主办，不能解除；请转派。").format(name=department.name))
        case.end(row, AssignmentState.RELEASED, reason)
        released.append(department.name)
    if released:
        case.record("support_released", actor, names="、".join(released), reason=reason)
        settle(case)
