"""`/audit/`: what the auditor found, with the events behind it that the reader may see."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch import audit
from dispatch.access import access_events
from dispatch.clock import pulse
from dispatch.models import Role
from dispatch.pages import context_of, page
from events import moment

READERS = {Role.SUPERVISOR, Role.DISPATCHER, Role.AUDITOR, Role.ADMIN}
# What is wrong, what follows from it, and what to do.
WORDS = {
    "clock": (
        gettext_lazy("时钟停止"),
        gettext_lazy("没有提醒、没有超时升级。请运维检查 clock 进程。"),
    ),
    "late": (
        gettext_lazy("到点未提醒"),
        gettext_lazy("提醒或升级晚了一分钟以上。时钟在追赶，或处理这些事件时出错。"),
    ),
    "untimed": (
        gettext_lazy("没有时限"),
        gettext_lazy("未结事件没有在计时，也没有挂账。请检查该分类的时限规则，改类后重新计时。"),
    ),
    "leaderless": (
        gettext_lazy("没有主办"),
        gettext_lazy("未结事件没有主办部门。请派遣员重新分拨。"),
    ),
    "overheld": (
        gettext_lazy("挂账到期未恢复"),
        gettext_lazy("挂账期限已过，计时没有恢复。请恢复事件，并请运维检查时钟。"),
    ),
}


@page
def show(request, scope):
    """What is wrong at this moment, not only at the auditor's last look."""
    if scope.role not in READERS:
        raise PermissionDenied(_("你的角色没有这个页面。"))
    now = moment.now()
    clock = pulse(now)
    findings = [] if clock["alive"] else [_finding("clock", 1, [])]
    for name, check in audit.CHECKS.items():
        found = check(now)
        if count := found.count():
            mine = found & access_events(scope) if scope.role != Role.ADMIN else found.none()
            rows = mine.select_related("street").defer("street__polygon").order_by("pk")
            findings.append(_finding(name, count, list(rows[: audit.NAMED])))
    last = audit.latest(now)
    return render(
        request,
        "audit.html",
        context_of(request, scope, findings=findings, last=last, clock=clock),
    )


def _finding(name, count, events):
    title, text = WORDS[name]
    return {"name": name, "title": title, "text": text, "count": count, "events": events}
