"""The server killed with -9 in the middle of the work."""

import random

import pytest

from tests import BEIYUAN
from tests.chaos import truth
from tests.chaos.patience import breathe
from tests.chaos.phones import Book, Call, Phone, hang_up, start
from tests.chaos.watchers import Watcher, watch
from tests.room import COMMITTEE, RENSHENG

pytestmark = pytest.mark.chaos

REPORTS, KILLS = 200, 3
# Three people at several devices each, and two who report from elsewhere and by telephone.
PEOPLE = ("grid.beiyuan", "grid.beiyuan", "duty.hongqiao", "supervisor", "dispatcher", "dispatcher")


def calls():
    """200 reports; forty requests carry an Idempotency-Key, ten have a photo."""
    return [
        Call(
            text=f"第 {number} 号上报：井盖缺失",
            where=RENSHENG if number % 5 == 4 else BEIYUAN,
            category="emergency.lost-person" if number % 7 == 0 else "",
            key=f"report-{number}" if number % 10 == 1 else "",
            note=f"note-{number}" if number % 10 == 2 else "",
            photo=number % 20 == 3,
        )
        for number in range(REPORTS)
    ]


def test_a_server_killed_three_times_loses_nothing_and_doubles_nothing(serve):
    server, book, chance = serve(), Book(), random.Random()
    watchers = watch(
        [
            Watcher(server, "duty.hongqiao", "desk"),
            Watcher(server, "supervisor", "area:440104"),
            Watcher(server, "committee.beiyuan", "desk", f"group:{COMMITTEE}"),
        ]
    )
    todo = calls()
    phones = start(
        book,
        [
            Phone(book, server, username, todo[first :: len(PEOPLE)])
            for first, username in enumerate(PEOPLE)
        ],
    )
    for kill in range(KILLS):
        moment = REPORTS * (kill + 1) // (KILLS + 2) + chance.randrange(10)
        book.wait(lambda seen, moment=moment: len(seen.accepted) >= moment)
        breathe(chance.random() / 20)
        server.kill9()
        assert len(book.accepted) < REPORTS
        server.start()
    hang_up(book, phones)

    assert book.lost >= KILLS
    assert book.busy == []
    send_again(phones)
    truth.check_timelines(server, watchers)
    truth.check_whole(server, todo)
    assert all(watcher.lines > KILLS for watcher in watchers)
    for watcher in watchers:
        watcher.leave()


def send_again(phones):
    """Whoever did not hear the answer and sends the same again hears the same."""
    for phone in phones:
        with phone.server.client_of(phone.username) as phone.client:
            for call in phone.calls[-5:]:
                number = call.event["number"]
                assert phone.make(call)
                assert call.event["number"] == number
