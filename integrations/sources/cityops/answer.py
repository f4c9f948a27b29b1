"""The city management centre is told of a disposal by the row it gave, filled in."""

from xml.etree.ElementTree import Element, SubElement, tostring

from integrations.reading.times import zone_of
from integrations.sources.posting import send as post
from integrations.sources.reply import Said, reply_to

# STATE where the source's option `states` says nothing else: in hand, disposed of, returned.
STATES = {Said.PROGRESS: "1", Said.DONE: "2", Said.RETURN: "3"}
KEY = "TASKID:"


def content(source, entry):
    """{TASKID, TASKNUM, STATE, DISPOSEID, DISPOSENAME, DISPOSEDATE, DISPOSEMEMO} for a timeline
    entry, or None. Local time."""
    event = entry.event
    reply = reply_to(entry) if event.external_id and source.options.get("answer_url") else None
    if reply is None:
        return None
    local = entry.at.astimezone(zone_of(source.time_zone))
    return {
        "TASKID": _key(source, event),
        "TASKNUM": event.external_id,
        "STATE": {**STATES, **source.options.get("states", {})}[reply.said],
        "DISPOSEID": f"{event.number}-{entry.seq}",
        "DISPOSENAME": reply.department,
        "DISPOSEDATE": f"{local:%Y-%m-%dT%H:%M:%S}",
        "DISPOSEMEMO": reply.text,
    }


def send(source, message, fetch):
    """POST the disposal in the source's `answer_form`; an Outcome."""
    if source.options.get("answer_form") == "xml":
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        return post(source, message, fetch, data=xml(message.content), headers=headers)
    return post(source, message, fetch, json=message.content)


def xml(fields):
    """The bytes of the disposal as `request/params`, escaped."""
    root = Element("request")
    params = SubElement(root, "params")
    for name, value in fields.items():
        SubElement(params, name).text = value
    return tostring(root, "utf-8", xml_declaration=True)


def _key(source, event):
    known = event.external_ids.filter(source=source, value__startswith=KEY)
    return (known.values_list("value", flat=True).first() or "").removeprefix(KEY)
