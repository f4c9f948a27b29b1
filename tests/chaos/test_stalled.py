"""Readers that stop reading."""

import json
import socket as sockets
from contextlib import ExitStack

import psutil
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.chaos.metrics import measure
from tests.chaos.patience import until
from tests.chaos.watchers import Watcher, watch
from tests.live.ledger import Ledger
from tests.room import API
from tests.servers import PATIENCE

pytestmark = pytest.mark.chaos

STALLED, ENTRIES = 24, 700
# With its JSON around it an entry of 10 KiB; all of them are 7 MB for each reader.
TEXT = "水" * 3400
# What the server may take for all of it, itself included; a queue for each reader takes 165 MB.
BOUND = 80 * 2**20
MINE = ["a:440104", "d:440104001-emergency"]


class Stalled:
    """A reader with a small buffer that has subscribed and then reads no more, until told to."""

    def __init__(self, server, username, stack):
        self.server, self.token = server, server.token(username)
        with server.client_of(username) as client:
            self.position = client.get(f"{API}desk/").json()["position"]
        self.stack, self.offsets = stack, []
        self.open()

    def open(self):
        """A line of its own; everything after the subscription stays unread."""
        raw = sockets.socket()
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        raw.settimeout(PATIENCE)
        raw.connect(("127.0.0.1", self.server.port))
        raw.settimeout(None)
        options = {"compression": None, "ping_interval": None, "max_queue": 1, "max_size": None}
        # A line that nobody reads cannot be closed politely.
        line = connect(self.server.live_url, sock=raw, close_timeout=0.1, **options)
        self.line = self.stack.enter_context(line)
        self.line.send(json.dumps({"op": "auth", "token": self.token}))
        subscribe = {"op": "subscribe", "topics": ["desk"], "position": self.position}
        self.line.send(json.dumps(subscribe))

    def read(self, until):
        """Read on to the offset `until`; False when the line ends before."""
        try:
            while self.position["offset"] < until:
                message = json.loads(self.line.recv(PATIENCE))
                if message["op"] == "entry":
                    self.offsets.append(message["offset"])
                    self.position = {**self.position, "offset": message["offset"]}
                elif message["op"] == "ready":
                    assert message["recovered"] is True
        except ConnectionClosed:
            return False
        return True


def screens(server):
    """How many screens the server has."""
    return measure(server, "xianfeng_tail_screens")


def test_readers_that_stall_cost_no_memory_delay_nobody_and_read_on(serve):
    server = serve(DJANGO_SETTINGS_MODULE="tests.chaos.cramped")
    process = psutil.Process(server.process.pid)
    with ExitStack() as stack, Ledger(server) as ledger:
        ledger.post(count=1, audience=MINE)
        watchers = watch([Watcher(server, "duty.hongqiao", "desk")])
        stalled = [Stalled(server, "duty.hongqiao", stack) for _one in range(STALLED)]
        until(lambda: screens(server) == STALLED + 1, "every screen is there")
        before = process.memory_info().rss
        start = watchers[0].position["offset"]
        top = ledger.post(count=ENTRIES, audience=MINE, text=TEXT)
        # They never read, and are never closed: if anybody waited for them, this would not end.
        watchers[0].reach(top)
        grown = process.memory_info().rss - before
        assert screens(server) == STALLED + 1
        assert measure(server, "xianfeng_tail_deliveries_total") < ENTRIES * STALLED / 2
        assert grown < BOUND, f"{grown / 2**20:.0f} MiB for {STALLED} readers that do not read"
        for reader in stalled[:3]:
            assert reader.read(until=top)
            assert reader.offsets == list(range(start + 1, top + 1))
        assert watchers[0].offsets == list(range(start + 1, top + 1))
        watchers[0].leave()


def test_a_reader_that_stalls_for_long_is_closed_and_comes_back_for_the_rest(serve):
    server = serve(DJANGO_SETTINGS_MODULE="tests.chaos.hurried")
    with ExitStack() as stack, Ledger(server) as ledger:
        watchers = watch([Watcher(server, "duty.hongqiao", "desk")])
        start = watchers[0].position["offset"]
        reader = Stalled(server, "duty.hongqiao", stack)
        until(lambda: screens(server) == 2, "both screens are there")
        ledger.post(count=ENTRIES // 2, audience=MINE, text=TEXT)
        until(lambda: screens(server) == 1, "the stalled one is closed")
        top = ledger.post(count=10, audience=MINE)
        watchers[0].reach(top)
        assert not reader.read(until=top)
        reader.open()
        assert reader.read(until=top)
        assert reader.offsets == list(range(start + 1, top + 1))
        watchers[0].leave()
