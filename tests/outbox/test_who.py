"""Who is told of what: those on duty and concerned, who may see it, each once, not who did it."""

import pytest

from dispatch import clock
from dispatch.models import Department, Officer, WorkGroup
from events.kinds import KINDS
from integrations import outbox
from integrations.models import Contact, OutboundMessage
from integrations.outbox import concerned, words
from tests.outbox.conftest import titles, whom
from tests.room import CITYOPS, EMERGENCY, POLICE

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "duty.hongqiao",
    "police.hongqiao",
    "cityops.hongqiao",
    "supervisor.hongqiao",
    "supervisor",
    "dispatcher",
    "auditor",
    "grid.beiyuan",
)


@pytest.fixture
def all_reached(phone, channel, reach):
    """Everybody has a telephone."""
    channel("phone")
    reach(*EVERYBODY)
    return phone


def told(phone):
    """Whom the outbox tells of what is new, sorted."""
    phone.said.clear()
    outbox.tick()
    return sorted(whom(phone))


def test_a_new_event_rings_at_the_departments_it_went_to_and_nowhere_else(room, all_reached):
    room.report()
    assert told(all_reached) == ["duty.hongqiao", "police.hongqiao"]
    assert set(titles(all_reached)) == {"【紧急】新事件，请签收"}


def test_who_has_claimed_before_anybody_was_told_is_not_told(room, all_reached):
    room.claimed()
    assert told(all_reached) == ["police.hongqiao"]


def test_nobody_is_told_of_what_is_over(room, all_reached):
    number = room.report()["number"]
    room.do("dispatcher", number, "cancel", reason="误报")
    assert told(all_reached) == ["grid.beiyuan"]
    assert titles(all_reached) == ["【紧急】事件已作废"]


def test_nobody_is_called_to_work_that_is_done(room, all_reached):
    room.closed()
    assert told(all_reached) == ["grid.beiyuan", "grid.beiyuan"]
    assert titles(all_reached) == ["【紧急】处置完毕，待核查", "【紧急】事件已办结"]


@pytest.fixture
def claimed(room, all_reached):
    """The number of a claimed event of which everybody has heard."""
    number = room.claimed()["number"]
    told(all_reached)
    return number


def test_a_transfer_rings_at_the_new_department(room, all_reached, claimed):
    room.do("duty.hongqiao", claimed, "transfer", department=CITYOPS, reason="城管职责")
    assert told(all_reached) == ["cityops.hongqiao"]


def test_asked_for_support_rings_at_those_who_are_asked(room, all_reached, claimed):
    room.do("duty.hongqiao", claimed, "request_support", departments=[CITYOPS], reason="吹哨")
    assert told(all_reached) == ["cityops.hongqiao"]
    assert titles(all_reached) == ["【紧急】请求协办"]


def test_pressure_reaches_the_lead_and_those_above_but_not_who_exerts_it(
    room, all_reached, claimed
):
    room.do("supervisor", claimed, "urge")
    assert told(all_reached) == ["duty.hongqiao", "supervisor.hongqiao"]
    room.do("supervisor.hongqiao", claimed, "supervise", level="yellow")
    assert told(all_reached) == ["duty.hongqiao", "supervisor"]
    assert set(titles(all_reached)) == {"【紧急】黄牌督办"}
    room.do("supervisor", claimed, "instruct", text="全力处置")
    assert told(all_reached) == ["duty.hongqiao", "supervisor.hongqiao"]
    room.do("supervisor.hongqiao", claimed, "escalate")
    assert told(all_reached) == ["duty.hongqiao", "supervisor"]


def test_the_clock_climbs_from_the_group_to_the_street_to_the_district(room, all_reached, moment):
    room.report()
    told(all_reached)
    for seconds, whom_, title in (
        (61, ["duty.hongqiao", "police.hongqiao"], "响应时限已过 50%"),
        (60, ["supervisor.hongqiao"], "响应超时，已通知街道督导"),
        (120, ["supervisor"], "响应超时，已通知区级督导"),
    ):
        moment.move(seconds=seconds)
        clock.tick()
        assert told(all_reached) == whom_
        assert titles(all_reached)[0].endswith(title)


def test_the_group_is_reminded_where_it_has_not_answered(room, all_reached, claimed, moment):
    moment.move(minutes=11)
    clock.tick()
    # The handling of the lead is half over; the police as a support has not even claimed.
    assert told(all_reached) == ["duty.hongqiao", "police.hongqiao"]


