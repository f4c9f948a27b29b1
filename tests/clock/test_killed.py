"""A clock that dies after any statement has done a step whole or not at all; the next goes on."""

import pytest
from django.db import connection, transaction

from dispatch import clock
from dispatch.models import CalendarEdition, Deadline, Holiday
from events.models import Event, TimelineEntry
from tests.actions.cases import later
from tests.escalation.policies import limit

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process dies here."""


class Executioner:
    """Kills after the n-th statement."""

    def __init__(self, statements):
        self.left = statements

    def __call__(self, execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        self.left -= 1
        if self.left == 0:
            raise Killed
        return answer


def two_steps_of_one_event_and_one_of_another(room, stopped):
    room.report()
    stopped.move(minutes=1)
    room.report()
    stopped.move(minutes=1)
    return {"reminded", "overdue"}


def a_claim_that_expires(room, stopped):
    room.claimed(priority="P1")
    stopped.move(minutes=10)
    return {"silent", "reminded", "claim_expired"}


def a_closing(room, stopped):
    limit("emergency.unclassified", "close", 9, "urgent_minute")
    main = room.handled()["number"]
    room.do("dispatcher", room.report("police.hongqiao")["number"], "merge", into=main)
    stopped.move(minutes=9)
    return {"closed", "progressed"}


def a_hold_that_is_over(room, stopped):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="停工", until=later(minutes=8))
    stopped.move(minutes=8)
    return {"resumed"}


def other_holidays(room, stopped):
    limit("event.0406", "handle", 3, "work_day")
    stopped.to("2026-03-05 16:00")
    room.report(category="event.0406")
    Holiday.objects.create(day="2026-03-06", working=False, name="台风停工")
    CalendarEdition.advance()
    return {"recalculated"}


def told():
    """Everything that the timelines say, event by event."""
    rows = TimelineEntry.objects.order_by("event", "seq")
    return list(rows.values_list("event", "seq", "kind", "data", "changes"))


def timers():
    """Every deadline as it stands."""
    fields = ("event", "stage", "state", "due_at", "step", "next_at", "edition", "in_force_from")
    return sorted(map(str, Deadline.every.values_list(*fields)))


def check_whole():
    """Each event's row agrees with its timeline, each log with its entries."""
    for event in Event.objects.prefetch_related("timeline"):
        seqs = sorted(entry.seq for entry in event.timeline.all())
        assert seqs == list(range(1, event.last_seq + 1))


@pytest.mark.parametrize(
    "situation",
    [
        two_steps_of_one_event_and_one_of_another,
        a_claim_that_expires,
        a_closing,
        a_hold_that_is_over,
        other_holidays,
    ],
)
def test_killed_after_any_statement_nothing_is_missed_or_comes_twice(situation, room, stopped):
    expected, before = situation(room, stopped), told()
    with transaction.atomic():
        clock.tick()
        whole = told(), timers()
        transaction.set_rollback(True)
    assert {row[2] for row in whole[0] if row not in before} == expected
    statements, dead = 0, True
    while dead:
        statements += 1
        with transaction.atomic():
            try:
                with connection.execute_wrapper(Executioner(statements)):
                    clock.tick()
                dead = False
            except Killed:
                check_whole()
            clock.tick()
            assert (told(), timers()) == whole, statements
            transaction.set_rollback(True)
    assert statements > 15
