"""SJLC: a step that an event of the table has gone through."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.items import Progress
from integrations.reading.incident import past, reference
from integrations.sources.formats import Format


class Step(Format):
    """XML `datas/data`; SJID names the event, BLBM the office, BLYJ what it says."""

    label = gettext_lazy("SJLC 办理流程")

    def fits(self, fields):
        return fields.any("SJLC_ID") or fields.all("SJID", "BLYJ")

    def items(self, source, fields):
        office, opinion = fields.get("BLBM"), fields.text("BLYJ")
        said, _ahead = past(source, fields.raw("BLSJ", "JSSJ"))
        text = "：".join(filter(None, (office, opinion))) or _("已流转")
        return [Progress(reference(fields.get("SJID", "SJXX_COPY_ID")), text, said)]
