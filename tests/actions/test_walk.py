"""A thousand random deeds by random people: whatever they try, the record stays whole.

XIANFENG_WALK=100000 walks as many deeds for each seed.
"""

import itertools
import os
import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from rest_framework.exceptions import ValidationError

from dispatch import access, clock, shape
from dispatch.actions.perform import perform, possible
from dispatch.actions.table import ACTIONS
from dispatch.api.fields import BODIES
from dispatch.models import (
    Assignment,
    CalendarEdition,
    Deadline,
    Department,
    Holiday,
    Officer,
    PauseRequest,
    Stage,
)
from dispatch.problem import Conflict, Forbidden, Invalid, NotFound, Problem
from events.attachments import Refused
from events.entry import entry_json
from events.lifecycle import MOVES
from events.models import OPEN_STATES, Event, Log, State, TimelineEntry
from tests.actions.cases import later
from tests.factories import OfficerFactory
from tests.room import COMMAND, EMERGENCY, POLICE, RENSHENG, WATER, Room, fold

pytestmark = pytest.mark.django_db
DEEDS = int(os.environ.get("XIANFENG_WALK", "250"))
COLLEAGUE = "duty2.hongqiao"
PEOPLE = (
    "grid.beiyuan",
    "duty.hongqiao",
    COLLEAGUE,
    "police.hongqiao",
    "committee.beiyuan",
    "cityops.hongqiao",
    "duty.command",
    "duty.water",
    "duty.beijing",
    "dispatcher",
    "supervisor.hongqiao",
    "supervisor",
    "auditor",
    "admin",
)
OFFICES = (EMERGENCY, POLICE, WATER, COMMAND, "440104003-emergency", "nobody")
CLASSES = (
    "emergency.fire",
    "event.0406",
    "event.0101",
    "hotline.02",
    "emergency.unclassified",
    "no.such",
)
CONDITIONS = ("", "立案条件 1", "立案条件 2", "立案条件 9")
PLACES = (None, RENSHENG, {"lon": 113.262439, "lat": 23.137265}, {"lon": 114.5, "lat": 21.5})


class Walk:
    """Random deeds, and what must hold after each of them."""

    def __init__(self, seed, moment, report):
        self.rng, self.moment, self.report = random.Random(seed), moment, report
        self.numbers = [report() for _index in range(4)]
        officers = Officer.objects.filter(user__username__in=PEOPLE)
        names = {officer.user_id: officer.user.username for officer in officers}
        self.scopes = {names[pk]: scope for pk, scope in access.scopes_of(names).items()}
        self.done = dict.fromkeys(ACTIONS, 0)
        self.refused = 0

    def body(self, action):
        """Fields for an action, most of them sensible."""
        rng = self.rng
        return {
            "claim": {},
            "post": {"text": rng.choice(["到了", "", "👷 收到"])},
            "attach": {"attachments": ["5f0c7a3e-0000-4000-8000-000000000000"]},
            "transfer": {"department": rng.choice(OFFICES), "reason": "转"},
            "request_support": {"departments": rng.sample(OFFICES[:5], 2), "reason": "吹哨"},
            "release_support": {"departments": rng.sample(OFFICES[:5], 3)},
            "verify": {"passed": rng.random() < 0.3},
            "hold": {"reason": "停工", "until": later(minutes=rng.choice([-5, 5, 60, 9**6]))},
            "request_extension": {"reason": "难", "until": later(minutes=rng.choice([5, 500]))},
            "decide_extension": {"granted": rng.random() < 0.7},
            "supervise": {"level": rng.choice(["plain", "yellow", "red"])},
            "instruct": {"text": "速办"},
            "choose_limit": {"condition": rng.choice(CONDITIONS)},
            "reclassify": {"category": rng.choice(CLASSES)},
            "relocate": {"location": rng.choice(PLACES), "address": rng.choice(["", "小北路"])},
            "merge": {"into": rng.choice(self.numbers)},
            "unmerge": {"number": rng.choice(self.numbers)},
        }.get(action, {"reason": rng.choice(["因故", ""])})

    def tick(self):
        """Time goes on, now and then by days or under other holidays, and the clock looks."""
        rng = self.rng
        self.moment.move(seconds=rng.choice([1, 40, 400, 400, 4000, 90_000]))
        if rng.random() < 0.1:
            day = date(2026, 12, 1) + timedelta(days=rng.randrange(60))
            Holiday.objects.update_or_create(day=day, defaults={"working": rng.random() < 0.5})
            CalendarEdition.advance()
        before = {number: self.facts(number) for number in self.numbers}
        clock.tick()
        for number in self.numbers:
            self.check_event(number, before[number])

    def step(self):
        """One deed."""
        rng = self.rng
        number = rng.choice(self.numbers)
        before = self.facts(number)
        if before.state not in OPEN_STATES and rng.random() < 0.2:
            # Somebody reports something new, or there would soon be nothing to do.
            self.numbers[self.numbers.index(number)] = self.report()
            return
        for _try in range(4):
            who = rng.choice(PEOPLE)
            allowed = {row["name"]: row["allowed"] for row in possible(before, self.scopes[who])}
            willing = [name for name, yes in allowed.items() if yes]
            if willing or rng.random() < 0.1:
                break
        action = rng.choice(willing if willing and rng.random() < 0.7 else list(ACTIONS))
        sees = access.may_follow(self.scopes[who], number)
        version = rng.choice([None, None, None, before.version, before.version - 1])
        fields = BODIES[action](data=self.body(action))
        try:
            fields.is_valid(raise_exception=True)
            perform(number, action, self.scopes[who], dict(fields.validated_data), version)
        except (ValidationError, Problem) as problem:
            self.refused += 1
            self.check_refusal(problem, action, allowed, sees)
            assert Event.objects.get(number=number).version == before.version
        except Refused:
            assert action == "attach"
        else:
            assert sees
            assert allowed[action]
            assert version in (None, before.version)
            self.done[action] += 1
        self.check_event(number, before)

    def check_refusal(self, problem, action, allowed, sees):
        """A refusal has its reason, and the list of possible actions told it."""
        match problem:
            case NotFound():
                assert not sees
            case Forbidden():
                assert sees
                assert not allowed.get(action)
            case Conflict() | Invalid() | ValidationError():
                assert str(problem)

    @staticmethod
    def facts(number):
        """The event as it stands, with all its parts."""
        return shape.with_parts(Event.objects).get(number=number)

    def check_event(self, number, before):
        """What holds for every event at every moment."""
        event = self.facts(number)
        assert event.state == before.state or reachable(before.state, event.state)
        leads = [row for row in event.assignments.all() if row.current and row.role == "lead"]
        assert len(leads) == (event.state in (*OPEN_STATES, State.CLOSED))
        running = {row.stage: row.state for row in event.deadlines.all() if running_now(row)}
        if event.on_hold:
            assert event.state in (State.REGISTERED, State.RESPONDED)
            assert set(running.values()) == {"paused"}
            assert event.held_until
        else:
            assert set(running.values()) <= {"live"}
            assert event.held_until is None
            assert set(running) == STAGES[event.state]
        if event.state == State.REGISTERED:
            assert not any(row.claimed_at for row in event.assignments.all() if row.current)
        if event.state == State.HANDLED:
            assert all(
                row.state == "done"
                for row in event.assignments.all()
                if row.current and (row.role == "lead" or row.required)
            )
        stamps = [event.occurred_at, event.registered_at, event.responded_at]
        stamps += [event.handled_at, event.closed_at]
        stamps = [at for at in stamps if at]
        assert stamps == sorted(stamps)
        self.check_waits(event)
        assert bool(event.merged_into_id) == (event.state == State.MERGED)
        assert event.last_seq >= before.last_seq

    @staticmethod
    def check_waits(event):
        """Nothing is waited for that makes no sense any more."""
        parts = {row.pk: row for row in event.assignments.all() if row.current}
        for row in Deadline.every.filter(event=event, state__in=("live", "paused")):
            assert event.state in OPEN_STATES
            if row.stage == Stage.LIFE:
                assert parts[row.assignment_id].state == "claimed"
                assert parts[row.assignment_id].claim_expired_at is None
            elif row.stage == Stage.CLOSE:
                assert event.state == State.HANDLED
            assert (row.state == "paused") == event.on_hold
            assert (row.next_at is None) or row.state == "live"
            assert [step["at"] for step in row.steps] == sorted(step["at"] for step in row.steps)
        for part in parts.values():
            assert part.claim_expired_at is None or part.state == "claimed"


