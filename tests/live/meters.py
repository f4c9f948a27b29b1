"""What a server counts, as Prometheus would read it."""

import threading

import pytest

from tests.product import Client
from tests.servers import PATIENCE


def read(server, name, **labels):
    """The present value of a measure; 0 before it has happened."""
    wanted = "".join(sorted(f'{key}="{value}"' for key, value in labels.items()))
    with Client(server.url) as client:
        lines = client.get("/metrics").text.splitlines()
    for line in lines:
        if line.startswith(f"xianfeng_tail_{name}") and wanted in line:
            return float(line.rsplit(" ", 1)[1])
    return 0.0


def until(question):
    """Ask until the answer is true; fails when it never is."""
    pause = threading.Event()
    for _attempt in range(PATIENCE * 10):
        if question():
            return
        pause.wait(0.1)
    pytest.fail("it did not happen")
