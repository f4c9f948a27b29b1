"""Sixteen people write at the same moment, and the clock with them."""

import pytest

from tests.chaos import truth
from tests.chaos.clocks import Clock
from tests.chaos.phones import Book, Call, Phone, hang_up, start

pytestmark = pytest.mark.chaos

PEOPLE = (
    "grid.beiyuan",
    "duty.hongqiao",
    "police.hongqiao",
    "cityops.hongqiao",
    "committee.beiyuan",
    "supervisor.hongqiao",
    "supervisor",
    "dispatcher",
)
WRITERS, EACH = 16, 6


def test_of_sixteen_writers_at_once_each_is_answered(serve):
    server, book = serve(), Book()
    phones = [
        Phone(
            book,
            server,
            PEOPLE[writer % len(PEOPLE)],
            [Call(text=f"{writer}-{one}", note=f"{writer}-{one}") for one in range(EACH)],
        )
        for writer in range(WRITERS)
    ]
    with Clock(server):
        hang_up(book, start(book, phones))
    assert (book.lost, book.busy) == (0, [])
    truth.check_whole(server, book.accepted)
