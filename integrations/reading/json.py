"""JSON with one meaning: no NaN, no key twice, no depth without end, no half characters."""

import json
import math

from django.utils.translation import gettext as _

from integrations.reading.text import decode
from integrations.sources.kind import Unreadable

MAX_DEPTH = 64


def parse(body, content_type="", encoding="utf-8"):
    """The object, list or value in `body` (bytes). Raises Unreadable."""
    return parse_text(decode(body, content_type, encoding))


def parse_text(text):
    """The object, list or value in a text. Raises Unreadable with the line where reading ended."""
    try:
        value = json.loads(
            text.lstrip("\ufeff"),
            parse_constant=_constant,
            parse_float=_float,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            _("JSON 不完整或格式有误：第 %(line)s 行第 %(column)s 列。")
            % {"line": error.lineno, "column": error.colno}
        ) from None
    except ValueError:
        # A number of thousands of digits.
        raise Unreadable(_("JSON 含有过长的数字。")) from None
    _check_depth(value)
    return _whole(value)


def _constant(name):
    raise Unreadable(_("JSON 含有 %(name)s，这不是数字。") % {"name": name})


def _float(digits):
    number = float(digits)
    if not math.isfinite(number):
        raise Unreadable(_("JSON 含有过大的数字。"))
    return number


def _object(pairs):
    found = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise Unreadable(_("JSON 的键 %(key)s 出现两次，内容不同。") % {"key": key[:80]})
        found[key] = value
    return found


def _check_depth(value):
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep()
        level = [child for parent in level for child in _children(parent)]


def _children(value):
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in found if isinstance(child, dict | list)]


def _whole(value):
    if isinstance(value, str):
        # Half of a surrogate pair, as senders leave that cut texts by length; no database takes it.
        return (
            value
            if value.isascii()
            else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


def _too_deep():
    return Unreadable(_("JSON 嵌套超过 %(depth)s 层。") % {"depth": MAX_DEPTH})
