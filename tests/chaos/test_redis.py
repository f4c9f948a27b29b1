"""Redis killed and frozen while two server processes share one database."""

import os
import signal
import uuid

import pytest

from tests.chaos import truth
from tests.chaos.metrics import measure
from tests.chaos.phones import Book, Call, Phone, hang_up, start
from tests.chaos.watchers import Watcher, watch
from tests.product import running
from tests.room import COMMITTEE

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(os.environ.get("TEST_STACK") != "server", reason="one process needs none"),
]
REPORTS = 150


class Same:
    """A template that is no copy: a second server works on the first one's database."""

    def __init__(self, server):
        self.url = server.environment["DATABASE_URL"]

    def copy(self, folder):
        return self.url

    def drop(self, url):
        """The first server's template drops it."""


@pytest.fixture
def pair(serve, redis_server, tmp_path):
    """Two server processes on one database, one Redis and one folder of files."""
    common = {
        "REDIS_URL": redis_server.url,
        "REDIS_PREFIX": f"xf-{uuid.uuid4().hex[:8]}",
        "XIANFENG_PROCESSES": "2",
        "XIANFENG_MEDIA": str(tmp_path / "media"),
    }
    one = serve(**common)
    common["XIANFENG_STATIC"] = one.environment["XIANFENG_STATIC"]
    with running(Same(one), tmp_path / "other", **common) as other:
        yield one, other


def found(server, how):
    """How many entries this process has found by `hint` or by `poll`."""
    return measure(server, "xianfeng_tail_entries_total", found=how)


def test_redis_away_costs_no_request_and_no_entry(pair, redis_server):
    one, other = pair
    book = Book()
    watchers = watch(
        [
            Watcher(server, username, *topics)
            for server in pair
            for username, *topics in (
                ("supervisor", "area:440104"),
                ("committee.beiyuan", "desk", f"group:{COMMITTEE}"),
            )
        ]
    )
    calls = [
        Call(text=f"第 {number} 号", key=f"k{number}" if number % 5 == 0 else "")
        for number in range(REPORTS)
    ]
    people = ("grid.beiyuan", "duty.hongqiao", "dispatcher")
    phones = start(
        book,
        [
            Phone(book, server, username, calls[3 * part + first :: 6])
            for part, server in enumerate(pair)
            for first, username in enumerate(people)
        ],
    )
    away = (
        (redis_server.kill9, redis_server.start),
        (
            lambda: redis_server.process.send_signal(signal.SIGSTOP),
            lambda: redis_server.process.send_signal(signal.SIGCONT),
        ),
    )
    for go, come_back in away:
        for change in (go, come_back):
            more = len(book.accepted) + REPORTS // 6
            book.wait(lambda seen, more=more: len(seen.accepted) >= more)
            change()
    hang_up(book, phones)

    assert (book.lost, book.busy) == (0, [])
    for server in pair:
        truth.check_timelines(server, watchers)
    truth.check_whole(one, calls)
    check_delay(one, other, redis_server, watchers)
    for watcher in watchers:
        watcher.leave()


def check_delay(one, other, redis_server, watchers):
    """Without Redis the other process finds an entry by itself, by its poll."""
    redis_server.kill9()
    before = found(other, "poll")
    tell(one)
    truth.check_timelines(other, watchers)
    assert found(other, "poll") > before


def tell(server):
    """One report more."""
    book = Book()
    call = Call(text=str(uuid.uuid4()))
    hang_up(book, start(book, [Phone(book, server, "grid.beiyuan", [call])]))
