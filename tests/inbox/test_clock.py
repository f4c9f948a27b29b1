"""The clock's loops: beside one another, and none ended by a failure."""

import signal
import threading

import pytest
from django.core.management import call_command
from django.db import OperationalError

from config.management.commands import clock as command
from dispatch import clock
from integrations import clock as rounds
from integrations import outbox


@pytest.fixture
def signals():
    """Signal handlers are put back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """No waiting in tests."""
    monkeypatch.setattr(command, "PAUSE_S", 0.01)
    monkeypatch.setattr(command, "GRACE_S", 0.01)


def test_a_neighbour_that_hangs_delays_no_deadline(monkeypatch, signals):
    hanging, ticks = threading.Event(), []

    def tick():
        ticks.append(1)
        if len(ticks) == 20:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(command, "ROUNDS", {"pulls": lambda: hanging.wait(30)})
    monkeypatch.setattr(outbox, "tick", lambda run: None)
    monkeypatch.setattr(clock, "tick", tick)
    monkeypatch.setattr(clock, "clean", lambda: None)
    try:
        call_command("clock", interval=0.001)
    finally:
        hanging.set()
    assert len(ticks) == 20


@pytest.mark.parametrize("error", [ValueError, OSError, command.DatabaseError, RecursionError])
def test_no_failure_ends_a_loop(error, caplog):
    stop, rounds_done = threading.Event(), []

    def go():
        rounds_done.append(1)
        if len(rounds_done) < 3:
            raise error
        stop.set()

    command.go_round("inbox", go, stop, 0.001)
    assert len(rounds_done) == 3
    assert "inbox" in caplog.text


@pytest.mark.django_db
def test_once_does_everything_in_turn(monkeypatch, media):
    done = []
    monkeypatch.setattr(command, "ROUNDS", {"a": lambda: done.append("a"), "b": done.clear})
    call_command("clock", "--once")
    assert done == []
    assert {"inbox", "pulls", "pictures", "courier"} <= set(rounds.ROUNDS)


@pytest.mark.django_db
def test_what_nobody_takes_up_shows_on_the_health_page(sender, client, moment, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    sender.refused(422, {"item": "Incident", "id": "A-1"})
    monkeypatch.setattr("integrations.processing._apply", fail)
    sender.send({"item": "Incident", "id": "A-2", "address": "解放北路1号"})
    calm = client.get("/readyz").json()["inbox"]
    assert calm == {"waiting": 0, "oldest_s": None, "quarantined": 1}
    moment.move(seconds=90)
    late = client.get("/readyz").json()["inbox"]
    assert late["waiting"] == 1
    assert 29 <= late["oldest_s"] <= 40
