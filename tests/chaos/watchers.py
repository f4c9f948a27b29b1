"""Screens that come back with their position whenever their line breaks."""

import json
import threading

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from tests.chaos.patience import LONG, breathe
from tests.room import API
from tests.servers import PATIENCE

QUIET = 0.3  # seconds after which a watcher asks how far the log is


class Watcher(threading.Thread):
    """One screen. `entries` is all it was ever shown, in that order, over all of its lines.

    `position` is what it comes back with; `surprises` are messages that no screen should get.
    """

    def __init__(self, server, username, *topics):
        super().__init__(name=f"screen of {username}", daemon=True)
        self.server, self.username, self.topics = server, username, topics
        self.token = server.token(username)
        self.entries, self.surprises, self.codes = [], [], []
        self.lines = 0
        with server.client_of(username) as client:
            self.position = client.get(f"{API}desk/").json()["position"]
        self.since = dict(self.position)
        self._changed = threading.Condition()
        self._leave = threading.Event()

    def run(self):
        """Follow the log until told to leave."""
        while not self._leave.is_set():
            try:
                self._follow()
            except ConnectionClosed as closed:
                self.codes.append(closed.rcvd.code if closed.rcvd else None)
            except (OSError, EOFError, WebSocketException):
                self.codes.append(None)
            breathe()

    def _follow(self):
        options = {"proxy": None, "compression": None, "ping_interval": None, "close_timeout": 5}
        with connect(
            self.server.live_url, open_timeout=PATIENCE, max_size=None, **options
        ) as socket:
            self._say(socket, "auth", token=self.token)
            self._say(socket, "subscribe", topics=list(self.topics), position=self.position)
            while not self._leave.is_set():
                try:
                    self._take(json.loads(socket.recv(QUIET)))
                except TimeoutError:
                    self._say(socket, "ping")

    def _say(self, socket, op, **fields):
        socket.send(json.dumps({"op": op, **fields}))

    def _take(self, message):
        with self._changed:
            match message["op"]:
                case "entry":
                    self.entries.append(message["entry"])
                    self.position = {**self.position, "offset": message["offset"]}
                case "top":
                    self._advance(message["position"])
                case "ready" if message["recovered"]:
                    self.lines += 1
                    self._advance(message["position"])
                case _:
                    self.surprises.append(message)
            self._changed.notify_all()

    def _advance(self, position):
        if position["epoch"] != self.position["epoch"]:
            self.surprises.append(position)
        elif position["offset"] > self.position["offset"]:
            self.position = position

    @property
    def offsets(self):
        """The offsets of what it was shown."""
        return [entry["offset"] for entry in self.entries]

    def wait(self, question, what):
        """Return when `question(watcher)` is true; fails when it never is."""
        with self._changed:
            done = self._changed.wait_for(lambda: self.surprises or question(self), LONG)
        assert self.surprises == [], self.username
        assert done, f"{self.name} at {self.position}, closed with {self.codes}: {what}"

    def reach(self, offset):
        """Return when it knows everything up to `offset`."""
        self.wait(lambda me: me.position["offset"] >= offset, f"reach {offset}")

    def leave(self):
        """Close its line for good."""
        self._leave.set()
        self.join(LONG)
        assert not self.is_alive()


def watch(watchers):
    """Start the watchers; returns them when each has its first line."""
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.wait(lambda me: me.lines, "the first line")
    return watchers
