"""Options with their keys hidden, and back: what is left hidden in a form keeps its value."""

import re

from django.utils.translation import gettext as _

HIDDEN = "●●●●●●"
SECRET = re.compile(
    r"secret|passw|pwd|token|credential|authorization|cookie|signature|private|(?:^|_|-)(?:key|mac)$"
    r"|api[-_]?key|^key$",
    re.IGNORECASE,
)
USER = re.compile(r"(://)[^/@?#]+(@)")
QUERY_KEY = re.compile(
    r"([?&][^=&#]*(?:key|secret|token|sign|passw)[^=&#]*=)[^&#]+()", re.IGNORECASE
)
RANDOM_STEP = re.compile(r"(/)[A-Za-z0-9_-]{20,}(?=$|[/?#])()")


class NothingKept(Exception):
    """A hidden value that stands for nothing; the text says which."""


def hidden(value, name=""):
    """`value` (JSON) with what is secret in it replaced by HIDDEN, also keys within addresses."""
    if isinstance(value, dict):
        return {key: hidden(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hidden(inner, name) for inner in value]
    if value in ("", None) or isinstance(value, bool):
        return value
    if SECRET.search(name):
        return HIDDEN
    return _address(value) if isinstance(value, str) and "://" in value else value


def restored(value, kept, name=""):
    """`value` as it is meant: hidden parts are those of `kept`. Raises NothingKept."""
    if isinstance(value, dict):
        old = kept if isinstance(kept, dict) else {}
        return {key: restored(inner, old.get(key), key) for key, inner in value.items()}
    if isinstance(value, list):
        old = kept if isinstance(kept, list) else []
        old = [*old, *[None] * len(value)]
        return [restored(inner, old[index], name) for index, inner in enumerate(value)]
    if isinstance(value, str) and "●" in value:
        if kept is None or hidden(kept, name) != value:
            raise NothingKept(
                _("“%(name)s”含有 ●，没有原值可以保留，请填写完整的值。") % {"name": name}
            )
        return kept
    return value


def headers(given):
    """[(name, value)] of a message's headers, what is secret hidden."""
    return sorted((name, str(hidden(value, name))) for name, value in given.items())


def _address(text):
    """An address without its user, the keys of its query, and steps that nobody could guess."""
    for pattern in (USER, QUERY_KEY, RANDOM_STEP):
        text = pattern.sub(lambda found: found[1] + HIDDEN + found[2], text)
    return text
