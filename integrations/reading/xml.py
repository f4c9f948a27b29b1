"""XML without entities, document types, or depth without end. Names are compared without their
namespace prefix: senders change prefixes, and leave namespaces out."""

import re
from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from integrations.reading import text as text_of_bytes
from integrations.sources.kind import Unreadable

MAX_DEPTH = 64
MAX_ELEMENTS = 200_000
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse(body, content_type="", encoding="utf-8"):
    """The root Element of `body` (bytes). Raises Unreadable with the line where reading ended."""
    return parse_text(text_of_bytes.decode(body, content_type, encoding))


def parse_text(text):
    """The root Element of a text; its declaration, which may name another encoding, is left out."""
    text = DECLARATION.sub("", text.lstrip("\ufeff"), count=1).strip()
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(text)
        return parser.close()
    except DefusedXmlException:
        raise Unreadable(_("XML 含有文档类型或实体声明，不予接收。")) from None
    except ParseError as error:
        line, column = error.position
        raise Unreadable(
            _("XML 不完整或格式有误：第 %(line)s 行第 %(column)s 列。")
            % {"line": line, "column": column}
        ) from None
    except (ValueError, UnicodeError):
        raise Unreadable(_("XML 含有无法识别的字符。")) from None


def name(element):
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def find(element, *names):
    """The first element below `element` (or itself) by one of those names, in any depth, or None.

    The names are tried in their order.
    """
    for wanted in names:
        for found in element.iter():
            if name(found) == wanted:
                return found
    return None


def find_all(element, *names):
    """All elements below `element` (or itself) by those names, in the order of the document."""
    return [found for found in element.iter() if name(found) in names]


def text(element, *names):
    """The text of the first of `find`, without outer blanks; empty when it is not there."""
    found = find(element, *names)
    return "".join(found.itertext()).strip() if found is not None else ""


def fields(element):
    """{name: text} of the direct children that hold text only, then of the attributes.

    Of two fields of one name the first counts.
    """
    found = {}
    for child in element:
        if len(child) == 0:
            found.setdefault(name(child), (child.text or "").strip())
    for key, value in element.attrib.items():
        found.setdefault(key.rpartition("}")[2], value.strip())
    return found


class _Bounded(TreeBuilder):
    def __init__(self):
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag, attributes):
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable(_("XML 嵌套超过 %(depth)s 层。") % {"depth": MAX_DEPTH})
        if self.count > MAX_ELEMENTS:
            raise Unreadable(_("XML 元素超过 %(count)s 个。") % {"count": MAX_ELEMENTS})
        return super().start(tag, attributes)

    def end(self, tag):
        self.depth -= 1
        return super().end(tag)
