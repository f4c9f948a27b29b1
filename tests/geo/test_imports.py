import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from geo import district
from geo.coordinates import from_wgs84
from geo.dataset import Dataset
from geo.models import AddressRange, Area, Place, Road

pytestmark = pytest.mark.django_db


def ring(west, south, size=0.01):
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def area(code, name, west=100.0, south=30.0, **properties):
    geometry = {"type": "Polygon", "coordinates": ring(west, south)}
    return feature(geometry, code=code, name=name, **properties)


@pytest.fixture
def write(tmp_path):
    def write(*features, name="file.geojson", **members):
        path = tmp_path / name
        collection = {"type": "FeatureCollection", "features": list(features), **members}
        path.write_text(json.dumps(collection), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def csv_file(tmp_path):
    def write(*lines):
        path = tmp_path / "ranges.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    return write


def run(command, *args, **options):
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def current(code):
    return Area.objects.get(code=code, valid_to=None)


@pytest.fixture
def town(write):
    run(
        "import_areas",
        write(
            area("990101", "东区"),
            area("990101001", "甲街道"),
            area("990101002", "乙街道", 100.01),
            area("990101001001", "子社区"),
        ),
    )


def test_the_shipped_district_loads_completely_and_twice_changes_nothing():
    district.load()
    counts = [model.objects.count() for model in (Area, Place, Road, AddressRange)]
    again = district.load()
    assert counts == [model.objects.count() for model in (Area, Place, Road, AddressRange)]
    assert all(report.created == report.updated == 0 for report in again.values())
    assert Area.objects.current().within("440104").filter(level="street").count() == 18
    assert Area.objects.current().within("440104").filter(level="community").count() == 222


def test_levels_and_parents_follow_from_the_codes(town):
    assert current("990101001001").level == "community"
    assert current("990101001001").parent == current("990101001")
    assert current("990101001").parent == current("990101")
    assert current("990101").parent is None
    assert current("990101001001").chain == ["990101", "990101001", "990101001001"]


def test_the_same_file_twice_changes_nothing(town, write):
    before = Dataset.tokens()
    report = run("import_areas", write(area("990101001", "甲街道")))
    assert "未变 1" in report
    assert Dataset.tokens() == before


def test_a_change_corrects_the_area_and_keeps_its_id(town, write):
    old = current("990101001")
    run("import_areas", write(area("990101001", "甲新街道")))
    assert current("990101001").name == "甲新街道"
    assert current("990101001").pk == old.pk


def test_a_dated_change_keeps_what_was_before(town, write):
    Area.objects.filter(code="990101001").update(valid_from=date(2020, 1, 1))
    old = current("990101001")
    run("import_areas", write(area("990101001", "甲街道", 100.001)), "--valid-from", "2024-05-01")
    former = Area.objects.get(code="990101001", valid_to=date(2024, 5, 1))
    assert former.polygon == old.polygon
    assert former.valid_from == date(2020, 1, 1)
    assert current("990101001").pk == old.pk
    assert current("990101001").valid_from == date(2024, 5, 1)


def test_areas_that_vanish_stay_unless_asked(town, write):
    path = write(area("990101001", "甲街道"))
    run("import_areas", path)
    assert current("990101002")
    assert "停用 1" in run("import_areas", path, "--close-missing")
    assert not Area.objects.current().filter(code="990101002").exists()
    assert Area.objects.filter(code="990101002").exists()


def test_an_area_with_children_is_not_closed(town, write):
    path = write(area("990101002", "乙街道", 100.01))
    with pytest.raises(CommandError, match="甲街道.*子社区"):
        run("import_areas", path, "--close-missing")
    assert current("990101001")


def test_another_districts_areas_are_never_closed(town, write):
    run("import_areas", write(area("990102", "西区", 100.5), area("990102001", "丙街道", 100.5)))
    run("import_areas", write(area("990102001", "丙街道", 100.5)), "--close-missing")
    assert current("990101001")


def test_a_bow_tie_is_repaired_and_reported(town, write):
    bow = [[[100, 30], [100.01, 30.01], [100.01, 30], [100, 30.01], [100, 30]]]
    shape = {"type": "Polygon", "coordinates": bow}
    report = run("import_areas", write(feature(shape, code="990101003", name="丁街道")))
    assert "已修复" in report
    assert "990101003" in report
    assert current("990101003").polygon["type"] == "MultiPolygon"


def test_a_file_in_gcj02_is_converted(town, write):
    shifted = [[list(from_wgs84(*point, "GCJ02")) for point in ring(100.0, 30.0)[0]]]
    shape = {"type": "Polygon", "coordinates": shifted}
    run("import_areas", write(feature(shape, code="990101004", name="戊街道")), "--crs", "GCJ02")
    stored = current("990101004").polygon["coordinates"][0]
    for point, wanted in zip(stored, ring(100.0, 30.0)[0], strict=True):
        assert point == pytest.approx(wanted, abs=1e-9)


POINT = {"type": "Point", "coordinates": [100.005, 30.005]}
SWAPPED = {"type": "Polygon", "coordinates": ring(30.0, 100.0)}
METRES = {"type": "Polygon", "coordinates": ring(435421.0, 2559321.0, 100)}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (area("990109001", "无上级街道"), "990109 不存在"),
        (area("9901", "短码"), "看不出级别"),
        (area("", "无码"), "缺少 code"),
        (feature(POINT, code="990101005", name="点"), "几何类型是 Point"),
        (feature(None, code="990101005", name="空"), "几何类型是 None"),
        (feature(SWAPPED, code="990101005", name="反"), "反.*写反"),
        (feature(METRES, code="990101005", name="米"), "米.*投影"),
        (
            feature({"type": "Polygon", "coordinates": []}, code="990101005", name="无"),
            "几何为空",
        ),
        (
            feature({"type": "Polygon", "coordinates": [["x"]]}, code="990101005", name="坏"),
            "坐标不可读",
        ),
        ("text", "不是 GeoJSON Feature"),
    ],
)
def test_a_bad_feature_stops_the_whole_import_and_says_why(town, write, bad, says):
    with pytest.raises(CommandError, match=says):
        run("import_areas", write(area("990101006", "好街道"), bad))
    assert not Area.objects.filter(code="990101006").exists()


