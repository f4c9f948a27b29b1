"""postEvent: an emergency from the city's emergency command."""

from django.utils.translation import gettext_lazy as _

from integrations.items import Withdrawal
from integrations.reading.incident import incident, reference
from integrations.reading.whereabouts import point_of, whereabouts
from integrations.sources.formats import Format
from integrations.sources.stage import Stage, stage_of


class Emergency(Format):
    """XML `data/event`; the sender's name and password beside it are looked at by nobody."""

    label = _("postEvent 突发事件")

    def fits(self, fields):
        return fields.any("eventId", "eventTitle", "eventContent")

    def items(self, source, fields):
        own = fields.get("eventId")
        status = fields.get("eventStatus", "eventState", "status")
        if status and stage_of(source, status) == Stage.WITHDRAWN:
            return [Withdrawal(reference(own), status)]
        title, text = fields.get("eventTitle"), fields.text("eventContent")
        return [
            incident(
                source,
                ids=(own,),
                title=title,
                text=text,
                words=(fields.get("eventType"), fields.get("eventTypeName"), title),
                priority=fields.get("emergencyLevel"),
                place=whereabouts(
                    source,
                    **point_of(fields),
                    street=fields.get("streetName"),
                    community=fields.get("communityName"),
                    point=fields.get("eventAddr", "eventAddress"),
                    text=text,
                ),
                occurred=fields.raw("eventDate", "eventTime"),
                said=fields.raw("updateTime", "updateDate"),
                name=fields.get("reportName", "reporter"),
                phone=fields.get("reportPhone", "reportTel"),
            )
        ]
