"""Bytes as text and back, keys hidden and back, parts coloured: nothing is lost on the way."""

import codecs
import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.pages import body, hiding
from integrations.pages.colour import coloured
from integrations.pages.sparkline import sparkline

TAG = re.compile(r'</?i(?: class="(?:key|value|number|mark|note)")?>')
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["url", "key", "token", "name", "秘密"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.binary(max_size=300))
def test_any_bytes_are_mended_back_to_themselves_as_hexadecimal(content):
    assert body.written(body.editable(content, "hex"), "hex", content) == content


@given(TEXT, st.sampled_from(["utf-8", "gb18030", "utf-16"]), st.sampled_from(["\n", "\r\n"]))
@example("越\n秀", "gb18030", "\r\n")
@example("越\n秀", "utf-16", "\n")
def test_text_that_is_not_touched_stays_byte_for_byte(text, encoding, end):
    text = text.replace("\r", "").replace("\n", end)
    content = text.encode(encoding)
    # A browser sends every line end as CR LF.
    typed = body.editable(content, encoding).replace("\r\n", "\n").replace("\n", "\r\n")
    assert body.written(typed, encoding, content) == content


@pytest.mark.parametrize(
    ("mark", "codec", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
    ],
)
def test_a_byte_order_mark_is_neither_shown_nor_lost(mark, codec, encoding):
    content = mark + "越秀".encode(codec)
    assert body.editable(content, encoding) == "越秀"
    assert body.written("越秀区", encoding, content) == content + "区".encode(codec)


@pytest.mark.parametrize(
    ("content", "content_type", "encoding", "guessed"),
    [
        ("越秀".encode(), "", "utf-8", "utf-8"),
        ("越秀".encode("gbk"), "", "utf-8", "gb18030"),
        ("越秀".encode("gbk"), "text/xml; charset=GBK", "utf-8", "gb18030"),
        ("越秀".encode("utf-16"), "", "utf-8", "utf-16"),
        (bytes.fromhex("7e7e01000203"), "", "utf-8", "hex"),
        (b"\x80\xff\xff", "", "utf-8", "hex"),
        (b"", "", "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_guessed(content, content_type, encoding, guessed):
    assert body.guess(content, content_type, encoding) == guessed


@given(st.binary(max_size=300), st.sampled_from([name for name, _label in body.ENCODINGS]))
def test_any_bytes_are_shown_in_any_encoding(content, encoding):
    shown = body.shown(content, encoding)
    assert shown.size == len(content)


@given(TEXT, st.sampled_from(["xml", "json", "text"]))
def test_colours_change_no_letter_and_let_no_tag_through(text, form):
    marked = str(coloured(text, form))
    plain = TAG.sub("", marked)
    assert "<" not in plain
    assert html.unescape(plain) == text


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("part", ["<!--", "<?", '"\\', '\\"', 'a="', "a ", "<", "-", '"a'])
def test_a_strangers_text_is_coloured_in_one_pass(form, part):
    """Work is counted in characters matched, each at most a few times; a quadratic pattern would
    take minutes here."""
    assert coloured(part * (body.TEXT_SHOWN // len(part)), form)


def test_what_is_long_is_cut_and_said_so():
    shown = body.shown(b"a" * 100_000, "utf-8")
    assert shown.cut
    assert len(shown.text) == body.TEXT_SHOWN
    assert body.shown(b"\x00" * 100_000, "hex").cut
    assert body.editable(b"a" * (body.MENDABLE + 1), "utf-8") is None


def test_xml_and_json_are_laid_out_and_keep_what_they_say():
    shown = body.shown('<a x="1"><b>越 &lt; 秀</b></a>'.encode("gbk"), "gb18030")
    assert shown.text == '<a x="1">\n  <b>越 &lt; 秀</b>\n</a>'
    assert body.shown(b'{"a":[1,2]}', "utf-8").text.startswith('{\n  "a"')
    # Laid out, one of two equal keys would be gone.
    assert body.shown(b'{"a":1,"a":2}', "utf-8").text == '{"a":1,"a":2}'
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert body.shown(bomb, "utf-8").text == bomb.decode()
    assert not body.shown(b"[" * 100_000, "utf-8").pretty


@given(JSON)
def test_options_left_hidden_keep_their_keys(options):
    options = {"options": options}
    assert hiding.restored(hiding.hidden(options), options) == options


@pytest.mark.parametrize(
    "address",
    [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa",
        "https://oapi.dingtalk.com/robot/send?access_token=693a91f6",
        "https://open.feishu.cn/open-apis/bot/v2/hook/693a91f6-aaaa-bbbb-cccc-0123456789ab",
        "https://user:693a91f6@city.example/hook",
    ],
)
def test_an_address_with_a_key_in_it_hides_the_key(address):
    shown = hiding.hidden({"url": address})["url"]
    assert "693a91f6" not in shown
    assert shown.startswith("https://")
    assert hiding.restored({"url": shown}, {"url": address}) == {"url": address}


def test_what_is_hidden_and_stands_for_nothing_is_refused():
    with pytest.raises(hiding.NothingKept, match="secret"):
        hiding.restored({"secret": hiding.HIDDEN}, {})


def test_bars_of_an_hour_stand_beside_one_another():
    spark = sparkline([[0, 0], [10, 2], [5, 5]])
    assert (spark.total, spark.peak, spark.width) == (15, 10, 19)
    assert spark.bars.count("M") == 3
    assert spark.bad.count("M") == 2