def test_a_code_twice_in_a_file_is_refused(town, write):
    with pytest.raises(CommandError, match="两次"):
        run("import_areas", write(area("990101006", "甲"), area("990101006", "乙")))


def test_files_that_are_no_feature_collection_are_refused(write, tmp_path):
    broken = tmp_path / "broken.geojson"
    broken.write_text("{")
    other = tmp_path / "other.geojson"
    other.write_text('{"type": "Polygon"}')
    for path, says in [
        (str(broken), "不是 JSON"),
        (str(other), "FeatureCollection"),
        (str(tmp_path / "none.geojson"), "打不开"),
        (write(), "没有要素"),
    ]:
        with pytest.raises(CommandError, match=says):
            run("import_areas", path)


def test_a_declared_projection_is_refused(write):
    declared = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}
    with pytest.raises(CommandError, match="4527"):
        run("import_areas", write(area("990101", "东区"), crs=declared))


def test_a_boundary_from_the_future_is_refused(write):
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011
    with pytest.raises(CommandError, match="将来"):
        run("import_areas", write(area("990101", "东区")), "--valid-from", tomorrow.isoformat())


def place(name="一号摄像头", kind="camera", **properties):
    return feature(POINT, name=name, kind=kind, **properties)


def test_places_are_imported_once_with_their_area(town, write):
    path = write(place(id="c1", pole="P-7"), place("二号摄像头"))
    assert "新增 2" in run("import_places", path)
    assert "未变 2" in run("import_places", path)
    stored = Place.objects.get(external_id="c1")
    assert stored.area.code == "990101001001"
    assert stored.attributes == {"pole": "P-7"}