STAGES = {
    State.REGISTERED: {Stage.RESPOND, Stage.HANDLE},
    State.RESPONDED: {Stage.HANDLE},
    State.HANDLED: {Stage.VERIFY},
    State.CLOSED: set(),
    State.CANCELLED: set(),
    State.MERGED: set(),
}


def running_now(row):
    return row.state in ("live", "paused")


def reachable(state, to):
    """Whether one deed may lead from `state` to `to`: at most two moves of the table."""
    return to in MOVES[state] or any(to in MOVES[between] for between in MOVES[state])


def check_records(numbers):
    """Timelines and logs have no gaps and run forward."""
    for number in numbers:
        entries = list(TimelineEntry.objects.filter(event__number=number).order_by("seq"))
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert len(entries) == Event.objects.get(number=number).last_seq
        assert all(one.at <= two.at for one, two in pairwise(entries))
        assert all(one.offset < two.offset for one, two in pairwise(entries))
    log = Log.objects.get(code="440104")
    offsets = log.entries.order_by("offset").values_list("offset", flat=True)
    assert list(offsets) == list(range(1, log.top + 1))


def check_history(number):
    """Of each stage one deadline was in force at a time."""
    for stage in STAGES[State.REGISTERED] | STAGES[State.HANDLED]:
        rows = Deadline.objects.filter(event__number=number, stage=stage).order_by("pk")
        spans = sorted((row.in_force_from, row.ended_at) for row in rows if row.ended_at)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_try_the_record_stays_whole(seed, client_of, moment):
    OfficerFactory(
        user__username=COLLEAGUE, department=Department.objects.get(code=EMERGENCY), name="王芳"
    )
    people, stale = itertools.cycle(["grid.beiyuan", "duty.hongqiao"]), {}

    def report():
        # On a long walk tokens expire: people sign in again.
        room = Room(client_of)
        event = room.report(next(people))
        stale[event["number"]] = room.event(event["number"])
        return event["number"]

    walk = Walk(seed, moment, report)
    for index in range(DEEDS):
        if index % 10 == 0:
            walk.tick()
        walk.step()
    check_records(stale)
    assert sum(walk.done.values()) > DEEDS / 5
    assert walk.refused > DEEDS / 20
    room = Room(client_of)
    for number, event in stale.items():
        entries = TimelineEntry.objects.filter(event__number=number, seq__gt=event["seq"])
        told = [entry_json(entry, number) for entry in entries.order_by("seq")]
        assert fold(event, told) == room.event(number)
    granted = PauseRequest.objects.filter(state="granted")
    for event in Event.objects.all():
        assert granted.filter(event=event, kind="extension").count() <= 2
        assert granted.filter(event=event, kind="hold").count() <= 1
    for number in stale:
        check_history(number)
    assert not Assignment.objects.filter(current=False, ended_at=None).exists()
