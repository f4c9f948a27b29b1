"""One answer in GeoReport's two formats: JSON is the XML by the Spark convention.

A list in JSON is an element of elements in XML, a null an empty element, an object its fields; the
root's name is in XML only.
"""

import io
import json
import re

from django.http import HttpResponse
from django.utils.xmlutils import SimplerXMLGenerator

# The element in each list's element.
ITEMS = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
# What XML 1.0 cannot hold, in any spelling.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(root, content):
    """The bytes of `content` in JSON."""
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def as_xml(root, content):
    """The bytes of `content` in XML, in an element named `root`."""
    out = io.BytesIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    _write(xml, root, content)
    xml.endDocument()
    return out.getvalue()


FORMATS = {
    "json": ("application/json; charset=utf-8", as_json),
    "xml": ("text/xml; charset=utf-8", as_xml),
}


def answer(format_, root, content, status=200, headers=None):
    """The response: `content` is a list or an object, `root` its name in XML."""
    content_type, write = FORMATS[format_]
    return HttpResponse(
        write(root, content), status=status, content_type=content_type, headers=headers
    )


def _write(xml, name, value):
    xml.startElement(name, {})
    if isinstance(value, dict):
        for key, part in value.items():
            _write(xml, key, part)
    elif isinstance(value, list):
        for part in value:
            _write(xml, ITEMS[name], part)
    elif value is not None:
        xml.characters(_text(value))
    xml.endElement(name)


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return NOT_XML.sub("", str(value))
