import logging

import pytest
from geopy.exc import GeocoderTimedOut
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from geo import coordinates, online

HERE = f"{__name__}."


class Known(Geocoder):
    """Knows one address, in GCJ-02."""

    def __init__(self, city="", **kwargs):
        super().__init__(**kwargs)
        self.city = city

    def geocode(self, query, *, exactly_one=True, timeout=None):
        if "北京路" not in query:
            return None
        lon, lat = coordinates.from_wgs84(113.2644, 23.1291, "GCJ02")
        return Location(f"{self.city}{query}", (lat, lon), {})


class Late(Geocoder):
    def geocode(self, query, *, exactly_one=True, timeout=None):
        raise GeocoderTimedOut(f"no answer about {query}")


@pytest.fixture
def configured(settings):
    settings.XIANFENG_GEOCODERS = {
        "late": {"service": HERE + "Late"},
        "known": {"service": HERE + "Known", "crs": "GCJ02", "city": "广州市"},
    }

    def use(names):
        settings.XIANFENG_GEOCODER = names

    return use


def test_without_a_setting_nobody_is_asked(settings):
    settings.XIANFENG_GEOCODER = ""
    assert online.refine("北京路238号") is None


def test_the_answer_comes_in_wgs84(configured):
    configured("known")
    refined = online.refine("北京路238号")
    assert (refined.lon, refined.lat) == pytest.approx((113.2644, 23.1291), abs=1e-8)
    assert refined.address == "广州市北京路238号"
    assert refined.service == "known"


def test_a_geocoder_that_fails_is_logged_without_the_address_and_the_next_is_asked(
    configured, caplog, monkeypatch
):
    monkeypatch.setattr(logging.getLogger("xianfeng"), "propagate", True)
    configured("late, known")
    assert online.refine("北京路238号").service == "known"
    assert "late" in caplog.text
    assert "北京路" not in caplog.text


def test_an_unknown_address_or_service_gives_nothing(configured):
    configured("known,nobody-of-this-name")
    assert online.refine("无名路1号") is None


def test_a_dotted_path_needs_no_entry(configured):
    configured(HERE + "Known")
    assert online.refine("北京路238号").service == HERE + "Known"


def test_a_service_of_geopy_is_found_by_its_name():
    geocoder, crs = online._geocoder("photon", 3)
    assert geocoder.__class__.__name__ == "Photon"
    assert geocoder.timeout == 3
    assert crs == "WGS84"
