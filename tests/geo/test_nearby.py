import pytest
from geopy.distance import geodesic

from geo.coordinates import CoordinateError
from geo.models import Place
from geo.nearby import nearby

HERE = (113.2644, 23.1291)


def place(metres_east, kind="camera", name=None):
    point = geodesic(meters=metres_east).destination(HERE[::-1], bearing=90)
    return Place.objects.create(
        kind=kind, name=name or f"{kind} {metres_east}", lon=point.longitude, lat=point.latitude
    )


@pytest.fixture
def places(db):
    Place.objects.all().delete()
    return [place(metres) for metres in (499, 10, 501, 120)] + [place(50, "hydrant")]


def test_places_come_nearest_first_with_their_distance(places):
    found = nearby(*HERE, kind="camera")
    assert [round(metres) for _place, metres in found] == [10, 120, 499]
    assert found[0][0] == places[1]


def test_without_a_kind_all_kinds_come(places):
    assert [p.kind for p, _ in nearby(*HERE, radius_m=60)] == ["camera", "hydrant"]


def test_several_kinds_may_be_asked_for(places):
    assert len(nearby(*HERE, kind=["camera", "hydrant"], radius_m=600)) == 5


def test_the_limit_keeps_the_nearest(places):
    assert [round(metres) for _place, metres in nearby(*HERE, limit=2)] == [10, 50]


def test_it_costs_one_query(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        nearby(*HERE)


@pytest.mark.parametrize("radius", [0, -5, 1_000_000, float("nan")])
def test_a_senseless_radius_is_refused(db, radius):
    with pytest.raises(ValueError, match="半径"):
        nearby(*HERE, radius_m=radius)


def test_a_senseless_limit_is_refused(db):
    with pytest.raises(ValueError, match="数量"):
        nearby(*HERE, limit=0)


def test_exchanged_axes_are_refused(db):
    with pytest.raises(CoordinateError):
        nearby(*HERE[::-1])
