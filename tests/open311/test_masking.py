"""What is left out of words that are shown to everybody, and what is not."""

import pytest

from integrations.masking import MASK, masked


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "020-83123456",
        "(020) 8312 3456",
        "0755 8312345",
        "44010419900307123X",
        "zhang.san@mail.example.org",
    ],
)
def test_numbers_and_addresses_of_people_are_left_out(text):
    assert masked(f"请联系{text}，谢谢") == f"请联系{MASK}，谢谢"
    assert masked(text) == MASK


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话：83123456", f"电话：{MASK}"),
        ("我的手机号是8312 3456。", f"我的手机号是{MASK}。"),
        ("Tel. 83123456", f"Tel. {MASK}"),
        ("姓名：李四，住在附近", f"姓名：{MASK}，住在附近"),
        ("小北路202号之一502室", f"小北路{MASK}"),
        ("东风路12-3号门口", f"东风路{MASK}门口"),
        ("3栋2单元", MASK),
    ],
)
def test_what_a_word_gives_away_is_left_out(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25 10:30 起",
        "积水约30厘米，范围100平方米",
        "编号1732512345678",
        "地铁5号线",
        "12号上午",
        "11月12号起",
        "8号台风",
        "12345热线",
        "我叫了三次人",
        "A large sinkhole is destroying the street",
    ],
)
def test_other_numbers_stay(text):
    assert masked(text) == text


def test_the_names_that_are_known_are_left_out():
    assert masked("张三丰说，三丰家门口", "张三丰", "三丰", "张", "") == f"{MASK}说，{MASK}家门口"
