"""CAP alerts (OASIS 1.1 and 1.2) as data: in any wrapper, any namespace, any syntax."""

from django.utils.translation import gettext as _

from integrations.flood.warnings import Alert, Place, Reference
from integrations.reading import times
from integrations.reading.records import Fields
from integrations.sources.flood import national
from integrations.sources.flood.colours import colour_of
from integrations.sources.flood.geometry import geometry
from integrations.sources.kind import Unreadable

REQUIRED = ("identifier", "sender", "sent", "status", "msgType", "scope")
STATUSES = {"Actual", "Exercise", "System", "Test", "Draft"}
KINDS = {"Alert", "Update", "Cancel", "Ack", "Error"}
# Of several languages the first of these that there is, else the first block's.
LANGUAGES = ("zh-cn", "zh-hans", "zh", "zh-", "en")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
# Chains name a few; a list without end is somebody's mistake.
MAX_REFERENCES = 200
LENGTH = 200
# 44 0104 and 44 0104 001 112: divisions of the 31 provinces, HK, Macau and Taiwan.
PROVINCES = range(11, 83)
DIVISION_LENGTHS = {6, 12}


class Alerts:
    """The format: an `alert`, alone or in `alerts`, EDXL-DE or anything else."""

    label = "CAP 1.2"

    def fits(self, fields):
        """Whether a record is an alert."""
        return "identifier" in fields and fields.any("msgType", "sent", "sendTime")

    def items(self, source, fields, status=""):
        """The Alert of a record; `status` is a wrapper's, which may make an exercise of it. Raises
        Unreadable."""
        dialect = national if national.speaks(fields) else None
        if dialect:
            fields = dialect.translated(fields)
        missing = [name for name in REQUIRED if not fields.get(name)]
        if missing:
            raise Unreadable(_("CAP 缺少必填元素：%(names)s。") % {"names": "、".join(missing)})
        if fields.get("status") not in STATUSES or fields.get("msgType") not in KINDS:
            raise Unreadable(
                _("CAP 的 status=%(status)s 或 msgType=%(kind)s 不在标准之内。")
                % {"status": fields.get("status")[:20], "kind": fields.get("msgType")[:20]}
            )
        head = {
            "sender": fields.get("sender", limit=LENGTH),
            "identifier": fields.get("identifier", limit=LENGTH),
            "sent": times.parse(fields.raw("sent"), source.time_zone),
            "status": status or fields.get("status"),
            "kind": fields.get("msgType"),
            "scope": fields.get("scope", limit=20),
        }
        references, notes = _references(fields.text("references"), source.time_zone)
        head["references"] = tuple(
            one for one in references if one.identifier != head["identifier"]
        )
        infos = _infos(fields)
        if not infos:
            return [Alert(**head, notes=tuple(notes))]
        return [Alert(**head, **_said(infos, source.time_zone, dialect, notes))]


def status_of_wrapper(data):
    """EDXL-DE's distributionStatus where it is not Actual: then nothing in it is; else empty."""
    for name, value in data.items() if isinstance(data, dict) else ():
        if name == "EDXLDistribution" and isinstance(value, dict):
            status = str(value.get("distributionStatus") or "")
            return status if status in STATUSES - {"Actual"} else ""
    return ""


def _infos(fields):
    """The info blocks of one language, as Fields."""
    blocks = [Fields(one) for one in _many(fields.record.get("info")) if isinstance(one, dict)]
    spoken = [(block.get("language").lower() or "en-us", block) for block in blocks]
    for wanted in (*LANGUAGES, *(language for language, _block in spoken[:1])):
        if chosen := [block for language, block in spoken if language.startswith(wanted)]:
            return chosen
    return []


def _said(infos, zone, dialect, notes):
    """What the blocks say together: the words of the first, the worst severity, all areas."""
    first = infos[0]
    areas = [
        Fields(area)
        for info in infos
        for area in _many(info.record.get("area"))
        if isinstance(area, dict)
    ]
    outline, wrong = geometry(_texts(areas, "polygon"), _texts(areas, "circle"))
    places = tuple(_place(area) for area in areas)
    ends = [times.parse_or_none(info.raw("expires"), zone) for info in infos]
    begins = [times.parse_or_none(info.raw("onset", "effective"), zone) for info in infos]
    severities = [info.get("severity") for info in infos]
    responses = [_many(info.record.get("responseType")) for info in infos]
    return {
        "language": first.get("language", limit=20),
        "name": (dialect.name_of(first) if dialect else first.get("event", limit=80))[:80],
        "name_code": _code(first)[:40],
        "colour": colour_of(infos),
        "severity": min(severities, key=_rank)[:20],
        "urgency": first.get("urgency", limit=20),
        "certainty": first.get("certainty", limit=20),
        "issuer": first.get("senderName", limit=LENGTH),
        "headline": first.get("headline", limit=500) or first.get("event", limit=500),
        "description": first.text("description")[:20_000],
        "instruction": first.text("instruction")[:20_000],
        "effective": min(filter(None, begins), default=None),
        # One block without an end is a warning without one.
        "expires": max(ends) if all(ends) else None,
        "all_clear": bool(responses) and all("AllClear" in one for one in responses),
        "places": places,
        "codes": tuple(
            sorted({value for place in places for _name, value in place.geocodes if _ours(value)})
        ),
        "geometry": outline,
        "notes": (*notes, *wrong),
    }


def _references(text, zone):
    """([Reference…], notes): `sender,identifier,sent` apart by blanks; a dialect's bare ids."""
    found, notes = [], []
    for word in text.split():
        parts = word.split(",")
        if len(parts) == 3 and times.parse_or_none(parts[2], zone):
            sent = times.parse_or_none(parts[2], zone)
            found.append(Reference(parts[1][:LENGTH], parts[0][:LENGTH], sent))
        else:
            found += [Reference(part[:LENGTH]) for part in parts if part]
    if len(found) > MAX_REFERENCES:
        notes.append(_("引用过多，只取前 %(count)d 条。") % {"count": MAX_REFERENCES})
    return list(dict.fromkeys(found))[:MAX_REFERENCES], notes


def _place(area):
    codes = [
        (code.get("valueName", limit=80), code.get("value", limit=80))
        for code in map(Fields, _dicts(area.record.get("geocode")))
    ]
    # The dialect writes them without names, with commas between.
    codes += [
        ("", part.strip()[:80])
        for one in _many(area.record.get("geocode"))
        if isinstance(one, str)
        for part in one.split(",")
    ]
    names = dict.fromkeys(area.get("areaDesc").replace("，", ",").split(","))
    return Place(
        "、".join(filter(None, map(str.strip, names)))[:500],
        tuple(dict.fromkeys(code for code in codes if code[1])),
    )


def _ours(value):
    return (
        value.isascii()
        and value.isdigit()
        and len(value) in DIVISION_LENGTHS
        and int(value[:2]) in PROVINCES
    )


def _code(info):
    """The code of what is warned of: the dialect's eventType, else the first eventCode."""
    codes = [Fields(one).get("value") for one in _dicts(info.record.get("eventCode"))]
    return info.get("eventType") or next(filter(None, codes), "")


def _rank(severity):
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _texts(areas, name):
    return [
        text
        for area in areas
        for text in _many(area.record.get(name))
        if isinstance(text, str) and text.strip()
    ]


def _dicts(value):
    return [one for one in _many(value) if isinstance(one, dict)]


def _many(value):
    """An element that may stand there once, several times, or not at all, as a list."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]
