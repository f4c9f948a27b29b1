"""The colour of a warning signal, wherever the sender put it."""

import re

from integrations.models import Colour
from integrations.reading.records import Fields

WORDS = (
    (Colour.RED, re.compile(r"红色|紅色|\bred\b", re.IGNORECASE)),
    (Colour.ORANGE, re.compile(r"橙色|\borange\b", re.IGNORECASE)),
    (Colour.YELLOW, re.compile(r"黄色|黃色|\byellow\b", re.IGNORECASE)),
    (Colour.BLUE, re.compile(r"蓝色|藍色|\bblue\b", re.IGNORECASE)),
)
# Parameters and codes that say a colour: alert_color, awareness_level "3; orange; Severe".
NAMED = re.compile(r"colou?r|awareness_level|颜色|alertlevel", re.IGNORECASE)


def colour_of(infos):
    """The worst colour that info blocks (Fields) say, else ''.

    A severity that is a colour goes first (the national dialect), then a parameter for it, then the
    headline.
    """
    found = [one for one in map(_of_block, infos) if one]
    order = list(Colour)
    return min(found, key=order.index, default="")


def _of_block(info):
    named = [
        parameter.get("value")
        for name in ("parameter", "eventCode")
        for parameter in map(Fields, _dicts(info.record.get(name)))
        if NAMED.search(parameter.get("valueName"))
    ]
    for text in (info.get("severity"), *named, info.get("headline"), info.get("event")):
        for colour, words in WORDS:
            if words.search(text):
                return colour
    return ""


def _dicts(value):
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]
