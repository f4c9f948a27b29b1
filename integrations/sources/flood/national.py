"""The dialect of China's national early warning centre (12379): no namespace, `sendTime`,
`eventType` codes, colours for severities, bare ids in `references`."""

import csv
import re
from functools import cache
from pathlib import Path

from integrations.reading.records import Fields

TABLE = Path(__file__).with_name("event_types.csv")
MARKS = ("sendTime", "senderCode", "secClassification")
# 河南省气象局发布大风蓝色预警[IV级/一般]
HEADLINE = re.compile(r"(?:发布|更新|继续发布|升级为|变更为)([一-龥]{1,12}?)(?:红|橙|黄|蓝)色预警")
# Severities of CAP that the colours stand for.
SEVERITIES = {"red": "Extreme", "orange": "Severe", "yellow": "Moderate", "blue": "Minor"}


def speaks(fields):
    """Whether an alert is written in this dialect."""
    return fields.any(*MARKS)


def translated(fields):
    """The same alert with the names of CAP."""
    record = dict(fields.record)
    record.setdefault("sent", record.pop("sendTime", ""))
    record["sender"] = record.get("sender") or record.get("senderCode", "")
    infos = record.get("info")
    record["info"] = [
        _info(one) if isinstance(one, dict) else one
        for one in (infos if isinstance(infos, list) else [infos] if infos else [])
    ]
    return Fields(record)


def name_of(info):
    """What is warned of, in words: by its code, else by the headline."""
    code = info.get("eventType")
    found = HEADLINE.search(info.get("headline"))
    return info.get("event") or names().get(code) or (found[1] if found else code)


@cache
def names():
    """{eventType: name}."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def _info(record):
    colour = str(record.get("severity") or "")
    # The colour itself is read from where it stands, see colours.py.
    parameters = record.get("parameter") or []
    parameters = parameters if isinstance(parameters, list) else [parameters]
    return {
        **record,
        "severity": SEVERITIES.get(colour.lower(), colour),
        "parameter": [*parameters, {"valueName": "color", "value": colour}],
    }
