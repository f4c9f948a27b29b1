"""Which events are offered as the same: near, lately, of a kin class, and with the reason."""

import pytest

from events.models import Event
from tests import BEIYUAN

pytestmark = pytest.mark.django_db
# One degree of latitude in metres, to a few.
DEGREE_M = 110_750
BURST, LEAK = "emergency.pipe-burst", "event.0501"
VENDOR, RUBBISH = "event.0406", "event.0110"
LOST, COVER = "emergency.lost-person", "component.0103"


def north(metres):
    """A point so many metres north of BEIYUAN."""
    return {"lon": BEIYUAN["lon"], "lat": BEIYUAN["lat"] + metres / DEGREE_M, "crs": "WGS84"}


@pytest.fixture
def offered(room):
    """The candidates for an event, as a person sees them: [event with score and reasons]."""
    return lambda number, who="dispatcher": room.get(who, f"events/{number}/similar/")["results"]


@pytest.fixture
def numbers(offered):
    """Their numbers."""
    return lambda number, who="dispatcher": [row["number"] for row in offered(number, who)]


def put(room, metres=0, category=COVER, text="井盖缺失", **fields):
    """A report of a class so many metres north; its number."""
    return room.report(location=north(metres), category=category, text=text, **fields)["number"]


def test_the_same_class_near_by_is_offered_with_distance_time_and_reasons(room, offered, moment):
    first = put(room, 30, text="雨水井盖不见了，小心")
    moment.move(minutes=12)
    (row,) = offered(put(room, text="雨水井盖不见了"))
    assert row["number"] == first
    assert row["distance_m"] == pytest.approx(30, abs=1)
    assert row["minutes_apart"] == 12
    assert row["score"] > 0.8
    assert not row["recently_closed"]
    reasons = row["reasons"]
    assert reasons[:3] == ["同一分类：雨水井盖", "相距 30 米", "相隔 12 分钟"]
    assert reasons[3].startswith("描述相似 ")
    assert {"state", "title", "assignments", "merged_into"} <= set(row)


def test_the_likelier_one_comes_first(room, numbers):
    far = put(room, 50, text="有个井")
    near = put(room, 2, text="雨水井盖缺失，已有老人绊倒")
    assert numbers(put(room, text="雨水井盖缺失，有人绊倒")) == [near, far]


@pytest.mark.parametrize(
    ("category", "metres", "yes"),
    [
        (COVER, 50, True),
        (COVER, 70, False),
        (BURST, 450, True),
        (BURST, 550, False),
        (LOST, 950, True),
        (LOST, 1050, False),
        ("event.0604", 90, True),
        ("event.0604", 110, False),
    ],
)
def test_how_near_depends_on_the_class(category, metres, yes, room, numbers):
    other = put(room, metres, category)
    assert numbers(put(room, 0, category)) == [other] * yes


def test_near_is_a_circle_and_no_box(room, numbers):
    corner = {**north(50), "lon": BEIYUAN["lon"] + 50 / 102_000}
    other = room.report(location=corner, category=COVER)["number"]
    assert other not in numbers(put(room))


def test_an_open_event_of_yesterday_counts_where_the_trouble_lasts(room, numbers, moment):
    cover, vendor = put(room), put(room, category=VENDOR, text="占道")
    moment.move(hours=20)
    assert numbers(put(room)) == [cover]
    assert vendor not in numbers(put(room, category=VENDOR, text="占道"))


def test_kin_classes_of_another_scheme_are_offered(room, offered):
    other = put(room, 100, LEAK, text="路面冒水")
    (row,) = offered(put(room, 0, BURST, text="水管爆了"))
    assert row["number"] == other
    assert row["reasons"][0] == "同类问题：供水"


def test_a_class_that_has_nothing_to_do_with_it_is_not_offered(room, numbers):
    put(room, 0, "emergency.fight", text="井盖缺失")
    assert numbers(put(room, 0, COVER)) == []


