"""A message's bytes as a person can read and mend them: in an encoding, or as hexadecimal."""

import codecs
import json
from dataclasses import dataclass
from xml.dom.minidom import Node
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException, minidom
from django.utils.translation import gettext_lazy as _

from integrations.reading import text as reading
from integrations.reading.xml import DECLARATION

HEX = "hex"
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("gb18030", _("GB 18030（含 GBK）")),
    ("utf-16", "UTF-16"),
    ("big5", "Big5"),
    (HEX, _("十六进制")),
]
# Characters of text, and bytes of hexadecimal, that a page shows; the rest is for the download.
TEXT_SHOWN, HEX_SHOWN = 40_000, 8_000
# Bytes that are laid out nicely, and that a text field may hold to be mended.
PRETTY_MOST, MENDABLE = 200_000, 300_000


class Unwritable(Exception):
    """A mended text that cannot become bytes; the text says why."""


@dataclass(frozen=True)
class Body:
    """Bytes as text. `form` is "xml", "json", "text" or "hex"; `fits` tells whether the encoding
    could read all of them."""

    encoding: str
    form: str
    text: str
    fits: bool
    size: int
    cut: bool = False
    pretty: bool = False


def guess(content, content_type="", encoding="utf-8"):
    """The name in ENCODINGS that reads `content` best; HEX for what is no text."""
    for mark, name in reading.BOMS:
        if content.startswith(mark):
            return "utf-8" if name == "utf-8-sig" else name
    if b"\x00" in content:
        return HEX
    said = reading.charset(content_type)
    for name in ("utf-8", said, encoding, "gb18030"):
        known = _known(name)
        if known and _read(content, known)[1]:
            return known
    return HEX


def shown(content, encoding, *, pretty=True):
    """The Body of `content` in one of ENCODINGS; laid out if `pretty` and it is XML or JSON."""
    size = len(content)
    if encoding == HEX:
        return Body(HEX, "hex", dump(content[:HEX_SHOWN]), True, size, size > HEX_SHOWN)
    text, fits = _read(content, encoding)
    form = _form(text)
    laid = _laid_out(text, form) if pretty and size <= PRETTY_MOST else None
    whole = laid or text
    cut = len(whole) > TEXT_SHOWN
    return Body(encoding, form, whole[:TEXT_SHOWN], fits, size, cut, pretty=laid is not None)


def editable(content, encoding):
    """The text of `content` for a text field, nothing laid out or left away; None if too long."""
    if len(content) > MENDABLE:
        return None
    if encoding == HEX:
        return content.hex(" ", 1)
    return _read(content, encoding)[0]


def written(text, encoding, like=b""):
    """The bytes of a mended `text`; a browser's line ends become those of the bytes `like`.

    Raises Unwritable.
    """
    if encoding == HEX:
        try:
            return bytes.fromhex(text)
        except ValueError:
            raise Unwritable(_("十六进制内容有误：应为成对的 0-9、A-F。")) from None
    text = text.replace("\r\n", "\n")
    if "\r\n" in _read(like, encoding)[0]:
        text = text.replace("\n", "\r\n")
    try:
        content = text.encode(_codec(encoding, like))
    except UnicodeEncodeError as error:
        raise Unwritable(
            _("“%(character)s”无法用所选编码保存，请换一种编码。")
            % {"character": text[error.start : error.end][:10]}
        ) from None
    # In the order of bytes that was there.
    if encoding == "utf-16" and like.startswith(codecs.BOM_UTF16_BE):
        content = codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return content


def dump(content):
    """Lines of offset, sixteen bytes, and what of them is ASCII."""
    lines = []
    for start in range(0, len(content), 16):
        row = content[start : start + 16]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{start:06x}  {row.hex(' '):<47}  {letters}")
    return "\n".join(lines)


def _known(name):
    name = (name or "").lower()
    if name.replace("_", "") in reading.CHINESE:
        return "gb18030"
    return name if name in {known for known, _label in ENCODINGS if known != HEX} else None


def _codec(encoding, like):
    if encoding == "utf-8" and like.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return encoding


def _read(content, encoding):
    codec = _codec(encoding, content)
    try:
        return content.decode(codec), True
    except UnicodeError:
        return content.decode(codec, "replace"), False


def _form(text):
    start = text.lstrip()[:1]
    if start == "<":
        return "xml"
    return "json" if start in ("{", "[") else "text"


def _laid_out(text, form):
    try:
        if form == "json":
            value = json.loads(text, object_pairs_hook=_object)
            return json.dumps(value, ensure_ascii=False, indent=2)
        if form == "xml":
            return _xml(text)
    except (ValueError, RecursionError, DefusedXmlException, ExpatError):
        pass
    return None


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        # Laid out, one of two equal keys would be gone from sight.
        raise ValueError
    return found


def _xml(text):
    # As text, so that a declaration which names another encoding does not matter.
    text = DECLARATION.sub("", text.lstrip("\ufeff"), count=1).strip()
    document = minidom.parseString(text.encode("utf-8", "replace"), forbid_dtd=True)
    _strip(document)
    return document.documentElement.toprettyxml(indent="  ").rstrip()


def _strip(node):
    """Take out text that is only blank: it was the sender's own layout."""
    for child in list(node.childNodes):
        if child.nodeType == Node.TEXT_NODE and not child.data.strip():
            node.removeChild(child)
        elif child.hasChildNodes():
            _strip(child)
