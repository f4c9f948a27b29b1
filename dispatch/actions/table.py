"""The table of actions: name, from which states, who may, what is checked, what it does.

`who` are capacities (dispatch/access.py). `check` refuses with a Problem and changes nothing;
`run` changes the case in memory and records what happened. `other` names the body field that holds
a second event's number.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from dispatch.access import DISPATCHER, GRID, LEAD, REPORTER, SUPERVISOR, SUPPORT
from dispatch.actions import correction, ending, merging, pauses, pressure, together, work
from events.models import State

REGISTERED, RESPONDED, HANDLED = State.REGISTERED, State.RESPONDED, State.HANDLED
CLOSED, CANCELLED, MERGED = State.CLOSED, State.CANCELLED, State.MERGED
WORKING = (REGISTERED, RESPONDED)
OPEN = (REGISTERED, RESPONDED, HANDLED)
CREW = (LEAD, SUPPORT)
ROOM = (REPORTER, GRID, LEAD, SUPPORT, SUPERVISOR, DISPATCHER)


@dataclass(frozen=True)
class Action:
    """One action on an event."""

    name: str
    label: str
    states: tuple
    who: tuple
    run: Callable
    check: Callable | None = None
    other: str = ""


ACTIONS = {
    action.name: action
    for action in (
        Action("claim", _("签收"), WORKING, CREW, work.claim, work.check_unclaimed),
        Action("arrive", _("到场"), WORKING, CREW, work.arrive, work.check_not_arrived),
        Action("post", _("留言"), OPEN, ROOM, work.post),
        Action("attach", _("补充附件"), OPEN, ROOM, work.add_files),
        Action("complete", _("办结"), (RESPONDED,), CREW, work.complete, work.check_running),
        Action("return", _("退回"), WORKING, CREW, work.give_back, work.check_returnable),
        Action(
            "transfer",
            _("转派"),
            WORKING,
            (*CREW, DISPATCHER),
            together.transfer,
            together.check_transferable,
        ),
        Action(
            "request_support",
            _("吹哨"),
            WORKING,
            (LEAD, SUPERVISOR, DISPATCHER),
            together.request_support,
        ),
        Action(
            "release_support",
            _("解除协办"),
            WORKING,
            (LEAD, SUPERVISOR, DISPATCHER),
            together.release_support,
        ),
        Action(
            "verify",
            _("核查"),
            (HANDLED,),
            (REPORTER, SUPERVISOR),
            ending.verify,
            ending.check_not_own_work,
        ),
        Action("close", _("结案"), (HANDLED,), (SUPERVISOR, DISPATCHER), ending.close),
        Action("reopen", _("重开"), (CLOSED, CANCELLED), (SUPERVISOR,), ending.reopen),
        Action("hold", _("挂账"), WORKING, (LEAD, SUPERVISOR), pauses.hold, pauses.check_not_held),
        Action("resume", _("恢复"), WORKING, (LEAD, SUPERVISOR), pauses.resume, pauses.check_held),
        Action("request_extension", _("申请延期"), WORKING, (LEAD,), pauses.request_extension),
        Action(
            "decide_extension",
            _("审批"),
            WORKING,
            (SUPERVISOR,),
            pauses.decide_extension,
            pauses.check_pending,
        ),
        Action("urge", _("催办"), WORKING, (SUPERVISOR,), pressure.urge),
        Action("supervise", _("督办"), OPEN, (SUPERVISOR,), pressure.supervise),
        Action(
            "escalate",
            _("提级"),
            OPEN,
            (SUPERVISOR,),
            pressure.escalate,
            pressure.check_escalatable,
        ),
        Action("instruct", _("批示"), OPEN, (SUPERVISOR,), pressure.instruct),
        Action(
            "choose_limit",
            _("立案条件"),
            WORKING,
            (REPORTER, DISPATCHER),
            pressure.choose_limit,
            pressure.check_condition_open,
        ),
        Action("reclassify", _("改类"), OPEN, (DISPATCHER,), correction.reclassify),
        Action("relocate", _("改址"), OPEN, (DISPATCHER,), correction.relocate),
        Action("reroute", _("重新分拨"), WORKING, (DISPATCHER,), correction.reroute),
        Action("merge", _("并案"), OPEN, (DISPATCHER,), merging.merge, other="into"),
        Action(
            "unmerge",
            _("拆分"),
            (*OPEN, CLOSED, CANCELLED),
            (DISPATCHER,),
            merging.unmerge,
            other="number",
        ),
        Action(
            "cancel",
            _("作废"),
            WORKING,
            (REPORTER, DISPATCHER),
            ending.cancel,
            ending.check_withdrawable,
        ),
    )
}
