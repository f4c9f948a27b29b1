"""Times as systems write them; without an offset they are the source's local time."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from integrations.sources.kind import Unreadable

# 2026-06-01 14:32:23.5+08:00, 2026/6/1 14:32, 2026年6月1日14时32分, 2026.06.01
CLOCK = (
    r"(\d{1,2})\s*[:时点]\s*(\d{1,2})"
    r"\s*(?:[:分]\s*(\d{1,2})(?:[.,](\d{1,9}))?)?[分秒]?"
)
WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    rf"(?:\s*[T ]?\s*{CLOCK})?"
    r"\s*(Z|z|UTC|[+-]\d{2}:?\d{2})?"
)
# 20260601, 202606011432, 20260601143223 and three digits more
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(?:(\d{2})(\d{3})?)?)?")
DOTNET = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
FIRST, LAST = 2000, 2100
# Seconds or milliseconds since 1970, told apart by size.
MILLISECONDS = 10**11


def parse(value, zone="Asia/Shanghai"):
    """An aware datetime of a text, a number (seconds or milliseconds since 1970) or a datetime.

    None for nothing ("", None, "null"). Raises Unreadable for what is no time of the years 2000 to
    2099.
    """
    try:
        found = _read(value, zone)
        if found is None or FIRST <= found.astimezone(UTC).year < LAST:
            return found
    except (ValueError, OverflowError, OSError):
        pass
    raise Unreadable(_("时间无法识别：%(value)s。") % {"value": str(value)[:60]})


def parse_or_none(value, zone="Asia/Shanghai"):
    """Like `parse`, but None for what is no time: where a message is worth more than its time."""
    try:
        return parse(value, zone)
    except Unreadable:
        return None


def zone_of(name):
    """The ZoneInfo by that name. Raises Unreadable: the source's setting is wrong."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unreadable(_("来源的时区设置有误：%(zone)s。") % {"zone": name}) from None


def _read(value, zone):
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone_of(zone))
    if isinstance(value, bool):
        raise ValueError
    if isinstance(value, int | float):
        return _since_1970(value)
    text = "" if value is None else str(value).strip()
    if not text or text.lower() in {"null", "none", "-"}:
        return None
    if found := DOTNET.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]) / 1000, UTC)
    # Ten digits are seconds since 1970, thirteen milliseconds; a compact date has 8, 12, 14 or 17.
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _since_1970(int(text))
    if found := COMPACT.fullmatch(text):
        return _built(*found.groups(), None, zone)
    if found := WRITTEN.fullmatch(text):
        return _built(*found.groups(), zone)
    raise ValueError


def _since_1970(number):
    return datetime.fromtimestamp(number / 1000 if abs(number) >= MILLISECONDS else number, UTC)


def _built(year, month, day, hour, minute, second, fraction, offset, zone):
    hour = int(hour or 0)
    # 24:00 is the end of a day.
    later, hour = (
        (timedelta(days=1), 0) if hour == 24 and not int(minute or 0) else (timedelta(), hour)
    )
    naive = datetime(  # noqa: DTZ001
        int(year),
        int(month),
        int(day),
        hour,
        int(minute or 0),
        int(second or 0),
        int((fraction or "0")[:6].ljust(6, "0")),
    )
    return (naive + later).replace(tzinfo=_offset(offset) if offset else zone_of(zone))


def _offset(text):
    if text in {"Z", "z", "UTC"}:
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
