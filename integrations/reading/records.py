"""Finding the records in a document, and reading their fields by whatever name they go."""

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext as _

from events.report import clean
from integrations.reading.document import data_of
from integrations.reading.text import line
from integrations.sources.kind import Unreadable

# Wrappers around wrappers: SOAP envelope, body, method, text that is itself a message, its parts.
MAX_DEPTH = 12
MAX_PARTS = 100_000
LONGEST_NAME = 80
# No message is shorter.
SHORTEST = 10
BLANK = {"", "null", "none", "undefined", "nan", "-", "--", "/", "\\n"}
BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
MARKS = re.compile(r"[\W_]+")


class Fields:
    """A record's fields. Names are compared without case, width, spaces, marks and brackets."""

    def __init__(self, record):
        self.record = record
        self._values = {}
        for name, value in record.items():
            name = str(name)[:LONGEST_NAME]
            self._values.setdefault(key(name), value)
            self._values.setdefault(key(BRACKETED.sub("", name)), value)

    def __contains__(self, name):
        return key(name) in self._values

    def raw(self, *names):
        """The first of the named values that says something, as it came, or None."""
        values = (self._values.get(key(name)) for name in names)
        return next((value for value in values if not blank(value)), None)

    def get(self, *names, limit=None):
        """The first of the named values that says something, as one clean line, or ''."""
        return line(self._single(names), limit)

    def text(self, *names):
        """Like `get`, with its line breaks."""
        value = self._single(names)
        return "" if value is None else clean(str(value))

    def _single(self, names):
        """The first of the named values that says something and has no parts, or None."""
        for name in names:
            value = self._values.get(key(name))
            for each in value if isinstance(value, list) else [value]:
                if not blank(each) and not isinstance(each, dict | list):
                    return _plain(each)
        return None

    def any(self, *names):
        """Whether the record has one of those fields, filled or not."""
        return any(name in self for name in names)

    def all(self, *names):
        """Whether the record has all of those fields, filled or not."""
        return all(name in self for name in names)


@lru_cache(maxsize=4096)
def key(name):
    """The form in which names are compared: 村/社区, 村、社区 and 村社区 are one."""
    return MARKS.sub("", unicodedata.normalize("NFKC", str(name)).lower())


def blank(value):
    """Whether a value says nothing."""
    if value is None or value == {} or value == []:
        return True
    return isinstance(value, str) and value.strip().lower() in BLANK


def records(data, fits):
    """The dicts in `data`, at any depth, for which `fits(Fields)` is true, in their order.

    A record's own parts are not looked into. A text that is itself XML or JSON is opened. Raises
    Unreadable for more parts than any message has.
    """
    seen, waiting = 0, [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if not value or depth > MAX_DEPTH or not (_has_parts(value) or _is_message(value)):
            continue
        seen += 1
        if seen > MAX_PARTS:
            raise Unreadable(_("消息的组成部分超过 %(parts)s 个。") % {"parts": MAX_PARTS})
        value = value if _has_parts(value) else _opened(value)
        if isinstance(value, dict):
            fields = Fields(value)
            if fits(fields):
                yield fields
                continue
            value = list(value.values())
        waiting += [(each, depth + 1) for each in reversed(value)]


def _has_parts(value):
    return isinstance(value, dict | list)


def _is_message(value):
    """Whether a text begins like XML or JSON."""
    return isinstance(value, str) and len(value) > SHORTEST and value.lstrip()[:1] in tuple("<{[")


def _opened(text):
    """The data of a text that is itself a message; none when it only looks so."""
    try:
        return data_of(text.strip())
    except Unreadable:
        return []


def _plain(value):
    """A number as people write it: tables make 1000231.0 of 1000231."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
