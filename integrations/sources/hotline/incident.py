"""ReportedIncident: an incident of the hotline's daily service, its data in attributes."""

from django.utils.translation import gettext_lazy as _

from integrations.reading.incident import incident
from integrations.reading.whereabouts import point_of, whereabouts
from integrations.sources.formats import Format


class ReportedIncident(Format):
    """XML `ReportedIncident`, also in a SOAP envelope."""

    label = _("ReportedIncident 事件上报")

    def fits(self, fields):
        return fields.any("incidentSourceCode", "incidentName", "incidentType") and not fields.any(
            "feedbackType"
        )

    def items(self, source, fields):
        text = fields.text("description", "incidentDesc")
        return [
            incident(
                source,
                ids=(
                    fields.get("incidentSourceCode", "incidentCode", "incidentId"),
                    fields.get("commandCode"),
                ),
                title=fields.get("incidentName"),
                text=text,
                words=(
                    fields.get("incidentType"),
                    fields.get("incidentTypeName"),
                    fields.get("incidentName"),
                ),
                priority=fields.get("incidentLevel", "urgency"),
                place=whereabouts(
                    source,
                    **point_of(fields),
                    code=fields.get("regionCode"),
                    point=fields.get("occurPlace", "address"),
                    text=text,
                ),
                occurred=fields.raw("occurDate", "occurTime"),
                said=fields.raw("reportDate", "updateDate"),
                name=fields.get("reportPerson"),
                phone=fields.get("reportMobile", "reportPhone"),
            )
        ]
