import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from geopy.distance import geodesic
from shapely.geometry import Point, box, mapping, shape

from geo import areas
from geo.areas import AreaIndex, AreaRef, Cached
from geo.dataset import Dataset
from geo.models import Area

BEIYUAN = "440104001112"
IN_HONGQIAO = (113.26254, 23.141)
TIANHE = (113.3245, 23.1316)
SEA = (114.5, 21.5)


def square(code, name, west, south, east, north, level, parent=None):
    return AreaRef(hash(code), code, name, level), parent, box(west, south, east, north)


@pytest.fixture
def chessboard():
    """Two streets side by side with a gap of about 2 m; the west one has two communities."""
    rows = [
        square("110101", "区", 116.0, 40.0, 116.2, 40.1, "district"),
        square("110101001", "西", 116.0, 40.0, 116.1, 40.1, "street", hash("110101")),
        square("110101002", "东", 116.10002, 40.0, 116.2, 40.1, "street", hash("110101")),
        square("110101001001", "南", 116, 40, 116.1, 40.05, "community", hash("110101001")),
        square("110101001002", "北", 116, 40.05, 116.1, 40.1, "community", hash("110101001")),
    ]
    return AreaIndex(rows)


def test_a_point_is_placed_in_district_street_and_community(index):
    community = shape(Area.objects.get(code=BEIYUAN, valid_to=None).polygon)
    inner = community.representative_point()
    placement = index.find(inner.x, inner.y)
    assert placement.inside
    assert placement.district.code == "440104"
    assert placement.street.name == "洪桥街道"
    assert placement.community.name == "北园社区"
    assert placement.nearest_street is None


def test_every_community_finds_itself(index):
    for area in Area.objects.current().filter(level="community"):
        inner = shape(area.polygon).representative_point()
        assert index.find(inner.x, inner.y).community.code == area.code


def test_outside_the_district_the_nearest_street_and_its_distance_are_given(index):
    placement = index.find(*TIANHE)
    assert not placement.inside
    assert (placement.district, placement.street, placement.community) == (None, None, None)
    assert placement.nearest_street.level == "street"
    border = index.polygons[placement.nearest_street.code].boundary
    vertices = min(
        geodesic(TIANHE[::-1], (lat, lon)).m
        for line in getattr(border, "geoms", [border])
        for lon, lat in line.coords
    )
    assert placement.distance_m <= vertices + 1
    for code, ref in index.by_code.items():
        if ref.level == "street":
            assert index.distance_m(ref, *TIANHE) >= placement.distance_m - 1, code


def test_a_point_at_sea_is_outside_and_far(index):
    placement = index.find(*SEA)
    assert not placement.inside
    assert placement.distance_m > 100_000


def test_a_point_on_a_border_goes_to_the_lower_code(chessboard):
    assert chessboard.find(116.05, 40.05).community.name == "南"


def test_a_point_in_a_gap_goes_to_the_nearest_street(chessboard):
    assert chessboard.find(116.100005, 40.02).street.name == "西"
    assert chessboard.find(116.100015, 40.02).street.name == "东"


def test_a_district_point_far_from_any_street_is_inside_without_a_street():
    rows = [
        square("110101", "区", 116.0, 40.0, 116.2, 40.1, "district"),
        square("110102", "邻区", 116.2, 40.0, 116.4, 40.1, "district"),
        square("110101001", "西", 116.0, 40.0, 116.1, 40.1, "street", hash("110101")),
    ]
    placement = AreaIndex(rows).find(116.15, 40.05)
    assert (placement.district.name, placement.street, placement.inside) == ("区", None, True)
    assert placement.nearest_street.name == "西"
    neighbour = AreaIndex(rows).find(116.3, 40.05)
    assert (neighbour.district, neighbour.inside) == (None, False)


def test_a_street_without_communities_still_places(chessboard):
    placement = chessboard.find(116.15, 40.05)
    assert placement.street.name == "东"
    assert placement.community is None
    assert placement.inside


def test_without_any_area_every_point_is_nowhere():
    empty = AreaIndex([])
    assert empty.find(113.2, 23.1) == areas.NOWHERE


