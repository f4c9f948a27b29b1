"""PostgreSQL crashes and recovers under load."""

import os
import subprocess

import pytest

from tests.chaos import truth
from tests.chaos.phones import Book, Call, Phone, hang_up, start
from tests.chaos.watchers import Watcher, watch
from tests.product import running
from tests.room import COMMITTEE
from tests.servers import PostgreSQL

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(os.environ.get("TEST_STACK") != "server", reason="SQLite cannot be away"),
]
REPORTS, CRASHES = 120, 2


class Durable:
    """A template whose one copy lives in a cluster of its own that keeps what it has committed."""

    def __init__(self, template, cluster):
        self.template, self.cluster = template, cluster

    def copy(self, folder):
        source = self.template.address(self.template.template)
        dump = [self.cluster.bin / "pg_dump", "--no-owner", source]
        load = [self.cluster.bin / "psql", "--quiet", "--set=ON_ERROR_STOP=1", self.cluster.url]
        done = subprocess.run(dump, check=True, stdout=subprocess.PIPE)
        subprocess.run(load, check=True, input=done.stdout, stdout=subprocess.DEVNULL)
        return self.cluster.url

    def drop(self, url):
        """It goes with its cluster."""


@pytest.fixture
def cluster():
    """A PostgreSQL of this test's own, to crash."""
    with PostgreSQL(durable=True) as cluster:
        yield cluster


@pytest.fixture
def server(demo, cluster, collected_static, tmp_path):
    """A server on that cluster."""
    folder = tmp_path / "server"
    with running(Durable(demo, cluster), folder, XIANFENG_STATIC=str(collected_static)) as started:
        yield started


def test_a_crash_of_the_database_is_a_pause_and_no_loss(server, cluster):
    book = Book()
    watchers = watch(
        [
            Watcher(server, "duty.hongqiao", "desk"),
            Watcher(server, "supervisor", "area:440104"),
            Watcher(server, "committee.beiyuan", "desk", f"group:{COMMITTEE}"),
        ]
    )
    calls = [
        Call(
            text=f"第 {number} 号",
            key=f"k{number}" if number % 5 == 0 else "",
            note=f"n{number}" if number % 5 == 1 else "",
        )
        for number in range(REPORTS)
    ]
    people = ("grid.beiyuan", "duty.hongqiao", "supervisor", "dispatcher")
    phones = start(
        book,
        [
            Phone(book, server, username, calls[first :: len(people)])
            for first, username in enumerate(people)
        ],
    )
    for crash in range(CRASHES):
        moment = REPORTS * (crash + 1) // (CRASHES + 2)
        book.wait(lambda seen, moment=moment: len(seen.accepted) >= moment)
        told = len(book.busy)
        cluster.crash()
        book.wait(lambda seen, told=told: len(seen.busy) > told)
        if not crash:
            check_says_so(server)
        cluster.start()
    hang_up(book, phones)

    assert book.lost == 0
    truth.check_timelines(server, watchers)
    truth.check_whole(server, calls)
    for watcher in watchers:
        watcher.leave()


def check_says_so(server):
    """While the database is away the server lives and says what is wrong."""
    with server.client_of("supervisor") as client:
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "database": False})
