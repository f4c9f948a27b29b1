"""Back-pressure: whether a socket's transport has room for more."""

import asyncio
import time

SCOPE_KEY = "xianfeng.pressure"


class Pressure:
    """Told by the server when its send buffer is full and when it has drained.

    `paused_at` is the monotonic second since when there has been no room, or None.
    """

    __slots__ = ("_room", "paused_at")

    def __init__(self):
        self.paused_at = None
        self._room = None

    @property
    def paused(self):
        """Whether the transport has no room now."""
        return self.paused_at is not None

    def pause(self):
        """The send buffer is full."""
        if self.paused_at is None:
            self.paused_at = time.monotonic()
            self._room = asyncio.Event()

    def resume(self):
        """The send buffer has drained."""
        if self.paused_at is not None:
            self.paused_at = None
            self._room.set()
            self._room = None

    async def room(self):
        """Return when there is room."""
        while self._room is not None:
            await self._room.wait()
