"""Mains that are merged themselves, and merges that race: never a chain, a circle or an orphan."""

import random

import pytest

from events.models import Event, TimelineEntry
from tests.actions.test_races import check_record
from tests.actions.test_snapshots import Watch
from tests.room import at_once, fold


def check_families():
    """Every merged event follows one that is not merged, and each knows how many it has."""
    for event in Event.objects.select_related("merged_into"):
        assert bool(event.merged_into_id) == (event.state == "merged")
        assert event.absorbed == event.merged.count()
        if event.merged_into_id:
            assert event.merged_into.state != "merged"


@pytest.mark.django_db
def test_a_main_event_takes_its_own_along_into_another(room):
    one, two, three = (room.report()["number"] for _index in range(3))
    room.do("dispatcher", one, "merge", into=two)
    watch = Watch(room, [one, two, three])
    room.do("dispatcher", two, "merge", into=three)
    watch.check()
    check_families()
    assert room.event(one)["merged_into"] == room.event(two)["merged_into"] == three
    assert (room.event(two)["absorbed"], room.event(three)["absorbed"]) == (0, 2)
    room.do("duty.hongqiao", three, "claim")
    for number in (one, two):
        assert room.event(number)["main"]["state"] == "responded"
    watch.check()
    # Each leaves by itself.
    room.do("dispatcher", three, "unmerge", number=two)
    check_families()
    watch.check()
    assert room.event(one)["merged_into"] == three
    assert room.event(two)["state"] == "registered"


@pytest.mark.django_db
def test_who_merges_into_a_merged_event_is_told_the_main_one(room):
    one, two, three = (room.report()["number"] for _index in range(3))
    room.do("dispatcher", one, "merge", into=two)
    problem = room.refused(409, "dispatcher", three, "merge", into=one)
    assert problem["into"] == two
    assert two in problem["detail"]
    assert room.event(three)["state"] == "registered"
    assert room.refused(409, "dispatcher", one, "merge", into=three)["winner"]["name"]
    room.refused(409, "dispatcher", one, "unmerge", number=two)
    room.refused(422, "dispatcher", two, "unmerge", number=three)
    room.refused(409, "dispatcher", two, "merge", into=one)
    check_families()


@pytest.mark.django_db
def test_random_merges_of_seven_events_leave_whole_families(room):
    rng = random.Random(2)
    numbers = [room.report()["number"] for _index in range(7)]
    watch = Watch(room, numbers, ())
    done = 0
    for _step in range(50):
        one, two = rng.choice(numbers), rng.choice(numbers)
        action, field = rng.choice([("merge", "into")] * 2 + [("unmerge", "number")])
        who, body = "dispatcher", {field: two}
        if rng.random() < 0.2:
            who, action, body = "duty.hongqiao", "claim", {}
        answer = room.act(who, one, action, **body)
        assert answer.status_code in (200, 404, 409, 422)
        done += answer.status_code == 200
        check_families()
    assert done > 8
    watch.check()


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    "pairs",
    [((0, 1), (1, 2)), ((0, 1), (0, 2)), ((0, 1), (1, 0)), ((2, 1), (1, 0)), ((0, 1), (0, 1))],
    ids=str,
)
def test_two_merges_at_once(pairs, room):
    numbers = [room.report()["number"] for _index in range(3)]
    room.client("dispatcher")
    answers = at_once(
        [
            lambda one=one, two=two: room.act(
                "dispatcher", numbers[one], "merge", into=numbers[two]
            )
            for one, two in pairs
        ]
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    check_families()
    for number in numbers:
        check_record(number)


@pytest.mark.usefixtures("committed")
def test_who_is_merged_while_the_main_event_moves_is_told_all_the_same(room):
    main = room.report()["number"]
    others = [room.report()["number"] for _index in range(6)]
    stale = {number: room.event(number) for number in (main, *others)}
    for who in ("dispatcher", "duty.hongqiao", "police.hongqiao"):
        room.client(who)
    merges = [
        lambda number=number: room.act("dispatcher", number, "merge", into=main)
        for number in others
    ]
    moves = [
        lambda: room.act("duty.hongqiao", main, "claim"),
        lambda: room.act("police.hongqiao", main, "claim"),
        lambda: room.act("dispatcher", main, "unmerge", number=others[0]),
        lambda: room.act("duty.hongqiao", main, "post", text="在路上", public=True),
    ]
    answers = at_once(merges + moves)
    assert {answer.status_code for answer in answers} <= {200, 409, 422}
    check_families()
    state = room.event(main)["state"]
    for number in others:
        event = room.event(number)
        if event["main"]:
            assert event["main"]["state"] == state == "responded"
        assert fold(stale[number], room.entries(number, stale[number]["seq"])) == event
        check_record(number)
    assert TimelineEntry.objects.filter(event__number=main, kind="absorbed").count() == 6
