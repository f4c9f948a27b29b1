"""The hotline is answered with ReportedFeedback: 0 progress, 1 return, 4 done."""

from xml.etree.ElementTree import Element, tostring

from events.report import clean
from integrations.reading.times import zone_of
from integrations.sources.hotline.feedback import DONE, PROGRESS, RETURN
from integrations.sources.posting import send as post
from integrations.sources.reply import Said, reply_to

NAMESPACE = "http://www.dscomm.com.cn/ns/soc/dailyIncidentService"
TYPES = {Said.PROGRESS: PROGRESS, Said.RETURN: RETURN, Said.DONE: DONE}


def content(source, entry):
    """The attributes of the ReportedFeedback for a timeline entry, or None. Local times."""
    event = entry.event
    reply = reply_to(entry) if event.external_id and source.options.get("answer_url") else None
    if reply is None:
        return None
    local = entry.at.astimezone(zone_of(source.time_zone))
    return {
        "commandCode": _command(source, event),
        "feedbackCode": f"{event.number}-{entry.seq}",
        "feedbackSource": str(source.options.get("org_code", "")),
        "feedbackType": TYPES[reply.said],
        "content": reply.text,
        "feedbackPerson": reply.department,
        "feedbackDate": f"{local:%Y-%m-%d %H:%M:%S}",
        "feedbackSourceCode": event.external_id,
    }


def send(source, message, fetch):
    """POST the ReportedFeedback; an Outcome."""
    return post(
        source,
        message,
        fetch,
        data=xml(message.content),
        headers={"Content-Type": "application/xml; charset=utf-8"},
    )


def xml(attributes):
    """The bytes of a ReportedFeedback; what is markup in the text is escaped."""
    fields = {name: clean(value) for name, value in attributes.items() if value}
    return tostring(Element(f"{{{NAMESPACE}}}ReportedFeedback", fields), "utf-8")


def _command(source, event):
    """The hotline's own code of the order where it gave one beside the incident's, else ours."""
    also = event.external_ids.filter(source=source).exclude(value=event.external_id)
    return also.order_by("pk").values_list("value", flat=True).first() or event.number
