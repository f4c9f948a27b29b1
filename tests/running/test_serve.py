"""`manage.py serve`: server and clock as one command that lives, and ends, as one."""

import os
import signal
import socket
import subprocess
import sys
import threading

import psutil
import pytest

from tests.product import ROOT, Server
from tests.servers import PATIENCE, free_port


class Supervised(Server):
    """The command with its two children, in a process group of its own."""

    def command(self, *arguments):
        return [sys.executable, "manage.py", "serve", *arguments[2:]]

    def child(self, word):
        """The child whose command line has that word, once there is one that runs."""

        def found():
            for process in psutil.Process(self.process.pid).children():
                if word in process.cmdline():
                    return process
            return None

        return until(found)


def until(question):
    """The first true answer to `question`, asked again and again; fails without one."""
    pause = threading.Event()
    for _attempt in range(PATIENCE * 10):
        if answer := question():
            return answer
        pause.wait(0.1)
    return pytest.fail("it did not happen")


@pytest.fixture
def supervised(demo, collected_static, tmp_path):
    """`serve` on a copy of the demo district, started."""
    url = demo.copy(tmp_path)
    server = Supervised(tmp_path, url, XIANFENG_STATIC=str(collected_static))
    try:
        server.start()
        yield server
    finally:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
        print(server.log.read_text())
        demo.drop(url)


def children(server):
    """The children of `serve` that run now."""
    return psutil.Process(server.process.pid).children()


def test_it_ends_with_status_zero_when_told_to_and_leaves_nobody_behind(supervised):
    supervised.child("clock")
    left = children(supervised)
    assert len(left) == 2
    assert supervised.stop() == 0
    assert not any(process.is_running() for process in left)


def test_ctrl_c_ends_it_with_status_zero(supervised):
    supervised.child("clock")
    os.killpg(supervised.process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    assert supervised.process.wait(PATIENCE) == 0
    assert "Traceback" not in supervised.log.read_text()


def test_its_auditor_looks_while_the_clock_stands_still(supervised):
    supervised.child("clock").kill()
    with supervised.client_of("supervisor") as client:
        assert until(lambda: not client.get("/readyz").json()["audit"]["stale"])


def test_it_says_where_to_go_and_as_whom(supervised):
    said = until(lambda: "grid.beiyuan" in supervised.log.read_text())
    assert said
    text = supervised.log.read_text()
    assert supervised.url in text
    assert "xianfeng-demo" in text


@pytest.mark.chaos
@pytest.mark.parametrize("name", ["clock", "config.server"])
def test_a_child_that_is_killed_is_started_again(supervised, name):
    first = supervised.child(name)
    first.kill()
    second = until(
        lambda: next(
            (
                p
                for p in children(supervised)
                if p.pid != first.pid and p.status() != psutil.STATUS_ZOMBIE and name in p.cmdline()
            ),
            None,
        )
    )
    assert second.pid != first.pid
    assert until(supervised.answers)


def test_a_taken_port_is_named_and_nothing_is_left_running(demo, tmp_path):
    port = free_port()
    url = demo.copy(tmp_path)
    server = Supervised(tmp_path, url)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = subprocess.run(
            server.command("--bind", "127.0.0.1", "--port", str(port)),
            cwd=ROOT,
            env=server.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    demo.drop(url)
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "已被占用" in done.stderr
    assert "Traceback" not in done.stderr
