"""How often the gazetteer is right, and how it understands what people write."""

import random
from collections import Counter

import pytest
from geopy.location import Location

from geo import knowledge
from geo.geocoder import DistrictGeocoder
from tests.geo.conftest import rows

STATED = ("stated", "official address range")
ADDRESSES = [row for row in rows("gazetteer.csv") if row["street_basis"] in STATED]


@pytest.fixture
def gazetteer(yuexiu):
    return knowledge.current()


@pytest.fixture
def street(gazetteer, index):
    """The name of the street an address is found in, or None."""

    def find(address):
        match = gazetteer.find(address)
        return index.by_code[match.street].name if match.street else None

    return find


def judge(match, street_code):
    if match.street is None:
        return "unsure"
    return "right" if match.street == street_code else "wrong"


def test_nine_in_ten_known_addresses_are_right_and_hardly_any_wrong(gazetteer):
    judged = Counter(judge(gazetteer.find(r["address"]), r["street_code"]) for r in ADDRESSES)
    assert len(ADDRESSES) == 131
    assert judged["right"] / len(ADDRESSES) >= 0.90, judged
    assert judged["wrong"] / len(ADDRESSES) <= 0.02, judged


@pytest.mark.parametrize(("hidden", "right"), [(0.08, 0.76), (0.5, 0.70)])
def test_addresses_whose_own_range_is_hidden_are_still_mostly_right(index, hidden, right):
    judged = Counter()
    known = sorted(knowledge.range_rows(), key=str)
    for seed in range(5):
        chance = random.Random(seed)
        numbered = {row for row in known if row[1] is not None and chance.random() < hidden}
        gazetteer = knowledge.build(index, [row for row in known if row not in numbered])
        for road, low, high, _parity, street, _building in sorted(numbered, key=str):
            address = f"广州市越秀区{road}{chance.choice([low, high])}号"
            judged[judge(gazetteer.find(address), street)] += 1
    total = judged.total()
    assert judged["right"] / total >= right, judged
    assert judged["wrong"] / total <= 0.02, judged


@pytest.mark.parametrize(
    "address",
    [
        "广东省广州市越秀区文德路66号",
        "廣州市越秀區文德路66號",
        "越秀区文德路６６号",
        "文德路66号",
        "文德路六十六号",
        "文德路66号之二",
        "文德路66-1号三楼",
        "喂,我在文德路66号门口,有人打架",
        "市民来电反映文德路66号对出路面塌陷",
    ],
)
def test_one_address_in_many_spellings_is_one_place(street, address):
    assert street(address) == "大塘街道"


def test_odd_and_even_sides_may_be_different_streets(street):
    assert street("文德路65号") == "珠光街道"
    assert street("文德路66号") == "大塘街道"


def test_a_number_between_two_ranges_of_one_street_is_in_it(gazetteer, index):
    match = gazetteer.find("黄华路16号")
    assert index.by_code[match.street].name == "建设街道"
    assert match.method == "range-between"


@pytest.mark.parametrize(
    "address",
    [
        "东风东路",
        "中山一路",
        "解放北路899号",
        "农林下路",
        "农林下路与东风东路路口",
        "我们小区门口有人打架",
        "北京路3个人打架",
        "某某路1号",
        "",
    ],
)
def test_where_several_streets_are_possible_none_is_named(gazetteer, address):
    match = gazetteer.find(address)
    assert match.street is None
    assert match.community is None
    assert match.confidence < 0.5


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("广州市天河区天河路228号", "天河区"),
        ("天河区体育西路1号", "天河区"),
        ("我在荔湾区中山八路", "荔湾区"),
        ("佛山市禅城区祖庙路", "佛山市"),
        ("北京市朝阳区北京路1号", "北京市"),
    ],
)
def test_an_address_of_another_district_is_not_put_into_this_one(gazetteer, address, name):
    match = gazetteer.find(address)
    assert match.street is None
    assert match.method == "elsewhere"
    assert match.text == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("洪桥街道", "洪桥街道"),
        ("越秀区洪橋街道辦事處旁边", "洪桥街道"),
        ("人民街大新路102号", "人民街道"),
        ("大塘街96号", "大塘街道"),
        ("洪桥街15号", "洪桥街道"),
        ("北园社区有小孩走失", "洪桥街道"),
        ("找北园居委会", "洪桥街道"),
        ("广东省人民医院门口", "农林街道"),
        ("省人民医院急诊", "农林街道"),
        ("淘金地铁站A出口", "华乐街道"),
        ("地铁淘金站", "华乐街道"),
        ("裕华大厦", "建设街道"),
        ("建设六马路33号宜安广场", "建设街道"),
        ("就在建设六马路那里", "建设街道"),
        ("淘金路横街3号", "华乐街道"),
        ("东山区署前路13号", "东山街道"),
        ("二沙岛", "白云街道"),
    ],
)
def test_areas_places_and_related_names_are_understood(street, address, name):
    assert street(address) == name


@pytest.mark.parametrize(
    "address",
    ["中山五路与北京路交叉口", "北京路中山五路路口", "北京路/中山五路", "北京路和中山五路交界"],
)
def test_a_crossing_of_two_roads_is_found(gazetteer, index, address):
    match = gazetteer.find(address)
    assert index.by_code[match.street].name == "北京街道"
    assert match.method == "intersection"


def test_a_stated_community_is_kept(gazetteer, index):
    match = gazetteer.find("黄花岗街水荫南社区天河路45号之一十三")
    assert index.by_code[match.community].name == "水荫南社区"


def test_a_placeholder_position_is_never_given_as_a_point(gazetteer):
    match = gazetteer.find("越秀区人民政府洪桥街道办事处")
    assert match.street == "440104001"
    assert match.lon is None


def test_it_is_a_geopy_geocoder(yuexiu):
    location = DistrictGeocoder().geocode("广东省人民医院")
    assert isinstance(location, Location)
    assert location.raw["method"] == "place"
    assert 23.1 < location.latitude < 23.2
    assert DistrictGeocoder().geocode("广东省人民医院", exactly_one=False) == [location]


def test_as_a_geocoder_a_street_alone_gives_a_point_inside_it(yuexiu, index):
    location = DistrictGeocoder().geocode("洪桥街道")
    assert index.find(location.longitude, location.latitude).street.code == "440104001"
    assert location.raw["accuracy_m"] is None


def test_as_a_geocoder_an_unsure_address_gives_nothing(yuexiu):
    assert DistrictGeocoder().geocode("东风东路") is None
