"""The steps that a ticket has gone through, as the hotline's process engine lists them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.items import Progress, Rating
from integrations.reading.incident import checked, past
from integrations.reading.records import Fields
from integrations.sources.formats import Format
from integrations.sources.hotline.columns import CITY_NUMBER, NUMBER
from integrations.sources.hotline.rating import satisfied
from integrations.sources.kind import Unreadable

STEP = ("ps_caption", "pss_caption_start", "payroll_resulttmp")
TICKET = (
    *NUMBER,
    *CITY_NUMBER,
    *("ticket", "ticket_id", "ticket_no", "order_no", "order_id", "workordercode", "case_no"),
    *("code", "number", "id"),
)
CALL_BACK = "回访"


class Flow(Format):
    """A list of steps beside a ticket number; a step may carry the number itself.

    The list alone, as some systems send it, says nothing of which ticket it is about.
    """

    label = gettext_lazy("工单办理流程")

    def fits(self, fields):
        return fields.any(*STEP) or bool(_steps(fields))

    def items(self, source, fields):
        steps = [fields] if fields.any(*STEP) else _steps(fields)
        own = checked(*(fields.get(name) for name in TICKET))
        if not own:
            raise Unreadable(
                _(
                    "办理流程没有工单编号，不知道是哪一张工单；"
                    '请放进带编号的对象里：{"工单编号": "…", "流程": […]}。'
                )
            )
        told = [item for step in steps for item in _told(source, own[0], step)]
        # What is older than what was said before counts for nothing, so the oldest goes first.
        return sorted(told, key=lambda item: item.said_at.timestamp() if item.said_at else 0)


def _steps(fields):
    for value in fields.record.values():
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            steps = [Fields(each) for each in value]
            if all(step.any(*STEP) for step in steps):
                return steps
    return []


def _told(source, own, step):
    said, _ahead = past(source, step.raw("date", "opdate", "办理时间"))
    caption, done = step.get("ps_caption"), step.get("pso_caption")
    stages = [step.get("pss_caption_start"), step.get("pss_caption_end")]
    parts = [
        f"{caption}：{' → '.join(filter(None, stages))}",
        done and f"（{done}）",
        step.get("di_title") and f"，{step.get('di_title')}",
        step.get("payroll_resulttmp") and f"：{step.get('payroll_resulttmp')}",
    ]
    yield Progress(own, "".join(filter(None, parts)), said)
    if caption == CALL_BACK and (happy := satisfied(done)) is not None:
        yield Rating(own, happy, None, step.get("payroll_resulttmp"), said)
