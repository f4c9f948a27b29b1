"""What the clock says when a step of a deadline is due: an entry's kind and its data."""

from datetime import datetime

from django.utils.timezone import localtime

from dispatch.escalation import raised
from dispatch.models import Notify, Stage
from events.entry import stamp


def said(row, step, event):
    """(kind, data) of the entry for a planned step of `row`, a Deadline of `event`."""
    about = {
        "stage": row.stage,
        "stage_name": str(Stage(row.stage).label),
        "percent": step["percent"] or _share(row, step),
        "notify": step["notify"],
    }
    about |= {name: step[name] for name in ("nth", "named", "channel") if step.get(name)}
    if also := raised(step, event.escalation):
        about["also"] = also
    if row.stage == Stage.LIFE:
        return "silent", about | part_of(row.assignment)
    if row.stage == Stage.ANSWER:
        return "unanswered", about | {"notify_name": name_of(step), "asked_seq": row.asked_seq}
    if datetime.fromisoformat(step["at"]) >= row.due_at:
        return "overdue", about | {"notify_name": name_of(step)}
    if step.get("warn"):
        return "warned", about | {"due": words(row.due_at), "due_at": stamp(row.due_at)}
    return "reminded", about


def part_of(assignment):
    """The department and the person of a part that was claimed."""
    return {
        "department": assignment.department.code,
        "department_name": assignment.department.name,
        "name": assignment.claimed_by_name,
    }


def name_of(step):
    """Whom a step tells, in words."""
    return step.get("name") or str(Notify(step["notify"]).label)


def words(at):
    """A moment in district time, to the minute."""
    return f"{localtime(at):%Y-%m-%d %H:%M}"


def _share(row, step):
    """How much of the whole time has passed at the step, percent of the wall clock."""
    at = datetime.fromisoformat(step["at"])
    whole = (row.due_at - row.started_at).total_seconds()
    return round(100 * (at - row.started_at).total_seconds() / whole) if whole else 100