def test_a_street_without_a_supervisor_is_the_districts_and_then_the_dispatchers(
    room, all_reached, claimed, moment
):
    room.do("duty.hongqiao", claimed, "arrive")
    Officer.objects.filter(user__username="supervisor.hongqiao").delete()
    moment.move(minutes=21)
    clock.tick()
    assert "supervisor" in told(all_reached)
    Officer.objects.filter(role="supervisor").delete()
    moment.move(minutes=21)
    clock.tick()
    assert told(all_reached) == ["dispatcher"]


def test_who_asks_for_time_is_heard_by_who_decides_and_hears_the_decision(
    room, all_reached, claimed
):
    room.do("duty.hongqiao", claimed, "hold", reason="等待配件")
    assert told(all_reached) == ["supervisor.hongqiao"]
    room.do("supervisor", claimed, "decide_extension", granted=False, text="不可")
    assert told(all_reached) == ["duty.hongqiao"]
    assert titles(all_reached) == ["【紧急】不同意挂账"]


def test_the_reporter_hears_the_end_once(room, all_reached):
    number = room.handled()["number"]
    told(all_reached)
    room.do("supervisor", number, "verify", passed=True, text="好")
    assert told(all_reached) == ["grid.beiyuan"]
    assert titles(all_reached) == ["【紧急】事件已办结"]


def test_a_reporter_who_closes_the_own_event_is_not_told(room, all_reached):
    number = room.handled()["number"]
    told(all_reached)
    room.do("grid.beiyuan", number, "verify", passed=True)
    assert told(all_reached) == []


def test_rework_rings_at_the_whole_crew(room, all_reached):
    number = room.handled()["number"]
    told(all_reached)
    room.do("supervisor", number, "verify", passed=False, text="未修好")
    assert told(all_reached) == ["duty.hongqiao", "police.hongqiao"]


def test_a_message_rings_only_for_those_whom_it_names(room, all_reached, claimed):
    room.do("duty.hongqiao", claimed, "post", text="已到现场，邮箱 a@b.cn")
    assert told(all_reached) == []
    police = Department.objects.get(code=POLICE).name
    reporter = Officer.objects.get(user__username="grid.beiyuan").name
    room.do("duty.hongqiao", claimed, "post", text=f"请调监控 @{police} 谢谢@{reporter}")
    assert told(all_reached) == ["grid.beiyuan", "police.hongqiao"]
    assert set(titles(all_reached)) == {"【紧急】有人在事件中提到你"}


def test_the_longer_of_two_names_is_meant(room, all_reached, claimed):
    Department.objects.filter(code=POLICE).update(name="洪桥")
    Department.objects.filter(code=EMERGENCY).update(name="洪桥应急")
    room.do("police.hongqiao", claimed, "post", text="@洪桥应急办公室")
    assert told(all_reached) == ["duty.hongqiao"]


# Three people in the room


def test_who_may_not_see_the_event_is_not_told_though_the_group_has_them(room, all_reached, user):
    group = WorkGroup.objects.get(department__code=EMERGENCY, default=True)
    group.members.add(
        Officer.objects.get(user__username="cityops.hongqiao"),
        Officer.objects.get(user__username="auditor"),
    )
    room.report()
    assert told(all_reached) == ["duty.hongqiao", "police.hongqiao"]


def test_who_has_left_is_not_told(room, all_reached, user):
    duty = user("duty.hongqiao")
    duty.is_active = False
    duty.save()
    room.report()
    assert told(all_reached) == ["police.hongqiao"]


def test_a_reporter_who_may_no_longer_see_it_does_not_hear_of_the_end(room, all_reached):
    number = room.handled()["number"]
    told(all_reached)
    before = OutboundMessage.objects.count()
    Officer.objects.filter(user__username="grid.beiyuan").update(role="admin")
    room.do("supervisor", number, "close")
    assert told(all_reached) == []
    assert OutboundMessage.objects.count() == before


def test_who_loses_the_event_before_the_message_goes_out_is_not_told(room, all_reached):
    number = room.report()["number"]
    outbox.read(float("inf"))
    room.do("dispatcher", number, "transfer", department=CITYOPS, reason="城管职责")
    outbox.deliver(float("inf"))
    assert "duty.hongqiao" not in whom(all_reached)
    dead = OutboundMessage.objects.get(state="dead")
    assert dead.recipient.user.username == "duty.hongqiao"
    assert "无权" in dead.reason


