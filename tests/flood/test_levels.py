"""Response levels: announced, raised, ended, linked."""

import pytest

from integrations.models import ResponseLevel
from integrations.sources.flood.responses import level_of
from integrations.sources.kind import Unreadable
from tests.flood.senders import SAMPLES, ago, alarm, events, stands, taken

pytestmark = pytest.mark.django_db


def response(level, **fields):
    """An announcement."""
    return {
        "areaName": "广州市越秀区",
        "typeName": "防暴雨内涝",
        "level": level,
        "responseTime": ago(minutes=5),
        "startTime": ago(hours=1),
        **fields,
    }


def held():
    """{(track, area): level} of what holds."""
    return {
        (row.track, row.area_name): row.level
        for row in ResponseLevel.objects.filter(current=True, level__gt=0)
    }


def test_the_sample_of_a_response_is_a_level_and_no_event():
    taken((SAMPLES / "14_response_level.json").read_bytes())
    level = ResponseLevel.objects.get()
    assert (level.track, level.level, level.highest) == ("防暴雨内涝", 4, 4)
    assert (level.here, level.covers, level.current) == (True, "440104", True)
    assert events() == []


def test_levels_rise_and_end_and_their_history_stays():
    taken(response("IV", responseTime=ago(minutes=50)))
    taken([response(3, responseTime=ago(minutes=40)), response(4, typeName="防风")])
    assert held() == {("防暴雨内涝", "广州市越秀区"): 3, ("防风", "广州市越秀区"): 4}
    taken(response("结束", responseTime=ago(minutes=1)))
    assert held() == {("防风", "广州市越秀区"): 4}
    assert ResponseLevel.objects.count() == 4


def test_an_announcement_that_comes_late_or_again_changes_nothing():
    late, new = response(4, responseTime=ago(hours=1)), response(2, responseTime=ago(minutes=1))
    for one in (new, late, new | {"again": 1}, late | {"again": 1}):
        taken(one)
    assert held() == {("防暴雨内涝", "广州市越秀区"): 2}
    assert ResponseLevel.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "level"),
    [("1", 1), ("IV级", 4), ("Ⅲ级响应", 3), ("二级应急响应", 2), ("无", 0), ("已解除", 0)],
)
def test_a_level_is_written_in_many_ways(words, level):
    assert level_of(words) == level


@pytest.mark.parametrize("words", ["", "5", "12", "最高", "-1"])
def test_what_is_no_level_is_put_aside(words):
    with pytest.raises(Unreadable):
        level_of(words)


@pytest.mark.parametrize(
    ("area", "here"),
    [("广州市越秀区", True), ("广州市", True), ("洪桥街道", True), ("广州市天河区", False)],
)
def test_a_level_is_linked_to_the_alarms_in_its_area(area, here):
    taken(response(4, areaName=area))
    stands(20)
    taken(response(4, areaName=area, typeName="防风"))
    # 81204018 stands in 北京街道.
    linked = {level.track for level in alarm().levels.all()}
    expected = {"防暴雨内涝", "防风"} if here and area != "洪桥街道" else set()
    assert (ResponseLevel.objects.first().here, linked) == (here, expected)
