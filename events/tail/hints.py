"""Hints: after a commit, tell every process that a log has grown.

A hint may be lost, doubled or late. It only spares the hubs the wait for their next poll, so
nothing here may fail a request or hold it up.
"""

import asyncio
import logging
import os
import threading
import time

from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import RedisError

from events.tail import meters

GROUP = "tail"
SEND_SECONDS = 2
LAYER_ERRORS = (OSError, TimeoutError, RedisError)
log = logging.getLogger("xianfeng.tail")

_ears = set()


def hint(log_id, top):
    """Say that the log now ends at `top`. Never raises, never waits: loss is delay."""
    for ear in list(_ears):
        ear(log_id, top)
    if shared_layer() is not None:
        _courier.carry(log_id, top)


def listen(ear):
    """Have `ear(log_id, top)` called for each hint of this process, in the hinting thread."""
    _ears.add(ear)


def unlisten(ear):
    """Undo `listen`."""
    _ears.discard(ear)


def shared_layer():
    """The channel layer if it reaches other processes, else None.

    The in-memory layer belongs to one event loop and cannot be woken from another thread.
    """
    layer = get_channel_layer()
    return None if isinstance(layer, InMemoryChannelLayer) else layer


class Courier:
    """Carries the newest hint of each log to the channel layer, in a thread with its own loop.

    While a send is under way newer hints replace the waiting ones: a slow layer costs at most one
    pending number per log.
    """

    def __init__(self):
        self._guard = threading.Lock()
        self._filled = threading.Event()
        self._pending = {}
        self._thread = None
        self._complained_at = float("-inf")

    def carry(self, log_id, top):
        """Leave a hint to be sent."""
        with self._guard:
            self._pending[log_id] = max(top, self._pending.get(log_id, 0))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tail-hints", daemon=True)
                self._thread.start()
        self._filled.set()

    def _run(self):
        with asyncio.Runner() as runner:
            while True:
                self._filled.wait()
                self._filled.clear()
                with self._guard:
                    batch, self._pending = self._pending, {}
                for log_id, top in batch.items():
                    runner.run(self._send(log_id, top))

    async def _send(self, log_id, top):
        message = {"type": "tail.hint", "log": log_id, "top": top}
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await shared_layer().group_send(GROUP, message)
        except Exception as error:  # whatever a layer raises, this thread must outlive it
            meters.HINT_FAILURES.inc()
            if time.monotonic() - self._complained_at > 30:
                self._complained_at = time.monotonic()
                log.warning("hint not sent: %s; screens will find it by polling", type(error))


_courier = Courier()


def _start_afresh():
    """A forked child has the courier but not its thread."""
    global _courier
    _courier = Courier()
    _ears.clear()


os.register_at_fork(after_in_child=_start_afresh)
