"""The suggestion is made of the tables beside it, says why, and never hides an emergency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.management.commands.train_suggestions import as_text
from events.suggesting import suggest
from events.suggesting.model import WEIGHTS, model
from events.suggesting.tables import classes
from events.suggesting.training import train
from tests.suggestion.measuring import groups, majority, messages, right


@pytest.mark.django_db
def test_the_weights_are_what_the_tables_give():
    assert WEIGHTS.read_text() == as_text(train(classes())), "manage.py train_suggestions"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("自来水管爆裂，水柱两米高", "emergency.pipe-burst"),
        ("楼上漏煤气，味道很大", "emergency.gas-leak"),
        ("有位老人走失了，穿灰色外套", "emergency.lost-person"),
        ("几个人在路口打架，有人持刀", "emergency.fight"),
        ("流动摊贩在天桥下摆卖", "event.0401"),
        ("走鬼占住晒条路", "event.0401"),
        ("共享单车倒了一片", "event.0493"),
        ("雨水井盖松动", "component.0103"),
        ("路灯不亮", "component.0137"),
        ("半夜工地打桩声很大", "event.0301"),
        ("公司拖欠工资三个月", "hotline.150306"),
        ("医保卡在异地怎样报销", "hotline.150204"),
        ("孩子上学学位不够，学区怎样划片", "hotline.140405"),
    ],
)
def test_what_people_say_is_understood_and_the_reason_stands_in_the_text(text, code):
    first = suggest(text)[0]
    assert first.category.qualified == code
    assert first.because
    assert all(word in text for word in first.because)
    assert first.confidence > 0.4
    assert first.urgent == (first.category.priority == "P1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "……", "好", "hello", "12345", "\x00", "👷👷", "这里那里", "a" * 100_000]
)
def test_of_what_says_nothing_nothing_is_suggested(text):
    assert suggest(text) == []


@pytest.mark.django_db
def test_a_word_of_an_emergency_is_asked_for_whatever_else_is_said():
    text = "菜市场里卖鱼的摊位很多，占道经营，垃圾成堆，有个女孩和家人走散了"
    found = {one.category.qualified: one for one in suggest(text)}
    assert len(found) <= 3
    lost = found["emergency.lost-person"]
    assert lost.urgent
    assert lost.because[0] == "走散"
    assert not any("走散" in word for word in lost.because[1:])


@pytest.mark.django_db
def test_every_word_that_asks_does_so():
    for one in classes():
        for word in one.asks:
            guesses = {guess.code: guess for guess in model().rank(f"占道经营，{word}，垃圾没人清")}
            assert guesses[one.code].asked, word


@given(st.text(alphabet=st.sampled_from("井盖缺失水管爆裂走散打架路灯，。 aA1\n"), max_size=60))
def test_whatever_is_said_shares_are_shares_and_in_order(text):
    guesses = model().rank(text)
    assert len(guesses) <= 3
    shares = [guess.confidence for guess in guesses]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= guess.confidence <= guess.branch_confidence <= 1 + 1e-9 for guess in guesses)
    assert len({guess.code for guess in guesses}) == len(guesses)


@pytest.mark.django_db
def test_four_messages_in_five_come_to_the_right_group_though_none_was_learnt_from():
    rows = messages()
    share = right(model(), groups(classes()), rows) / len(rows)
    assert majority(rows) < 0.25
    assert share > 0.77


@pytest.mark.django_db
def test_everyday_complaints_are_seldom_asked_about_as_emergencies():
    asked = [
        text for text, _group in messages() if any(guess.asked for guess in model().rank(text))
    ]
    assert len(asked) <= 8
