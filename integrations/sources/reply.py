"""What a source is told of its event: who has it, that it is given back, that it is done."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from dispatch.models import Assignment, AssignmentRole, AssignmentState
from integrations.context import main
from integrations.masking import without_numbers
from integrations.reading.text import line

TEXT_CHARS = 2000


class Said(StrEnum):
    """The three things that hotlines and centres tell apart."""

    PROGRESS = "progress"
    RETURN = "return"
    DONE = "done"


@dataclass(frozen=True)
class Reply:
    """One answer; `department` is the name of the office that acted, never a person's."""

    said: Said
    text: str
    department: str = ""


def reply_to(entry):
    """The Reply that a timeline entry of a source's event means, or None.

    Done is said when every department that had to has finished, with the lead's words; what happens
    afterwards (rework, a closing word) is progress. A return by a support, or a transfer, is the
    district's own business. No reply names a telephone number.
    """
    found = REPLIES[entry.kind](entry, entry.data) if entry.kind in REPLIES else None
    if found is None:
        return None
    said, text, department = found
    return Reply(said, without_numbers(text)[:TEXT_CHARS], department)


def _claimed(entry, data):
    name = data.get("department_name", "")
    return Said.PROGRESS, _("{name}已签收，正在处置。").format(name=name), name


def _arrived(entry, data):
    name = data.get("department_name", "")
    return Said.PROGRESS, _("{name}已到现场。").format(name=name), name


def _posted(entry, data):
    # A merged event hears only what was public of its main event.
    public = data.get("public", entry.event.merged_into_id is not None)
    return (Said.PROGRESS, data.get("text", ""), "") if public else None


def _returned(entry, data):
    name = data.get("department_name", "")
    lead = Assignment.objects.filter(
        event=main(entry.event),
        department__name=name,
        role=AssignmentRole.LEAD,
        state=AssignmentState.RETURNED,
        ended_at=entry.at,
    ).exists()
    return (Said.RETURN, data.get("reason", ""), name) if lead else None


def _cancelled(entry, data):
    reason = data.get("reason", "")
    if entry.event.timeline.filter(kind="withdrawal_asked", at__lte=entry.at).exists():
        return Said.PROGRESS, _("已按来件要求作废：{reason}").format(reason=reason), ""
    return Said.RETURN, reason, ""


def _handled(entry, data):
    return Said.DONE, *_completion(entry)


def _closed(entry, data):
    text = data.get("text", "")
    told = main(entry.event).timeline.filter(
        kind__in=("handled", "reworked", "reopened"), at__lte=entry.at
    )
    last = told.order_by("-seq").values_list("kind", flat=True).first()
    if last != "handled":
        words, name = _completion(entry)
        return Said.DONE, text or words, name
    return (Said.PROGRESS, _("已结案：{text}").format(text=text), "") if text else None


def _reworked(entry, data):
    return Said.PROGRESS, _("核查未通过，正在返工。"), ""


def _reopened(entry, data):
    return Said.PROGRESS, _("已重新办理。"), ""


def _merged(entry, data):
    return Said.PROGRESS, _("已与同一事项合并办理。"), ""


def _completion(entry):
    """(the words of the lead's completion, its name): of the last round of work."""
    event, done = main(entry.event), {}
    for kind, data in (
        event.timeline.filter(kind__in=("completed", "reworked", "reopened"), at__lte=entry.at)
        .order_by("seq")
        .values_list("kind", "data")
    ):
        if kind == "completed":
            done[data.get("department")] = data
        else:
            done = {}
    lead = (
        event.assignments.filter(current=True, role=AssignmentRole.LEAD)
        .values_list("department__code", flat=True)
        .first()
    )
    last = done.get(lead) or next(reversed(done.values()), {})
    return line(last.get("text")) or _("已处置完毕。"), last.get("department_name", "")


REPLIES = {
    "claimed": _claimed,
    "arrived": _arrived,
    "posted": _posted,
    "returned": _returned,
    "cancelled": _cancelled,
    "handled": _handled,
    "closed": _closed,
    "reworked": _reworked,
    "reopened": _reopened,
    "merged": _merged,
}
