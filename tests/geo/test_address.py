import pytest

from geo.address import house, normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("北京路２３８号", "北京路238号"),
        ("北京路 238 號", "北京路238号"),
        ("廣州市越秀區環市東路", "广州市越秀区环市东路"),
        ("北京路二百三十八号", "北京路238号"),
        ("文德路六十六号", "文德路66号"),
        ("北京路二三八号", "北京路238号"),
        ("光孝路一百零九号", "光孝路109号"),
        ("中山二路十号", "中山二路10号"),
        ("北京路12—14号", "北京路12-14号"),
        (None, ""),
    ],
)
def test_what_people_type_gets_one_spelling(typed, read):
    assert normalise(typed) == read


@pytest.mark.parametrize(
    ("text", "number", "part"),
    [
        ("238号", 238, ""),
        ("238号之一", 238, "一"),
        ("45号之一十三", 45, "一十三"),
        ("238之2号", 238, "2"),
        ("239-2号", 239, "2"),
        ("238", 238, ""),
        ("238号大院5栋", 238, ""),
        ("第5号", 5, ""),
    ],
)
def test_a_house_number_is_read_with_its_part(text, number, part):
    found = house(text, 0)
    assert (found.number, found.part) == (number, part)


@pytest.mark.parametrize("text", ["3楼", "3个人打架", "15米外", "2路车站", "号", "", "三楼", "0号"])
def test_other_numbers_are_no_house_numbers(text):
    assert house(text, 0) is None
