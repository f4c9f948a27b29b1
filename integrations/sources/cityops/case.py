"""receiverec_process: a case as the collectors' system hands it over."""

from django.utils.translation import gettext_lazy as _

from integrations.reading.incident import incident
from integrations.reading.records import Fields
from integrations.reading.whereabouts import point_of, whereabouts
from integrations.sources.formats import Format


class Case(Format):
    """XML `request/params`. Its coordinates are often projected metres of the city's own grid;
    then the address places it. Pictures may come along, or later with its number."""

    label = _("receiverec_process 案件")

    def fits(self, fields):
        return params(fields).any("EvtsrcID", "Evtdescribe", "Evtaddress")

    def items(self, source, fields):
        fields = params(fields)
        text = fields.text("Evtdescribe")
        return [
            incident(
                source,
                ids=(fields.get("EvtsrcID", "TaskNum"),),
                text=text,
                words=(
                    fields.get("EvtTypeCode", "EventTypeCode"),
                    fields.get("MainTypeName"),
                    fields.get("SubTypeName"),
                    fields.get("EventType"),
                ),
                priority=fields.get("EvtLevel"),
                place=whereabouts(
                    source,
                    **point_of(fields),
                    street=fields.get("StreetName"),
                    community=fields.get("CommunityName"),
                    point=fields.get("Evtaddress"),
                    text=text,
                ),
                occurred=fields.raw("Formdate"),
                name=fields.get("reportName"),
                phone=fields.get("reportContact"),
            )
        ]


def params(fields):
    """The Fields of the `params` of a request, or the fields themselves."""
    inner = fields.raw("params")
    return Fields(inner) if isinstance(inner, dict) else fields
