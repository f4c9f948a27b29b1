"""The pressure ladder: urge, supervise, escalate, instruct; and what condition sets the limit."""

from django.utils.translation import gettext as _

from dispatch import deadlines, waits
from dispatch.access import DISPATCHER, capacities
from dispatch.escalation import LEVELS
from dispatch.limits import has_condition
from dispatch.models import Notify
from dispatch.problem import Conflict, Invalid
from dispatch.winner import claimer
from events.models import Priority, Supervision, TimelineEntry

LADDER = [Supervision.NONE, Supervision.PLAIN, Supervision.YELLOW, Supervision.RED]
HIGHEST = max(LEVELS)
# Whom pressure reaches: those who work on it, and the head of the department that leads.
CREW, HEAD = str(Notify.GROUP), str(Notify.HEAD)


def urge(case, scope, actor, text=""):
    """催办: every department that is not done hears it, with how often it was said."""
    before = TimelineEntry.objects.filter(event=case.event, kind="urged").count()
    case.record("urged", actor, text=text, nth=before + 1, notify=CREW)


def supervise(case, scope, actor, level, text=""):
    """督办: a lower card cannot follow a higher one, a repeat of the same is refused."""
    now, to = LADDER.index(case.event.supervision), LADDER.index(level)
    if to <= now:
        raise Conflict(
            _("已是{level}，只能升级。").format(level=Supervision(case.event.supervision).label)
        )
    case.event.supervision = level
    case.record(
        "supervised",
        actor,
        level=level,
        level_name=str(Supervision(level).label),
        text=text,
        notify=HEAD,
    )


def check_escalatable(case, scope):
    """Refuse to go higher than the top."""
    if case.event.escalation >= HIGHEST:
        raise Conflict(_("已提级到最高一级。"))


def escalate(case, scope, actor, text=""):
    """提级: one level up, and one priority up with its limits from now on.

    The supervisors of that level hear it now, and with every later step of the clock.
    """
    case.event.escalation += 1
    order = list(Priority)
    at = order.index(case.event.priority)
    case.event.priority = order[max(0, at - 1)]
    deadlines.tighten(case)
    notify = LEVELS[case.event.escalation]
    name = str(Notify(notify).label)
    case.record(
        "escalated",
        actor,
        text=text,
        level=case.event.escalation,
        notify=notify,
        notify_name=name,
    )


def instruct(case, scope, actor, text):
    """领导批示: a department on the case must answer it with a message, or is reminded."""
    entry = case.record("instructed", actor, text=text, notify=HEAD)
    waits.await_answer(case, entry)


def check_condition_open(case, scope):
    """A reporter sets the condition until somebody has claimed."""
    first = next((row for row in case.current if row.claimed_at), None)
    if first and DISPATCHER not in capacities(scope, case.event, case.assignments):
        raise Conflict(_("已有部门签收，请由派遣员改立案条件。"), winner=claimer(first))


def choose_limit(case, scope, actor, condition):
    """立案条件: which row of the class's limits holds; empty is the default row again.

    The clock runs on from where it ran from. The same again is nothing.
    """
    event = case.event
    if condition == event.condition:
        return
    if condition and not has_condition(event.category, condition):
        raise Invalid(condition=_("这个分类没有这一立案条件。"))
    event.condition = condition
    deadlines.restart(case)
    limits = [
        f"{row.get_stage_display()} {row.limit_text}" for row in deadlines.running(case).values()
    ]
    case.record("limit_chosen", actor, condition=condition or _("默认"), limits="，".join(limits))