def test_what_nobody_has_classified_is_offered_when_it_reads_alike(room, numbers, offered):
    alike = put(room, 10, "", text="雨水井盖缺失，木板盖着")
    put(room, 55, "", text="有人吵架")
    subject = put(room, 0, COVER, text="雨水井盖缺失，只用木板盖着")
    assert numbers(subject) == [alike]
    assert "描述相似" in offered(subject)[0]["reasons"][-1]


def test_the_words_of_an_unclassified_report_widen_the_search(room, numbers, offered):
    other = put(room, 400, BURST, text="爆管")
    assert numbers(put(room, 0, "", text="这里有情况")) == []
    (row,) = offered(put(room, 0, "", text="自来水管爆裂，水柱两米高"))
    assert (row["number"], row["reasons"][0]) == (other, "描述像同类问题")


def test_words_of_an_emergency_are_enough_to_look_as_far_as_for_one(room, numbers):
    other = put(room, 800, LOST, text="男孩不见了")
    assert numbers(put(room, 0, "", text="菜市场门口有个女孩走散了")) == [other]


def test_a_photo_without_a_word_is_offered_at_the_same_place_only(room, numbers):
    here, there = put(room, 5, "", text=""), put(room, 80, "", text="")
    assert numbers(put(room, 0, COVER)) == [here]
    assert there not in numbers(here)


def test_two_reports_that_speak_of_different_things_are_not_the_same(room, numbers):
    put(room, 0, "", text="路灯不亮，晚上很黑")
    assert numbers(put(room, 0, "", text="菜市场门口有个女孩走散了")) == []


def test_what_was_closed_shortly_before_is_shown_as_that(room, offered, moment):
    closed = put(room, 5, RUBBISH, text="垃圾成堆")
    room.do("cityops.hongqiao", closed, "claim")
    room.do("cityops.hongqiao", closed, "complete")
    room.do("supervisor", closed, "close")
    moment.move(hours=3)
    (row,) = offered(put(room, category=RUBBISH, text="垃圾没清"))
    assert (row["number"], row["recently_closed"], row["state"]) == (closed, True, "closed")
    assert "已办结" in row["reasons"]
    moment.move(hours=13)
    later = put(room, category=RUBBISH, text="垃圾没清")
    assert closed not in [row["number"] for row in offered(later)]


def test_cancelled_and_merged_ones_and_itself_are_not_offered(room, numbers):
    cancelled, main, merged = put(room), put(room), put(room)
    room.do("dispatcher", cancelled, "cancel", reason="误报")
    room.do("dispatcher", merged, "merge", into=main)
    assert numbers(put(room)) == [main]
    assert numbers(main) != [main]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("13800138000", "138 0013 8000", True),
        ("+8613800138000", "13800138000", True),
        ("13800138000", "13800138001", False),
        ("138****8000", "138****8000", False),
        ("110", "110", False),
        ("", "", False),
    ],
)
def test_the_same_telephone_is_a_reason_and_never_shown(one, other, same, room, offered):
    first, second = put(room, 50), put(room, 0, text="x")
    Event.objects.filter(number=first).update(reporter_phone=one)
    Event.objects.filter(number=second).update(reporter_phone=other)
    (row,) = offered(second)
    assert ("同一来电号码" in row["reasons"]) == same
    assert "13800138000" not in str(row)


def test_an_event_without_a_place_has_no_candidates(room, numbers):
    number = put(room)
    Event.objects.filter(number=number).update(lon=None, lat=None)
    assert numbers(number) == []


def test_each_sees_candidates_only_among_the_own_events(room, numbers):
    mine = room.report(category="emergency.fight", location=north(0))["number"]
    other = room.report(category="emergency.disturbance", location=north(20))["number"]
    assert numbers(mine, "dispatcher") == numbers(mine, "supervisor.hongqiao") == [other]
    # The police lead both, until the other is given to somebody else.
    assert numbers(mine, "police.hongqiao") == [other]
    room.do("dispatcher", other, "transfer", department="440104001-cityops", reason="城管")
    assert numbers(mine, "police.hongqiao") == []
    assert numbers(other, "cityops.hongqiao") == []
    assert room.ask("supervisor.beijing", f"events/{mine}/similar/").status_code == 404
