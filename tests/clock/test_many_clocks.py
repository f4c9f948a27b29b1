"""Several clocks at once do everything, and everything once."""

import pytest

from dispatch import clock
from dispatch.models import Heartbeat
from events.models import Event, Log, TimelineEntry
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
