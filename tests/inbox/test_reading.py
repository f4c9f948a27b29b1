"""Texts, XML, JSON, times and coordinates as other systems write them."""

import json as stdlib
from datetime import UTC, datetime, timedelta

import pytest

from integrations.reading import coordinates, json, text, times, xml
from integrations.sources import Unreadable

WORDS = "越秀区北京路井盖缺失"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_chinese_is_read_in_every_encoding_that_senders_use(encoding):
    assert text.decode(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (f'<?xml version="1.0" encoding="Big5"?><a>{"區"}</a>'.encode("big5"), ""),
        ("<a>區</a>".encode("big5"), 'text/xml; charset="Big5"'),
    ],
)
def test_what_is_declared_counts_where_it_is_no_utf_8(body, content_type):
    assert "區" in text.decode(body, content_type)


def test_who_declares_gbk_and_sends_utf_8_is_understood():
    body = f'<?xml version="1.0" encoding="GBK"?><a>{WORDS}</a>'.encode()
    assert xml.parse(body, "text/xml; charset=gbk").text == WORDS


def test_the_sources_own_encoding_is_the_last_but_one_resort():
    assert text.decode("區".encode("big5"), encoding="big5") == "區"


@pytest.mark.parametrize("content_type", ["x/y; charset=hex", "x/y; charset=none", "; =;", "\r\n"])
def test_a_charset_that_is_none_does_no_harm(content_type):
    assert text.decode(WORDS.encode("gbk"), content_type) == WORDS


def test_what_is_no_text_is_unreadable():
    with pytest.raises(Unreadable, match="编码"):
        text.decode(b"\xff\xff\xff\x00")


def test_xml_is_found_by_name_whatever_the_prefix():
    root = xml.parse(b'<s:E xmlns:s="urn:e"><s:B><x:Id xmlns:x="urn:x" at="1">7</x:Id></s:B></s:E>')
    assert xml.name(root) == "E"
    assert xml.text(root, "No", "Id") == "7"
    assert xml.find(root, "No") is None
    assert [found.text for found in xml.find_all(root, "Id", "B")] == [None, "7"]
    assert xml.fields(xml.find(root, "B")) == {"Id": "7"}
    assert xml.fields(xml.find(root, "Id")) == {"at": "1"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "不完整"),
        (b"<a>", "不完整"),
        (b"<a>\n<b></a>", "第 2 行"),
        (b"<a/><b/>", "不完整"),
        (b"<!DOCTYPE a><a/>", "文档类型"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "文档类型"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "文档类型"),
        (b"<a>" * 100 + b"</a>" * 100, "嵌套"),
        (b"<r>" + b"<a/>" * 200_000 + b"</r>", "元素"),
        (b"<a>\x00</a>", "不完整"),
        (b"<a>&#0;</a>", "不完整"),
    ],
)
def test_dangerous_or_broken_xml_is_unreadable_with_words(body, words):
    with pytest.raises(Unreadable, match=words):
        xml.parse(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "不完整"),
        (b'{"a":\n', "第 2 行"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1e999}', "过大"),
        (b'{"a": ' + b"9" * 5000 + b"}", "过长"),
        (b'{"a": 1, "a": 2}', "两次"),
        (b"[" * 65 + b"]" * 65, "嵌套"),
        (b"[" * 100_000, "嵌套"),
        (b'{"a":' * 100_000, "嵌套"),
    ],
)
def test_dangerous_or_broken_json_is_unreadable_with_words(body, words):
    with pytest.raises(Unreadable, match=words):
        json.parse(body)


def test_json_is_what_it_says():
    value = {"a": [1, 2.5, None, True, "😀"], "b": {"c": WORDS}}
    assert json.parse(stdlib.dumps(value).encode()) == value
    assert json.parse(stdlib.dumps(value, ensure_ascii=False).encode("gbk", "replace"))["b"]
    assert json.parse(b'{"a": 1, "a": 1}') == {"a": 1}
    assert json.parse(b"[" * 64 + b"]" * 64)


