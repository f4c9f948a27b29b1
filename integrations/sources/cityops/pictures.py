"""uploadpic: the pictures of a case, a second call after the case's own."""

import base64
import binascii
import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import AttachmentRole
from integrations.items import Picture
from integrations.reading.incident import reference
from integrations.reading.records import Fields
from integrations.sources.cityops.case import params
from integrations.sources.formats import Flawed, Format
from integrations.sources.kind import Unreadable

# PictureTypeID: taken when reporting, when disposing, when verifying.
ROLES = {"1": AttachmentRole.BEFORE, "2": AttachmentRole.AFTER, "3": AttachmentRole.AFTER}
DATA_URL = re.compile(r"^data:[\w/+.-]*;base64,", re.IGNORECASE)
BLANKS = re.compile(r"\s+")


class Pictures(Format):
    """XML `request` with `attachment/item`s, or the same as JSON; also beside a case."""

    label = gettext_lazy("uploadpic 图片")

    def fits(self, fields):
        parts = fields.raw("attachment", "attachments")
        return (
            isinstance(parts, dict | list)
            or params(fields).any("PictureTypeID")
            or fields.all("Content", "TaskNum")
        )

    def items(self, source, fields):
        said = params(fields)
        own = reference(said.get("TaskNum", "TaskID", "EvtsrcID"))
        role = ROLES.get(said.get("PictureTypeID").lstrip("0"), "")
        files = _files(fields)
        if not files:
            if not said.any("PictureTypeID"):
                return []
            raise Unreadable(_("没有图片内容。"))
        return [_picture(own, role, index, file) for index, file in enumerate(files, 1)]


def _files(fields):
    """The Fields of each picture: `attachment`, its `item`s, or the record itself."""
    value = fields.raw("attachment", "attachments")
    if value is None:
        value = fields.record if fields.any("Content") else []
    elif isinstance(value, dict):
        value = Fields(value).raw("item", "items") or value
    files = value if isinstance(value, list) else [value]
    return [Fields(file) for file in files if isinstance(file, dict)]


def _picture(own, role, index, file):
    name = file.get("FileName", "Name", limit=200)
    url = file.get("Url", "Path")
    if url.lower().startswith(("http://", "https://")):
        return Picture(own, name, url=url, role=role)
    text = DATA_URL.sub("", BLANKS.sub("", file.text("Content")))
    try:
        # Some encoders leave the padding out, some write - and _ for + and /.
        padded = text.replace("-", "+").replace("_", "/").rstrip("=") + "=" * (
            -len(text.rstrip("=")) % 4
        )
        content = base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        return Flawed(index, _("图片 {name} 的内容不是有效的 Base64。").format(name=name))
    return Picture(own, name, content=content, role=role)
