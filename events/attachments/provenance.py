"""Where and when a picture was taken, as its file says; read before that is stripped."""

import re
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from PIL.ExifTags import GPS, IFD, Base

from geo import coordinates

# "+23.1287+113.2644+012.3/": ISO 6709 Annex H in decimal degrees, as phones write it.
ISO6709 = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?")
# Before this, it is a clock that was never set.
FIRST_YEAR = 2000
AHEAD = timedelta(days=1)
# What a damaged EXIF block makes of its own reader.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, OverflowError)


def exif_position(exif):
    """(lon, lat) in WGS-84 degrees from a Pillow Exif, or None when absent or impossible."""
    gps = exif.get_ifd(IFD.GPSInfo)
    try:
        lon = _degrees(gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef], "EW")
        lat = _degrees(gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef], "NS")
    except UNREADABLE:
        return None
    return _possible(lon, lat)


def exif_taken_at(exif, now):
    """When the shutter was released, aware; None when absent, impossible or in the future."""
    details = exif.get_ifd(IFD.Exif)
    try:
        text = _text(details[Base.DateTimeOriginal])
        offset = _text(details.get(Base.OffsetTimeOriginal, ""))
        # EXIF separates the date with colons; without an offset it is the camera's local time.
        moment = datetime.fromisoformat(f"{text[:10].replace(':', '-')}{text[10:]}{offset}")
    except UNREADABLE:
        return None
    return _plausible(moment, now)


def iso6709_position(text):
    """(lon, lat) in WGS-84 degrees from a recording's location tag, or None."""
    found = ISO6709.match(text or "")
    return _possible(float(found[2]), float(found[1])) if found else None


def iso8601_taken_at(text, now):
    """When a recording began, aware, or None; a camera without a clock writes 1904 or 1970."""
    try:
        return _plausible(datetime.fromisoformat(text or ""), now)
    except ValueError:
        return None


def _degrees(parts, reference, signs):
    degrees, minutes, seconds = (float(part) for part in parts)
    if not (0 <= degrees <= 180 and 0 <= minutes < 60 and 0 <= seconds < 60):
        raise ValueError(parts)
    sign = (1, -1)[signs.index(_text(reference).upper())]
    return sign * (degrees + minutes / 60 + seconds / 3600)


def _text(value):
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ")


def _possible(lon, lat):
    try:
        return coordinates.check(lon, lat)
    except coordinates.CoordinateError:
        return None


def _plausible(moment, now):
    if moment.tzinfo is None:
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    moment = moment.astimezone(UTC)
    return moment if moment.year >= FIRST_YEAR and moment <= now + AHEAD else None
