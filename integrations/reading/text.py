"""Bytes into text, in whatever encoding they came."""

import codecs
import re
from email.message import Message

from django.utils.translation import gettext as _

from events.report import clean
from integrations.sources.kind import Unreadable

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# GB 2312 and GBK are parts of GB 18030, and senders say one and mean another.
CHINESE = {"gb2312", "gbk", "cp936", "936", "gb18030", "hz", "x-gbk", "euc-cn"}


def decode(body, content_type="", encoding="utf-8"):
    """The text of `body`. Raises Unreadable when no encoding fits.

    Tried in this order: a byte order mark, UTF-8 (which other encodings hardly look like), what the
    XML declaration says, what the content type says, the source's `encoding`, GB 18030.
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            text = _try(body, name)
            return text if text is not None else _fail(name)
    declared = DECLARED.match(body[:400])
    names = ["utf-8", declared and declared[1].decode(), charset(content_type), encoding, "gb18030"]
    for name in names:
        text = _try(body, name) if name else None
        if text is not None:
            return text
    return _fail("、".join(dict.fromkeys(name for name in names if name)))


def charset(content_type):
    """The charset of a Content-Type header, lower case; empty without one."""
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    found = message.get_param("charset")
    return found.strip().lower()[:40] if isinstance(found, str) else ""


def storable(value, limit=None):
    """`value` as text that any database takes: no NUL or other controls, no half characters."""
    return clean(str(value).encode("utf-8", "replace").decode())[:limit]


def line(value, limit=None):
    """`value` (text, number or None) as one clean line, cut to `limit` characters with an "…"."""
    text = " ".join(clean("" if value is None else str(value)).split())
    if limit is not None and len(text) > limit:
        return text[: limit - 1] + "…"
    return text


def _try(body, name):
    name = "gb18030" if name.lower().replace("_", "") in CHINESE else name
    try:
        return body.decode(name)
    # A name may belong to a codec that makes no text (hex), or to none.
    except (LookupError, ValueError, TypeError, AssertionError):
        return None


def _fail(names):
    raise Unreadable(
        _("文字编码无法识别（试过 %(names)s），请在来源设置中指定编码。") % {"names": names}
    )
