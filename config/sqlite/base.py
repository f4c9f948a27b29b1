"""Django's SQLite backend with a fair turn for writers.

SQLite has one writer. Sixteen threads that race for it with SQLite's own busy handler starve one
another; here they stand in a line, first come first served, and other processes still meet SQLite's
timeout.
"""

import threading
from collections import deque

from django.db.backends.sqlite3 import base


class Turn:
    """A first-come-first-served lock; `acquire` returns when it is the caller's turn."""

    def __init__(self):
        self._guard = threading.Lock()
        self._waiting = deque()
        self._taken = False

    def acquire(self, timeout):
        """True when the turn was taken within `timeout` seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            gate = threading.Event()
            self._waiting.append(gate)
        if gate.wait(timeout):
            return True
        with self._guard:
            if gate.is_set():
                return True
            self._waiting.remove(gate)
        return False

    def release(self):
        """Hand the turn to the one who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


TURNS: dict[str, Turn] = {}
TURNS_GUARD = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite with `BEGIN IMMEDIATE` taken in turn."""

    _has_turn = False

    def _turn(self):
        name = str(self.settings_dict["NAME"])
        with TURNS_GUARD:
            return TURNS.setdefault(name, Turn())

    def _start_transaction_under_autocommit(self):
        if not self._has_turn:
            seconds = self.settings_dict["OPTIONS"].get("timeout", 5)
            if not self._turn().acquire(seconds):
                raise base.Database.OperationalError("database is busy: no turn to write")
            self._has_turn = True
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_turn()
            raise

    def _give_turn(self):
        if self._has_turn:
            self._has_turn = False
            self._turn().release()

    def _commit(self):
        super()._commit()
        self._give_turn()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self._give_turn()

    def _close(self):
        try:
            super()._close()
        finally:
            self._give_turn()
