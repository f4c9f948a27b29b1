"""A work order of the lifelines' monitoring: water, gas, drains, bridges, and their sensors."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.items import Progress, Withdrawal
from integrations.reading.incident import incident, note, past, reference
from integrations.reading.times import parse_or_none
from integrations.reading.whereabouts import point_of, whereabouts
from integrations.sources.formats import Format
from integrations.sources.plain import pictures
from integrations.sources.stage import Stage, stage_of


class WorkOrder(Format):
    """JSON with `workordercode`; `attachments` are addresses of pictures."""

    label = gettext_lazy("生命线工单")

    def fits(self, fields):
        return fields.any("workordercode") and fields.any("workordercontent", "place", "state")

    def items(self, source, fields):
        own, state = fields.get("workordercode"), fields.get("state")
        stage = stage_of(source, state) if state else Stage.OPEN
        text = fields.text("workordercontent")
        said, _ahead = past(source, fields.raw("updatetime"))
        if stage == Stage.WITHDRAWN:
            return [Withdrawal(reference(own), text or state, said)]
        items = [self.incident(source, fields, text)] if fields.any("workordercontent") else []
        if stage == Stage.ENDED:
            result = fields.text("processresult", "result")
            items.append(Progress(reference(own), note(_("已处置"), result) or _("已处置"), said))
        return [*items, *pictures(own, fields.raw("attachments"))]

    def incident(self, source, fields, text):
        """The Incident of a work order."""
        due = parse_or_none(fields.raw("processlimited"), source.time_zone)
        return incident(
            source,
            ids=(fields.get("workordercode"),),
            text=text,
            words=(fields.get("scene"),),
            priority=fields.get("level", "workorderlevel"),
            place=whereabouts(
                source,
                **point_of(fields),
                district=fields.get("area"),
                street=fields.get("street"),
                point=fields.get("place"),
                text=text,
            ),
            occurred=fields.raw("dispatchtime"),
            said=fields.raw("updatetime"),
            notes=(
                note(_("来源"), fields.get("ordersource")),
                note(_("派单单位"), fields.get("sendscene")),
                note(_("要求完成时间"), f"{due:%Y-%m-%d %H:%M}" if due else ""),
            ),
        )
