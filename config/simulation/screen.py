"""Somebody's open screen: a live socket that remembers what arrived, and when."""

import json
import threading
import time

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from config.simulation.door import Failed

OPEN_SECONDS = 15


class Screen:
    """The live tail of `person`, read by a thread of its own."""

    def __init__(self, person, topics=("desk",)):
        self.person = person
        self._news = threading.Condition()
        self._arrived = {}  # {event number: [(monotonic seconds, entry)]}
        self._ready = self._closed = False
        try:
            self._socket = connect(
                person.door.live_url, proxy=None, open_timeout=OPEN_SECONDS, max_size=2**24
            )
        except (OSError, WebSocketException) as error:
            raise Failed(f"{person} 的实时连接打不开：{error}") from None
        self._say(op="auth", token=person.token)
        self._say(op="subscribe", topics=list(topics), position=None)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        if not self._until(lambda: self._ready, OPEN_SECONDS):
            self.close()
            raise Failed(f"{person} 的实时连接没有就绪")

    def _say(self, **message):
        self._socket.send(json.dumps(message))

    def _read(self):
        try:
            for text in self._socket:
                self._take(json.loads(text), time.monotonic())
        except WebSocketException:
            pass  # closed by the other side: what is missing is found by those who wait for it
        finally:
            with self._news:
                self._closed = True
                self._news.notify_all()

    def _take(self, message, now):
        with self._news:
            if message["op"] == "ready":
                self._ready = True
            elif message["op"] == "entry":
                entry = message["entry"]
                self._arrived.setdefault(entry["event"], []).append((now, entry))
            self._news.notify_all()

    def _until(self, come, seconds):
        with self._news:
            self._news.wait_for(lambda: self._closed or come(), seconds)
            return come()

    def wait_for(self, number, seq, seconds):
        """When entry `seq` of the event arrived (monotonic seconds), or None after `seconds`."""
        self._until(lambda: self.arrival(number, seq) is not None, seconds)
        return self.arrival(number, seq)

    def arrival(self, number, seq):
        """When entry `seq` arrived, or None."""
        arrived = self._arrived.get(number, ())
        return next((now for now, entry in arrived if entry["seq"] == seq), None)

    def seqs(self, number):
        """The entries of the event in the order of their arrival, by seq."""
        with self._news:
            return [entry["seq"] for _now, entry in self._arrived.get(number, ())]

    def close(self):
        """Switch the screen off."""
        self._socket.close()
        if hasattr(self, "_thread"):
            self._thread.join(OPEN_SECONDS)
