"""The pressure ladder: urge, supervise, escalate, instruct."""

from django.utils.translation import gettext as _

from dispatch.problem import Conflict
from events.models import Priority, Supervision

LADDER = [Supervision.NONE, Supervision.PLAIN, Supervision.YELLOW, Supervision.RED]
HIGHEST = 2


def urge(case, scope, actor, text=""):
    """催办."""
    case.record("urged", actor, text=text)


def supervise(case, scope, actor, level, text=""):
    """督办: a lower card cannot follow a higher one, a repeat of the same is refused."""
    now, to = LADDER.index(case.event.supervision), LADDER.index(level)
    if to <= now:
        raise Conflict(
            _("已是{level}，只能升级。").format(level=Supervision(case.event.supervision).label)
        )
    case.event.supervision = level
    case.record(
        "supervised", actor, level=level, level_name=str(Supervision(level).label), text=text
    )


def check_escalatable(case, scope):
    """Refuse to go higher than the top."""
    if case.event.escalation >= HIGHEST:
        raise Conflict(_("已提级到最高一级。"))


def escalate(case, scope, actor, text=""):
    """提级: one level up, and one priority up."""
    case.event.escalation += 1
    order = list(Priority)
    at = order.index(case.event.priority)
    case.event.priority = order[max(0, at - 1)]
    case.record("escalated", actor, text=text)


def instruct(case, scope, actor, text):
    """领导批示."""
    case.record("instructed", actor, text=text)
