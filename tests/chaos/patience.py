"""Waiting for something to become true, with an end."""

import threading
import time

import pytest

from tests.servers import PATIENCE

# Until nothing can be expected any more, on a machine that does other things too; seconds.
LONG = 10 * PATIENCE
TICK = 0.05
_never = threading.Event()


def until(question, what, patience=LONG):
    """The first true answer to `question`, asked again and again; fails saying `what` did not."""
    end = time.monotonic() + patience
    while not (answer := question()):
        if time.monotonic() > end:
            pytest.fail(f"it did not happen in {patience} s: {what}")
        breathe()
    return answer


def breathe(seconds=TICK):
    """A short break between two attempts."""
    _never.wait(seconds)
