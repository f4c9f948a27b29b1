"""Who reported what was merged hears how it goes on, without a right to the main event."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch import clock
from events.models import Event, TimelineEntry
from tests.actions.cases import later
from tests.actions.test_snapshots import Watch
from tests.room import EMERGENCY, POLICE, WATER, fold

pytestmark = pytest.mark.django_db
# Reports the merged event; has no right to the main one.
WITNESS = "cityops.hongqiao"


@pytest.fixture
def family(room):
    """(main, other): another person's report, merged into one that nobody has claimed."""
    main = room.report()["number"]
    other = room.report(WITNESS, text="井盖不见了，很危险")["number"]
    room.do("dispatcher", other, "merge", into=main)
    return main, other


def told(room, number, who="supervisor"):
    """The sentences of what the main event went through."""
    entries = room.entries(number, who=who)
    return [entry["summary"] for entry in entries if entry["kind"] == "progressed"]


def test_the_reporter_of_a_merged_event_hears_of_claim_handling_and_closing(room, family):
    main, other = family
    assert room.sees(WITNESS, other)
    assert not room.sees(WITNESS, main)
    room.do("duty.hongqiao", main, "claim")
    assert told(room, other, WITNESS) == [f"主事件 {main}：洪桥街道应急办公室 签收"]
    event = room.event(other, WITNESS)
    assert (event["state"], event["merged_into"]) == ("merged", main)
    assert (event["main"]["number"], event["main"]["state"]) == (main, "responded")
    room.do("duty.hongqiao", main, "complete", text="井盖已补，工人王五")
    room.do("supervisor", main, "close", text="已恢复")
    assert told(room, other, WITNESS)[1:] == [
        f"主事件 {main}：全部处置完成，待核查",
        f"主事件 {main}：结案 已恢复",
    ]
    event = room.event(other, WITNESS)
    assert (event["state"], event["main"]["state"]) == ("merged", "closed")
    assert event["main"] == {
        "number": main,
        **{key: room.event(main)[key] for key in event["main"] if key != "number"},
    }


def test_those_without_the_merged_event_are_not_told_through_it(room, family):
    main, other = family
    room.do("duty.hongqiao", main, "claim")
    entry = TimelineEntry.objects.get(event__number=other, kind="progressed")
    assert f"u:{Event.objects.get(number=other).reporter_id}" in entry.audience
    assert not any(token.startswith("d:") for token in entry.audience)
    for who in ("duty.hongqiao", "police.hongqiao", "supervisor.beijing"):
        assert not room.sees(who, other), who


def test_public_answers_reach_the_merged_event_and_internal_talk_does_not(room, family):
    main, other = family
    room.do("duty.hongqiao", main, "claim")
    room.do("duty.hongqiao", main, "post", text="抢修中，请绕行", public=True)
    room.do("duty.hongqiao", main, "post", text="报料人住三楼")
    assert told(room, other)[1:] == [f"主事件 {main}：抢修中，请绕行"]
    (answer,) = [entry for entry in room.entries(other) if entry["data"].get("kind") == "posted"]
    assert answer["data"]["data"] == {"text": "抢修中，请绕行", "public": True}


def test_who_is_sent_back_to_work_and_why_stays_inside(room, family):
    main, other = family
    room.do("duty.hongqiao", main, "claim")
    room.do("duty.hongqiao", main, "complete", text="完")
    room.do("grid.beiyuan", main, "verify", passed=False, text="张三说没修好")
    assert "张三" not in "".join(told(room, other))
    assert room.event(other)["main"]["state"] == "responded"


def test_a_main_event_that_nobody_works_on_any_more_says_so(room, family):
    main, other = family
    room.do("police.hongqiao", main, "claim")
    room.do("police.hongqiao", main, "return", reason="不属本部门，李四负责")
    assert room.event(main)["state"] == room.event(other)["main"]["state"] == "registered"
    assert told(room, other)[-1] == f"主事件 {main}：待签收"


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_the_end_of_the_main_event_is_the_end_of_the_story_of_all(room, family, end):
    main, other = family
    if end == "cancelled":
        room.do("dispatcher", main, "cancel", reason="误报")
    else:
        room.do("duty.hongqiao", main, "claim")
        room.do("duty.hongqiao", main, "complete")
        room.do("grid.beiyuan", main, "verify", passed=True)
    event = room.event(other, WITNESS)
    assert (event["state"], event["main"]["state"]) == ("merged", end)
    room.do("supervisor", main, "reopen", reason="又坏了")
    assert room.event(other, WITNESS)["main"]["state"] in ("registered", "responded")
    assert told(room, other)[-1].startswith(f"主事件 {main}：重新打开")


def test_what_ends_by_itself_reaches_the_merged_events_too(room, family, moment):
    main, other = family
    room.do("duty.hongqiao", main, "claim")
    room.do("duty.hongqiao", main, "request_support", departments=[WATER], reason="积水")
    room.do("duty.hongqiao", main, "complete")
    room.do("supervisor", main, "hold", reason="停工", until=later(hours=2))
    room.do("supervisor", main, "release_support", departments=[WATER])
    watch = Watch(room, [main, other], ())
    moment.move(hours=2, minutes=1)
    clock.tick()
    watch.check()
    assert room.event(main)["state"] == room.event(other)["main"]["state"] == "handled"


def test_stale_screens_of_main_and_merged_come_right(room, family):
    main, other = family
    watch = Watch(room, family)
    room.do("duty.hongqiao", main, "claim")
    room.do("duty.hongqiao", main, "transfer", department=POLICE, reason="警情")
    room.do("police.hongqiao", main, "claim")
    room.do("police.hongqiao", main, "complete")
    room.do("grid.beiyuan", main, "verify", passed=False, text="再修")
    watch.check()
    room.do("police.hongqiao", main, "complete")
    room.do("supervisor", main, "close")
    room.do("dispatcher", main, "unmerge", number=other)
    watch.check()
    assert room.event(main)["absorbed"] == 0


def test_source_reporter_and_external_id_of_each_stay_its_own(room, family, user):
    main, other = family
    fields = ("source", "external_id", "client_id", "reporter_id", "reporter_name", "text")
    one, two = (Event.objects.get(number=number) for number in family)
    assert one.reporter_id == user("grid.beiyuan").pk
    assert two.reporter_id == user(WITNESS).pk
    before = [getattr(two, name) for name in fields]
    room.do("duty.hongqiao", main, "claim")
    two.refresh_from_db()
    assert [getattr(two, name) for name in fields] == before
    assert list(one.merged.all()) == [two]


def test_twelve_followers_cost_no_more_queries_than_two(room):
    def cost(count):
        main = room.report()["number"]
        for _index in range(count):
            room.do("dispatcher", room.report()["number"], "merge", into=main)
        stale = {
            number: room.event(number)
            for number in Event.objects.filter(merged_into__number=main).values_list(
                "number", flat=True
            )
        }
        room.client("duty.hongqiao")
        with CaptureQueriesContext(connection) as queries:
            room.do("duty.hongqiao", main, "claim")
        for number, event in stale.items():
            after = fold(event, room.entries(number, event["seq"]))
            assert after == room.event(number)
            assert after["main"]["state"] == "responded"
        return len(queries)

    assert cost(12) == cost(2) <= 20


def test_the_department_of_the_main_event_sees_how_many_are_in_it(room, family):
    main, _other = family
    third = room.report()["number"]
    room.do("dispatcher", third, "merge", into=main)
    event = room.event(main, "duty.hongqiao")
    assert event["absorbed"] == 2
    assert [row["department"]["code"] for row in event["assignments"]].count(EMERGENCY) == 1
