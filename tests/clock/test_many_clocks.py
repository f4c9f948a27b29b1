"""Several clocks at once do everything, and everything once."""

from collections import Counter
from threading import Event as Flag

import pytest
from django.db import connection, transaction

from dispatch import clock
from dispatch.models import Heartbeat
from events.models import Event, Log, TimelineEntry
from tests.clock.crowd import crowd
from tests.room import at_once, sample

pytestmark = pytest.mark.usefixtures("committed")


def test_four_clocks_at_once_tell_everybody_once(room, moment):
    for _index in range(8):
        assert room.send("grid.beiyuan", "reports/", sample()).status_code == 201
    moment.move(hours=2)
    done = at_once([clock.tick] * 4)
    assert sum(done) == 6 * 8
    for event in Event.objects.all():
        steps = [
            (entry.data["stage"], entry.data["percent"])
            for entry in event.timeline.filter(kind__in=("reminded", "overdue")).order_by("seq")
        ]
        assert len(steps) == len(set(steps)) == 6
        assert event.last_seq == event.timeline.count()
    assert Heartbeat.objects.count() == 1
    log = Log.objects.get(code="440104")
    assert TimelineEntry.objects.filter(log=log).count() == log.top


@pytest.mark.parametrize("clocks", [1, 4])
def test_hundreds_that_are_due_in_the_same_second_are_told_once_each(clocks, room, moment):
    pks = crowd(room.report()["number"], 450)
    moment.move(minutes=1)
    done = at_once([clock.tick] * clocks)
    # A clock that found everything taken has gone home; nothing is left.
    assert sum(done) + clock.tick() == len(pks) + 1
    told = TimelineEntry.objects.filter(kind="reminded").values_list("event", flat=True)
    assert set(Counter(told).values()) == {1}
    assert set(told) >= set(pks)
    log = Log.objects.get(code="440104")
    offsets = log.entries.order_by("offset").values_list("offset", flat=True)
    assert list(offsets) == list(range(1, log.top + 1))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_an_event_that_somebody_works_on_keeps_no_other_waiting(room, moment):
    numbers = [room.report()["number"] for _index in range(2)]
    moment.move(minutes=1)
    held, told = Flag(), Flag()

    def work():
        with transaction.atomic():
            list(Event.objects.select_for_update().filter(number=numbers[0]))
            held.set()
            assert told.wait(20)

    def look():
        assert held.wait(20)
        done = clock.tick()
        told.set()
        return done

    assert at_once([work, look])[1] == 1
    assert clock.tick() == 1


def test_clocks_and_officers_at_once_lose_nothing(room, moment):
    numbers = [room.report()["number"] for _index in range(4)]
    for who in ("duty.hongqiao", "dispatcher"):
        room.client(who)
    moment.move(minutes=3)

    def work(number):
        room.act("duty.hongqiao", number, "claim")
        return room.act("duty.hongqiao", number, "return", reason="不属").status_code

    def post(number):
        return room.act("dispatcher", number, "reclassify", category="event.0406").status_code

    jobs = [clock.tick] * 3
    jobs += [lambda number=number: work(number) for number in numbers]
    jobs += [lambda number=number: post(number) for number in numbers]
    answers = at_once(jobs)
    assert set(answers[3:]) == {200}
    clock.tick()
    for event in Event.objects.all():
        seqs = list(event.timeline.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, event.last_seq + 1))
        assert event.deadlines.filter(state="live", stage="respond").count() == 1
        assert event.assignments.filter(current=True, role="lead").count() == 1


def test_a_colleague_and_the_clock_at_once(room, moment):
    """Whoever is first, the claim is somebody's and the timeline says whose."""
    number = room.claimed(priority="P1")["number"]
    moment.move(minutes=10)
    jobs = [clock.tick, lambda: room.act("duty.hongqiao", number, "arrive").status_code]
    _done, status = at_once(jobs)
    assert status == 200
    clock.tick()
    part = Event.objects.get(number=number).assignments.get(role="lead", current=True)
    assert (part.state, part.claim_expired_at) == ("arrived", None)