def test_a_group_hears_of_its_own_department_only(room, group, channel):
    mine = channel("group", "emergency", [EMERGENCY])
    theirs = channel("group", "cityops", [CITYOPS])
    everybodys = channel("group", "all")
    number = room.report()["number"]
    outbox.tick()
    assert {message.channel for message in group.said} == {mine, everybodys}
    group.said.clear()
    room.do("duty.hongqiao", number, "transfer", department=CITYOPS, reason="城管")
    outbox.tick()
    assert {message.channel for message in group.said} == {theirs, everybodys}


def test_a_channel_of_a_department_reaches_its_people_only(room, phone, channel, reach):
    channel("phone", departments=[POLICE])
    reach("duty.hongqiao", "police.hongqiao")
    room.report()
    assert told(phone) == ["police.hongqiao"]


def test_a_channel_carries_the_kinds_it_is_for(room, phone, channel, reach):
    channel("phone", kinds=["urged"])
    reach("duty.hongqiao", "police.hongqiao")
    number = room.claimed()["number"]
    assert told(phone) == []
    room.do("supervisor", number, "urge")
    assert told(phone) == ["duty.hongqiao"]


def test_somebody_in_two_groups_with_two_telephones_is_told_once_on_each(
    room, all_reached, reach, user
):
    group = WorkGroup.objects.get(department__code=POLICE, default=True)
    group.members.add(Officer.objects.get(user__username="duty.hongqiao"))
    Contact.objects.create(user=user("duty.hongqiao"), kind="phone", address="second")
    room.report()
    assert told(all_reached) == ["duty.hongqiao", "duty.hongqiao", "police.hongqiao"]


def test_a_department_without_a_group_is_everybody_in_it(room, all_reached):
    WorkGroup.objects.filter(department__code=POLICE).update(default=False)
    room.report()
    assert told(all_reached) == ["duty.hongqiao", "police.hongqiao"]


# What they read


def test_nobody_reads_what_somebody_typed(room, all_reached):
    secret = "李小明 13812345678 三街5号"
    number = room.report(text=secret, address=secret)["number"]
    for who, action, body in (
        ("duty.hongqiao", "claim", {}),
        ("duty.hongqiao", "request_support", {"departments": [CITYOPS], "reason": secret}),
        ("duty.hongqiao", "post", {"text": f"@{secret}"}),
        ("supervisor", "instruct", {"text": secret}),
        ("duty.hongqiao", "hold", {"reason": secret}),
        ("supervisor", "decide_extension", {"granted": False, "text": secret}),
        ("duty.hongqiao", "complete", {"text": secret}),
        ("police.hongqiao", "claim", {}),
        ("police.hongqiao", "complete", {"text": secret}),
        ("cityops.hongqiao", "claim", {}),
        ("cityops.hongqiao", "complete", {"text": secret}),
        ("supervisor", "close", {"text": secret}),
    ):
        room.do(who, number, action, **body)
        outbox.tick()
    messages = OutboundMessage.objects.filter(purpose="notice")
    assert len(messages) >= 8
    for message in messages:
        words_ = str(message.content)
        assert not any(part in words_ for part in secret.split())
        assert number in words_


def test_a_notice_says_what_where_by_when_and_where_to_look(room, all_reached, moment):
    event = room.report()
    outbox.tick()
    content = all_reached.said[0].content
    due = words.clock_time(
        moment.now().fromisoformat(event["deadlines"][0]["due_at"]), moment.now()
    )
    assert content["text"].splitlines() == [
        f"{event['category']['name']} · 洪桥街道 北园社区",
        event["number"],
        f"请在 {due} 前签收",
    ]
    assert content["url"] == f"https://xianfeng.example/events/{event['number']}/"


def test_without_the_sites_address_a_notice_has_no_link(room, all_reached, settings):
    settings.XIANFENG_URL = ""
    room.report()
    outbox.tick()
    assert all_reached.said[0].content["url"] == ""


def test_every_kind_that_is_told_has_words():
    special = words.SENTENCES | {"supervised", "extension_decided"}
    assert set(concerned.TOLD) == set(words.WHAT) | special
    assert set(concerned.TOLD) <= set(KINDS)


def test_a_merged_events_reporter_hears_how_the_main_one_ends(room, all_reached, reach):
    main = room.claimed()["number"]
    other = room.report("supervisor", text="同一件事")["number"]
    told(all_reached)
    room.do("dispatcher", other, "merge", into=main)
    assert told(all_reached) == []
    room.do("duty.hongqiao", main, "complete", text="好")
    told(all_reached)
    room.do("dispatcher", main, "close")
    assert told(all_reached) == ["grid.beiyuan", "supervisor"]
    assert {message.content["number"] for message in all_reached.said} == {main, other}