def test_half_a_character_is_replaced_so_that_any_database_takes_the_rest():
    assert json.parse(rb'{"a\ud83d": ["b\ude00", "\ud83d\ude00"]}') == {"a�": ["b�", "😀"]}


AT = datetime(2026, 6, 1, 6, 32, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-01 14:32:23",
        "2026-06-01T14:32:23",
        "2026/6/1 14:32:23",
        "2026.06.01 14:32:23",
        "2026年6月1日14时32分23秒",
        "2026年06月01日 14:32:23",
        "20260601143223",
        "2026-06-01T06:32:23Z",
        "2026-06-01T14:32:23+08:00",
        "2026-06-01T02:32:23-0400",
        "2026-06-01 14:32:23.000",
        " 2026-06-01 14:32:23 ",
        "1780295543",
        "1780295543000",
        1780295543,
        1780295543000,
        1780295543.0,
        "/Date(1780295543000+0800)/",
        datetime(2026, 6, 1, 14, 32, 23),  # noqa: DTZ001 - as a spreadsheet has it
    ],
)
def test_a_time_is_the_same_time_however_it_is_written(written):
    assert times.parse(written) == AT


def test_less_exact_times_begin_at_their_beginning():
    midnight = datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert times.parse("2026-06-01") == times.parse("20260601") == midnight
    assert times.parse("202606011432") == times.parse("2026-06-01 14:32") == AT.replace(second=0)
    assert times.parse("2026-06-01 24:00:00") == midnight + timedelta(days=1)


def test_a_source_elsewhere_has_its_own_time():
    assert times.parse("2026-06-01 14:32:23", "UTC") == AT + timedelta(hours=8)
    with pytest.raises(Unreadable, match="时区"):
        times.parse("2026-06-01 14:32:23", "Asia/Nowhere")


@pytest.mark.parametrize("nothing", ["", " ", None, "null", "NULL", "-"])
def test_no_time_is_none(nothing):
    assert times.parse(nothing) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "昨天",
        "2026-13-01",
        "2026-02-30 10:00",
        "2026-06-01 25:00",
        "2026-06-01 24:01",
        "1999-12-31",
        "2101-01-01",
        "0001-01-01 00:00:00",
        "9999-12-31T23:59:59-23:59",
        "1" * 5000,
        -1,
        0,
        10**30,
        float("nan"),
        float("inf"),
        True,
        [],
        {},
    ],
)
def test_what_is_no_time_is_unreadable_or_none(wrong):
    with pytest.raises(Unreadable, match="时间"):
        times.parse(wrong)
    assert times.parse_or_none(wrong) is None


@pytest.mark.parametrize(
    ("x", "y", "axes"),
    [
        (113.26, 23.13, "xy"),
        ("113.26", "23.13°", "xy"),
        (23.13, 113.26, "yx"),
        # Whatever the setting says: in China the two cannot be confused.
        (23.13, 113.26, "xy"),
        (113.26, 23.13, "yx"),
    ],
)
def test_coordinates_are_put_in_order(x, y, axes):
    found = coordinates.location(x, y, crs="GCJ02", axes=axes, accuracy_m="12.5")
    assert found == {"lon": 113.26, "lat": 23.13, "crs": "GCJ02", "accuracy_m": 12.5}


@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [
        (424883.750432, 3669716.964710, "WGS84"),
        (38424883.75, 2560000.0, "CGCS2000"),
        (113.26, 23.13, "GZ2000"),
        (0, 0, "WGS84"),
        ("0.0", "23.13", "WGS84"),
        ("", "", "WGS84"),
        (None, 23.13, "WGS84"),
        ("东经113", "23.13", "WGS84"),
        (float("nan"), 23.13, "WGS84"),
        (float("inf"), 23.13, "WGS84"),
        (-113.26, 23.13, "WGS84"),
        (2.35, 48.85, "WGS84"),
        (True, 23.13, "WGS84"),
        ([], {}, "WGS84"),
    ],
)
def test_what_is_no_place_in_degrees_is_never_guessed_at(x, y, crs):
    assert coordinates.location(x, y, crs=crs) is None