def test_a_point_that_is_no_number_is_nowhere(index):
    assert index.find(float("nan"), 23.1) == areas.NOWHERE


def test_steady_state_costs_one_query(index, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert areas.current() is index


def new_community(**fields):
    street = Area.objects.get(code="440104001", valid_to=None)
    polygon = mapping(Point(*IN_HONGQIAO).buffer(0.0001))
    return Area(
        code="440104001199",
        name="新设社区",
        level="community",
        parent=street,
        polygon=polygon,
        valid_from=date(2026, 1, 1),
        **fields,
    )


def test_a_new_area_is_known_at_once_to_every_index(index):
    other_process = Cached((Dataset.Name.AREAS,), areas._build)
    other_process.get()
    # Taken out of the community that is there, so that the point has one answer.
    for area in Area.objects.current().filter(level="community", parent__code="440104001"):
        area.polygon = mapping(shape(area.polygon).difference(Point(*IN_HONGQIAO).buffer(0.0001)))
        area.save()
    new_community().save()
    for current in (areas.current(), other_process.get()):
        assert current.find(*IN_HONGQIAO).community.name == "新设社区"


@pytest.mark.parametrize(
    "change",
    [
        lambda area: area.save(),
        lambda area: area.delete(),
        lambda area: Area.objects.filter(pk=area.pk).update(name="改名"),
        lambda area: Area.objects.bulk_update([area], ["name"]),
        lambda area: Area.objects.filter(pk=area.pk).delete(),
        lambda area: Area.objects.bulk_create([new_community(valid_to=date(2026, 2, 1))]),
    ],
)
def test_every_way_to_change_an_area_gives_a_new_token(yuexiu, change):
    area = new_community()
    area.save()
    before = Dataset.tokens()
    change(area)
    after = Dataset.tokens()
    assert after["areas"] != before["areas"]
    assert after["places"] == before["places"]


@pytest.mark.parametrize(
    "polygon",
    [
        None,
        {},
        {"type": "Point", "coordinates": [113.2, 23.1]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[9, 9], [8, 8], [9, 8], [8, 9], [9, 9]]]},
        mapping(box(23.1, 113.2, 23.2, 113.3)),
    ],
)
def test_a_broken_boundary_is_refused_and_if_stored_costs_only_its_own_area(index, polygon, caplog):
    area = new_community()
    area.polygon = polygon
    with pytest.raises(ValidationError):
        area.full_clean()
    if polygon is not None:
        area.save()
        assert area.code not in areas.current().by_code
        assert len(areas.current().by_code) == len(index.by_code)


def test_a_change_that_was_rolled_back_leaves_no_trace(index):
    class Undone(Exception):
        pass

    def rename_and_fail():
        with transaction.atomic():
            Area.objects.filter(code=BEIYUAN).update(name="改名")
            assert areas.current().by_code[BEIYUAN].name == "改名"
            raise Undone

    with pytest.raises(Undone):
        rename_and_fail()
    Area.objects.filter(code="440104001").update(name="洪桥")
    assert areas.current().by_code[BEIYUAN].name == "北园社区"


def test_threads_that_meet_a_change_build_the_index_once():
    built = []

    def build(_tokens):
        built.append(threading.get_ident())
        return object()

    cached = Cached(("areas",), build)
    gate = threading.Barrier(8)
    values = []

    def read():
        gate.wait()
        values.append(cached.get({"areas": "t1"}))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(built) == 1
    assert len(set(map(id, values))) == 1


ASK = """
import sys, django
django.setup()
from geo import areas
for line in sys.stdin:
    print(areas.current().by_code["440104001112"].name, flush=True)
"""


def database_url():
    """The test database, as another process reaches it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path="/" + quote(name)))


def test_a_process_that_runs_already_answers_with_the_new_boundary(committed):
    from geo import district

    district.load()
    environment = {
        **os.environ,
        "TEST_STACK": "given",
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-c", ASK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).resolve().parents[2],
    ) as process:

        def answer():
            process.stdin.write("?\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        assert answer() == "北园社区"
        Area.objects.filter(code=BEIYUAN).update(name="北园新社区")
        assert answer() == "北园新社区"
        process.stdin.close()
