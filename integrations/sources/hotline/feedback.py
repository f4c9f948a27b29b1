"""ReportedFeedback: what became of an incident, said by the hotline or by a unit of its own."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.items import Decision, Progress
from integrations.reading.incident import note, past, reference
from integrations.sources.formats import Format
from integrations.sources.stage import Stage, meaning

# As the interface numbers them.
PROGRESS, RETURN, DONE = "0", "1", "4"
LABELS = {
    PROGRESS: gettext_lazy("进展"),
    RETURN: gettext_lazy("退单"),
    DONE: gettext_lazy("办结"),
}
GRANTED = {"1", "true", "y", "yes", "同意", "通过"}
REFUSED = {"0", "2", "false", "n", "no", "不同意", "驳回", "不通过"}


class ReportedFeedback(Format):
    """XML `ReportedFeedback`; `feedbackSourceCode` names the incident, else `commandCode`."""

    label = gettext_lazy("ReportedFeedback 反馈")

    def fits(self, fields):
        return fields.any("feedbackType") or fields.all("commandCode", "feedbackDate")

    def items(self, source, fields):
        own = reference(
            fields.get("feedbackSourceCode", "incidentSourceCode"), fields.get("commandCode")
        )
        kind, text = fields.get("feedbackType"), fields.text("content")
        said, _ahead = past(source, fields.raw("feedbackDate"))
        if kind == RETURN and (granted := _granted(fields, text)) is not None:
            return [Decision(own, granted, text, said)]
        label = str(LABELS.get(kind, _("反馈")))
        return [Progress(own, note(label, text) or label, said)]


def _granted(fields, text):
    """Whether a return was granted, or None when the message does not say."""
    result = fields.get("result", "auditResult", "checkResult").lower()
    stage = meaning(text)
    if result in REFUSED or stage == Stage.REFUSED:
        return False
    if result in GRANTED or stage == Stage.GRANTED:
        return True
    return None
