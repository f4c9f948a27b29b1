"""What people read: what happened, of which class, where, by when; never what somebody typed.

A report's text, a reason or a message may hold names and telephone numbers. They stay inside,
behind the link and its rights.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.models import Stage
from events.kinds import summary
from events.models import Priority
from integrations.channels import Notice

WHAT = {
    "claimed": gettext_lazy("同事已接替你签收"),
    "dispatched": gettext_lazy("新事件，请签收"),
    "support_requested": gettext_lazy("请求协办"),
    "urged": gettext_lazy("催办"),
    "escalated": gettext_lazy("提级"),
    "instructed": gettext_lazy("领导批示，请查看"),
    "hold_requested": gettext_lazy("申请挂账，待审批"),
    "extension_requested": gettext_lazy("申请延期，待审批"),
    "reworked": gettext_lazy("核查未通过，返工"),
    "reopened": gettext_lazy("事件重新打开"),
    "handled": gettext_lazy("处置完毕，待核查"),
    "closed": gettext_lazy("事件已办结"),
    "cancelled": gettext_lazy("事件已作废"),
    "posted": gettext_lazy("有人在事件中提到你"),
}
ENDS = {"handled", "closed", "cancelled"}
# Sentences of which nobody has typed a word.
SENTENCES = {
    "reminded",
    "warned",
    "overdue",
    "silent",
    "claim_expired",
    "unanswered",
    "recalculated",
}
# The stage whose end the notice names.
CLOCKS = {
    "dispatched": Stage.RESPOND,
    "support_requested": Stage.HANDLE,
    "reworked": Stage.HANDLE,
    "reopened": Stage.HANDLE,
}
BY_WHEN = {
    Stage.RESPOND: gettext_lazy("请在 {time} 前签收"),
    Stage.HANDLE: gettext_lazy("请在 {time} 前处置"),
    Stage.VERIFY: gettext_lazy("请在 {time} 前核查"),
}


def notice(entry, scene):
    """The Notice of an entry to those whom it concerns."""
    event = entry.event
    kind = scene.kind(entry)
    lines = [f"{event.category.name} · {place(event)}", event.number]
    stage = CLOCKS.get(kind) or (entry.data.get("stage") if kind in SENTENCES else None)
    due = scene.due(event, stage) if stage else None
    if due:
        lines.append(str(BY_WHEN[stage]).format(time=clock_time(due, scene.at)))
    return Notice(
        title=f"【{Priority(event.priority).label}】{what(kind, entry)}",
        text="\n".join(lines),
        url=room_url(event),
        number=event.number,
        urgent=urgent(kind, event),
    )


def what(kind, entry):
    """What happened, in a few words."""
    if kind in SENTENCES:
        return summary(kind, entry.data)
    if kind == "supervised":
        return entry.data["level_name"]
    if kind == "extension_decided":
        return entry.data["decision"]
    return str(WHAT[kind])


def urgent(kind, event):
    """Whether it must reach people at once, and alone; that something has ended never must."""
    return event.priority == Priority.P1 and kind not in ENDS


def place(event):
    """Street and community, as far as they are known; never the address as somebody gave it."""
    return " ".join(area.name for area in (event.street, event.community) if area) or _(
        "位置待核实"
    )


def room_url(event):
    """The address of the event's room; "" while XIANFENG_URL is not set."""
    url = settings.XIANFENG_URL
    return f"{url}{reverse('room', args=[event.number])}" if url else ""


def site_url():
    """The address of the site; "" while XIANFENG_URL is not set."""
    url = settings.XIANFENG_URL
    return f"{url}{reverse('home')}" if url else ""


def clock_time(moment, now):
    """Hour and minute, with the day where it is another one."""
    there, here = localtime(moment), localtime(now)
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%m-%d %H:%M}"
