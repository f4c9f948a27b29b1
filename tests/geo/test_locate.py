import pytest
from shapely.geometry import shape

from geo.coordinates import CoordinateError, from_wgs84
from geo.locate import Point, locate
from geo.models import Area

BEIYUAN = "440104001112"
pytestmark = pytest.mark.usefixtures("yuexiu")


@pytest.fixture
def beiyuan():
    inner = shape(Area.objects.get(code=BEIYUAN, valid_to=None).polygon).representative_point()
    return inner.x, inner.y


@pytest.mark.parametrize("crs", ["WGS84", "GCJ02", "BD09", "CGCS2000"])
def test_a_fix_in_any_system_is_placed_in_the_same_community(beiyuan, crs):
    located = locate(location=Point(*from_wgs84(*beiyuan, crs), crs))
    assert located.community.code == BEIYUAN
    assert located.street.name == "洪桥街道"
    assert (located.lon, located.lat) == pytest.approx(beiyuan, abs=1e-9)
    assert located.method == "gps"
    assert located.inside
    assert located.area == located.community


def test_in_steady_state_it_costs_one_query(beiyuan, django_assert_num_queries):
    locate(location=Point(*beiyuan), address="北京路238号")
    with django_assert_num_queries(1):
        locate(location=Point(*beiyuan), address="北京路238号")


def test_an_address_alone_gives_the_street():
    located = locate(address="我在北京路238号门口有人打架")
    assert located.street.name == "北京街道"
    assert located.district.code == "440104"
    assert located.method == "range"
    assert located.confidence > 0.9


def test_an_unsure_address_names_no_area_but_the_candidates():
    located = locate(address="东风东路")
    assert located.area is None
    assert not located.inside
    assert located.confidence < 0.5
    assert "农林街道" in [street.name for street in located.candidates]


def test_outside_the_district_the_nearest_street_is_named():
    located = locate(location=Point(113.3245, 23.1316))
    assert located.area is None
    assert not located.inside
    assert located.nearest_street.name.endswith("街道")
    assert located.nearest_street.distance_m > 500


def test_the_device_wins_and_agreement_makes_it_surer(beiyuan):
    alone = locate(location=Point(*beiyuan))
    both = locate(location=Point(*beiyuan), address="洪桥街道小北路")
    assert both.community.code == BEIYUAN
    assert both.confidence > alone.confidence


def test_an_address_far_from_the_fix_lowers_the_confidence_only(beiyuan):
    located = locate(location=Point(*beiyuan), address="矿泉街道三元里大道459号")
    assert located.community.code == BEIYUAN
    assert located.method == "gps"
    assert located.confidence < 0.7


def test_a_fix_that_may_be_across_the_border_is_less_sure(beiyuan):
    sharp = locate(location=Point(*beiyuan, accuracy_m=5))
    vague = locate(location=Point(*beiyuan, accuracy_m=2000))
    assert vague.street == sharp.street
    assert vague.confidence < sharp.confidence


def test_nothing_given_is_nowhere(django_assert_num_queries):
    with django_assert_num_queries(0):
        located = locate(address="  ")
    assert located.method == "none"
    assert located.confidence == 0


@pytest.mark.parametrize(
    ("point", "says"),
    [
        (Point(23.1291, 113.2644), "写反"),
        (Point(float("nan"), 23.1), "有效数字"),
        (Point(435421.0, 2559321.0), "投影"),
        (Point(0, 0, "GCJ02"), "没有定位"),
    ],
)
def test_bad_coordinates_are_refused_with_what_to_do(point, says):
    with pytest.raises(CoordinateError, match=says):
        locate(location=point)


@pytest.mark.parametrize("text", ["", "?", "号" * 500, "1" * 10_000, "\x00路", "𠮷野家门口"])
def test_any_text_is_answered(text):
    assert locate(address=text).area is None
