import math

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import CoordinateError, check, from_wgs84, in_china, to_wgs84
from tests.geo.conftest import rows

VECTORS = rows("coordinates.csv")
SYSTEMS = {"GCJ02": "gcj", "BD09": "bd"}


def metres(one, other):
    return geodesic(one[::-1], other[::-1]).m


def pair(row, prefix):
    return float(row[f"{prefix}_lng"]), float(row[f"{prefix}_lat"])


@pytest.mark.parametrize("crs", SYSTEMS)
def test_conversion_equals_the_reference_vectors(crs):
    worst = max(
        metres(from_wgs84(*pair(row, "wgs"), crs), pair(row, SYSTEMS[crs])) for row in VECTORS
    )
    assert len(VECTORS) == 215
    assert worst < 0.01


@pytest.mark.parametrize("crs", SYSTEMS)
def test_there_and_back_is_the_same_point(crs):
    for row in VECTORS:
        point = pair(row, "wgs")
        assert metres(to_wgs84(*from_wgs84(*point, crs), crs), point) < 1e-6, row["name"]


@pytest.mark.parametrize("crs", SYSTEMS)
@given(lon=st.floats(112.9, 114.1), lat=st.floats(22.5, 23.9))
def test_every_point_of_guangzhou_survives_the_round_trip(crs, lon, lat):
    assert metres(to_wgs84(*from_wgs84(lon, lat, crs), crs), (lon, lat)) < 1e-6


@pytest.mark.parametrize("crs", ["WGS84", "GCJ02", "BD09", "CGCS2000"])
@given(lon=st.floats(), lat=st.floats())
def test_any_two_numbers_give_a_place_or_a_clear_error_and_never_hang(crs, lon, lat):
    try:
        place = to_wgs84(lon, lat, crs)
    except CoordinateError:
        return
    assert all(math.isfinite(number) for number in place)


@given(edge=st.sampled_from([(72.004, 30.0), (137.8347, 30.0), (105.0, 0.8293), (105.0, 55.8271)]))
def test_points_at_the_edge_of_the_box_end_too(edge):
    for crs in SYSTEMS:
        assert all(map(math.isfinite, to_wgs84(*edge, crs)))


def test_the_wrong_system_is_hundreds_of_metres_off_in_guangzhou():
    assert 550 < metres(from_wgs84(113.2644, 23.1291, "GCJ02"), (113.2644, 23.1291)) < 650


def test_cgcs2000_is_taken_as_wgs84():
    assert to_wgs84(113.2644, 23.1291, "CGCS2000") == (113.2644, 23.1291)


@pytest.mark.parametrize("place", [(114.1694, 22.3193), (113.5439, 22.1987), (121.5654, 25.033)])
def test_hong_kong_macau_and_taiwan_are_shifted_as_maps_there_are(place):
    assert metres(from_wgs84(*place, "GCJ02"), place) > 100


def test_abroad_is_not_shifted():
    assert from_wgs84(-73.9857, 40.7484, "GCJ02") == (-73.9857, 40.7484)
    assert not in_china(-73.9857, 40.7484)


@pytest.mark.parametrize(
    ("lon", "lat", "says"),
    [
        (23.1291, 113.2644, "写反"),
        (41.5, 80.2, "写反"),
        (float("nan"), 23.1, "有效数字"),
        (113.2, float("inf"), "有效数字"),
        (435421.3, 2559321.7, "投影"),
        (190.0, 23.1, "超出范围"),
        (113.2, -91.0, "超出范围"),
        (0, 0, "没有定位"),
        (None, 23.1, "必须是数字"),
        ("东经", "北纬", "必须是数字"),
        (True, 23.1, "必须是数字"),
    ],
)
def test_coordinates_that_cannot_be_a_place_say_what_to_do(lon, lat, says):
    with pytest.raises(CoordinateError, match=says):
        check(lon, lat)


def test_an_unknown_system_lists_the_known_ones():
    with pytest.raises(CoordinateError, match="GCJ02"):
        to_wgs84(113.2, 23.1, "SOGOU")


def test_the_usual_spellings_of_a_system_are_understood():
    assert to_wgs84(113.2, 23.1, "gcj-02") == to_wgs84(113.2, 23.1, "GCJ02")
    assert to_wgs84(113.2, 23.1, "EPSG:4326") == (113.2, 23.1)
