"""The collectors are told the number of their case: the pictures that follow name it."""

from xml.etree.ElementTree import Element, SubElement, tostring

from integrations.models import InboundState

CONTENT_TYPE = "application/xml; charset=utf-8"


def receipt(source, message):
    """(status, content type, bytes) of `response` with code, message, TaskNum and receipt; None
    unless the source's option `receipt` is "xml"."""
    if source.options.get("receipt") != "xml":
        return None
    # What only waits for its case is accepted.
    refused = message.state == InboundState.QUARANTINED and message.retry_at is None
    root = Element("response")
    for name, value in {
        "code": "1" if refused else "0",
        "message": message.reason,
        "TaskNum": message.event.number if message.event else "",
        "receipt": str(message.receipt),
    }.items():
        SubElement(root, name).text = value
    body = tostring(root, "utf-8", xml_declaration=True)
    return 422 if refused else 202, CONTENT_TYPE, body
