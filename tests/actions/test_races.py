"""Many people at once: one wins, the others are told who, and the record has no gap."""

import random
from itertools import pairwise

import pytest

from dispatch.models import Assignment, Department
from events.models import OPEN_STATES, Event, Log, TimelineEntry
from tests.factories import DepartmentFactory, OfficerFactory
from tests.room import EMERGENCY, WATER, at_once, current, lead

pytestmark = pytest.mark.usefixtures("committed")

ENDS = {"merge", "cancel"}
# How many of the two hundred may end an event: before them there is something to fight for.
LATE = 50


def check_record(number):
    """The timeline, the log and the lead of an event, and of its log, are whole."""
    event = Event.objects.get(number=number)
    seqs = list(event.timeline.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, event.last_seq + 1))
    for log in Log.objects.all():
        offsets = list(log.entries.order_by("offset").values_list("offset", flat=True))
        assert offsets == list(range(1, log.top + 1))
    stamps = list(event.timeline.order_by("seq").values_list("at", flat=True))
    assert all(earlier <= later for earlier, later in pairwise(stamps))
    leads = event.assignments.filter(current=True, role="lead").count()
    assert leads == (event.state in (*OPEN_STATES, "closed"))


def test_of_fifty_officers_who_claim_at_once_one_wins_and_the_others_hear_who(room):
    department = Department.objects.get(code=EMERGENCY)
    officers = OfficerFactory.create_batch(50, department=department)
    names = {officer.user.username: officer.name for officer in officers}
    number = room.report()["number"]
    for who in names:
        room.client(who)
    answers = at_once([lambda who=who: (who, room.act(who, number, "claim")) for who in names])
    won = [(who, answer.json()) for who, answer in answers if answer.status_code == 200]
    lost = [answer.json() for _who, answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, 49)
    (winner, event), row = won[0], current(won[0][1])[EMERGENCY]
    assert row["claimed_by"] == names[winner]
    told = {"name": names[winner], "department": department.name, "at": row["claimed_at"]}
    assert all(problem["winner"] == told for problem in lost)
    assert all(names[winner] in problem["detail"] for problem in lost)
    assert room.kinds(number).count("claimed") == 1
    assert event == room.event(number)
    check_record(number)


def test_two_hundred_actions_at_once_break_nothing(room):
    rng = random.Random(7)
    number, other = room.report()["number"], room.report()["number"]
    office = DepartmentFactory(areas=["440104001"]).code
    moves = [
        ("duty.hongqiao", "claim", {}),
        ("duty.hongqiao", "post", {"text": "在路上"}),
        ("duty.hongqiao", "arrive", {}),
        ("duty.hongqiao", "complete", {"text": "完成"}),
        ("duty.hongqiao", "return", {"reason": "不属本部门"}),
        ("duty.hongqiao", "hold", {"reason": "停工"}),
        ("police.hongqiao", "claim", {}),
        ("police.hongqiao", "transfer", {"department": EMERGENCY, "reason": "主办"}),
        ("duty.command", "claim", {}),
        ("duty.command", "complete", {}),
        ("dispatcher", "transfer", {"department": EMERGENCY, "reason": "请办"}),
        ("dispatcher", "transfer", {"department": office, "reason": "请办"}),
        ("dispatcher", "request_support", {"departments": [WATER], "reason": "水"}),
        ("dispatcher", "release_support", {"departments": [WATER]}),
        ("dispatcher", "reroute", {"reason": "重分"}),
        ("dispatcher", "reclassify", {"category": "emergency.fight"}),
        ("dispatcher", "reclassify", {"category": "event.0406"}),
        ("dispatcher", "merge", {"into": other}),
        ("dispatcher", "unmerge", {"number": other}),
        ("dispatcher", "cancel", {"reason": "误报"}),
        ("supervisor", "supervise", {"level": "red"}),
        ("supervisor", "escalate", {}),
        ("supervisor", "reopen", {"reason": "再办"}),
        ("supervisor", "decide_extension", {"granted": True}),
        ("supervisor", "resume", {}),
        ("grid.beiyuan", "post", {"text": "请尽快"}),
        ("grid.beiyuan", "verify", {"passed": False}),
    ]
    for who in {who for who, _action, _body in moves}:
        room.client(who)

    def bout(share):
        return [room.act(who, one, action, **body) for who, one, action, body in share]

    work = [move for move in moves if move[1] not in ENDS]
    picked = [
        (who, other if action == "merge" and rng.random() < 0.5 else number, action, body)
        for who, action, body in rng.choices(work, k=200 - LATE) + rng.choices(moves, k=LATE)
    ]
    answers = at_once([lambda part=part: bout(picked[part::20]) for part in range(20)])
    statuses = [answer.status_code for part in answers for answer in part]
    assert len(statuses) == 200
    assert set(statuses) <= {200, 403, 404, 409, 422}
    assert statuses.count(200) > 20
    for one in (number, other):
        check_record(one)


def test_two_dispatchers_who_merge_two_events_into_each_other_do_it_once(room):
    one, other = room.report()["number"], room.report()["number"]
    room.client("dispatcher")
    answers = at_once(
        [
            lambda: room.act("dispatcher", one, "merge", into=other),
            lambda: room.act("dispatcher", other, "merge", into=one),
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    states = {room.event(number)["state"] for number in (one, other)}
    assert states == {"merged", "registered"}
    assert TimelineEntry.objects.filter(kind="merged").count() == 1


def test_the_lead_that_ten_transfer_at_once_has_one_successor(room):
    number = room.claimed()["number"]
    offices = [office.code for office in DepartmentFactory.create_batch(10)]
    room.client("dispatcher")
    version = room.event(number)["version"]
    answers = at_once(
        [
            lambda code=code: room.act(
                "dispatcher", number, "transfer", department=code, reason="争", version=version
            )
            for code in offices
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert lead(room.event(number)) in offices
    assert Assignment.objects.filter(event__number=number, state="transferred").count() == 1
    check_record(number)