def test_places_that_vanish_stay_unless_asked(town, write):
    run("import_places", write(place(id="c1"), place(id="c2"), place(id="h1", kind="hydrant")))
    path = write(place(id="c1"))
    run("import_places", path)
    assert Place.objects.filter(external_id__in=["c1", "c2", "h1"]).count() == 3
    Place.objects.exclude(external_id__in=["c1", "c2", "h1"]).delete()
    run("import_places", path, "--delete-missing")
    assert set(Place.objects.values_list("external_id", flat=True)) == {"c1", "h1"}


def test_places_follow_when_boundaries_move(town, write):
    run("import_places", write(place(id="c1")))
    away = write(area("990101001", "甲街道", 100.02), area("990101001001", "子社区", 100.02))
    run("import_areas", away)
    assert Place.objects.get(external_id="c1").area == current("990101")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (place(kind="ufo"), "ufo.*camera"),
        (place(""), "缺少 name"),
        (
            feature({"type": "Point", "coordinates": [30.0, 100.0]}, name="反", kind="camera"),
            "写反",
        ),
    ],
)
def test_a_bad_place_stops_the_import(town, write, bad, says):
    with pytest.raises(CommandError, match=says):
        run("import_places", write(place("好", id="good"), bad))
    assert not Place.objects.filter(external_id="good").exists()


HEAD = "range_id,street_code,road,from_no,to_no,parity,building"


def test_address_ranges_are_imported_once(town, csv_file):
    path = csv_file(HEAD, "x1,990101001,某路,1,9,odd,", "x2,990101002,某路,2,8,even,大楼")
    assert "新增 2" in run("import_addresses", path)
    assert "未变 2" in run("import_addresses", path)
    path = csv_file(HEAD, "x1,990101001,某路,1,19,odd,")
    assert "更新 1" in run("import_addresses", path)
    assert AddressRange.objects.get(external_id="x1").to_no == 19
    assert AddressRange.objects.filter(external_id="x2").exists()
    AddressRange.objects.exclude(road__name="某路").delete()
    run("import_addresses", path, "--delete-missing")
    assert not AddressRange.objects.filter(external_id="x2").exists()


def test_rows_without_a_number_of_their_own_are_known_again(town, csv_file):
    head = "street_code,road,from_no,to_no"
    path = csv_file(head, "990101001,某路,1,9", "990101001,某巷,,")
    assert "新增 2" in run("import_addresses", path)
    assert "未变 2" in run("import_addresses", path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x1,990101009,某路,1,9,odd,", "第 2 行.*990101009"),
        ("x1,990101001,,1,9,odd,", "第 2 行.*道路"),
        ("x1,990101001,某路,9,1,odd,", "第 2 行.*大于"),
        ("x1,990101001,某路,一,9,odd,", "第 2 行.*不是数字"),
        ("x1,990101001,某路,1,9,单,", "第 2 行.*odd"),
    ],
)
def test_a_bad_row_stops_the_import_and_is_named(town, csv_file, line, says):
    with pytest.raises(CommandError, match=says):
        run("import_addresses", csv_file(HEAD, line))


def test_a_table_without_the_columns_is_refused(csv_file):
    with pytest.raises(CommandError, match="street_code"):
        run("import_addresses", csv_file("a,b", "1,2"))


def test_road_pieces_of_one_name_become_one_road(town, write):
    pieces = [
        feature(
            {"type": "LineString", "coordinates": [[100 + x, 30], [100.01 + x, 30]]}, name="长路"
        )
        for x in (0, 0.01)
    ]
    path = write(*pieces)
    assert "新增 1" in run("import_addresses", path)
    assert "未变 1" in run("import_addresses", path)
    assert len(Road.objects.get(name="长路").line["coordinates"]) == 2
