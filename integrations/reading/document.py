"""A delivery of any syntax as plain data: XML, JSON, a table, or one of them inside a form field.

The content type is only a hint; what the bytes look like decides.
"""

from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from integrations.reading import json, sheet, xml
from integrations.reading.mending import mend
from integrations.reading.text import decode
from integrations.sources.kind import Unreadable

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 100


def document(source, delivery):
    """The delivery as dicts, lists and texts; XML as `tree` makes it, a table as a list of rows.

    Raises Unreadable.
    """
    body = delivery.body
    if not body.strip():
        raise Unreadable(_("消息是空的。"))
    if sheet.is_workbook(body):
        return sheet.records(body)
    text = decode(body, delivery.content_type, source.encoding).lstrip("\ufeff").strip()
    if text[:1] in "<{[":
        return data_of(text)
    if FORM in delivery.content_type.lower():
        return _form(text)
    return sheet.records(body, delivery.content_type, source.encoding)


def data_of(text):
    """The data of a text that begins like XML or JSON. Raises Unreadable."""
    if not text.startswith("<"):
        return json.parse_text(text)
    try:
        root = xml.parse_text(text)
    except Unreadable as problem:
        # Document types and nests are no slips of the pen: they fail the second time as well.
        try:
            root = xml.parse_text(mend(text))
        except Unreadable:
            raise problem from None
    return {xml.name(root): tree(root)}


def tree(element):
    """An Element as data: {name: value} of attributes and children, or its text when it has none.

    Several children of a name are a list; namespaces are left out.
    """
    if len(element) == 0 and not element.attrib:
        return (element.text or "").strip()
    found = {}
    for key, value in element.attrib.items():
        found[key.rpartition("}")[2]] = value.strip()
    for child in element:
        name, value = xml.name(child), tree(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    if len(element) == 0 and (text := (element.text or "").strip()):
        found.setdefault("text", text)
    return found


def _form(text):
    """A form's fields; a field may hold the message itself, which `records` then looks into."""
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Unreadable(_("表单字段过多或格式有误。")) from None
    if not fields:
        raise Unreadable(_("表单里没有字段。"))
    return dict(fields)
