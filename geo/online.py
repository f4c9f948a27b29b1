"""Asking a map service on the network where an address is: only after a report was accepted.

`XIANFENG_GEOCODER` names one geocoder or several, comma-separated, tried in turn: a geopy service
("nominatim", "baiduv3"), or the dotted path of a geopy Geocoder class.
`XIANFENG_GEOCODERS[name]` holds its keyword arguments, and of ours `crs` (what it answers in,
default WGS84) and `service` (geopy service or dotted path, when the name is your own).
"""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string
from geopy.geocoders import get_geocoder_for_service

from geo import coordinates

log = logging.getLogger("xianfeng.geo")

TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class Refined:
    """A point in WGS-84 degrees, what the service calls it, and the service's name."""

    lon: float
    lat: float
    address: str
    service: str


def refine(address, timeout=TIMEOUT_S):
    """The Refined of the first configured geocoder that knows the address, or None; a geocoder that
    fails or takes longer than `timeout` seconds is logged and passed over. Never raises."""
    names = [name.strip() for name in (getattr(settings, "XIANFENG_GEOCODER", "") or "").split(",")]
    for name in filter(None, names):
        try:
            geocoder, crs = _geocoder(name, timeout)
            location = geocoder.geocode(address, exactly_one=True, timeout=timeout)
            if location is None:
                continue
            lon, lat = coordinates.to_wgs84(location.longitude, location.latitude, crs)
        except Exception as error:  # noqa: BLE001 - any service may fail in any way
            # The type only: the message may quote the address or a key.
            log.warning("geocoder %s failed: %s", name, type(error).__name__)
            continue
        return Refined(lon, lat, location.address or "", name)
    return None


def _geocoder(name, timeout):
    options = dict(getattr(settings, "XIANFENG_GEOCODERS", {}).get(name, {}))
    crs = options.pop("crs", "WGS84")
    service = options.pop("service", name)
    cls = import_string(service) if "." in service else get_geocoder_for_service(service)
    options.setdefault("timeout", timeout)
    return cls(**options), crs
