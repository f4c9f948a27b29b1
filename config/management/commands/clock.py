"""`manage.py clock`: the loops that do what is due."""

import logging
import signal
import threading
import time
from functools import partial

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from dispatch import clock
from integrations import outbox
from integrations.clock import ROUNDS
from integrations.outbox.crew import crew

log = logging.getLogger("xianfeng.clock")
CLEAN_EVERY = 3600
# Seconds after a failure, and those that the other loops have to end in good order.
PAUSE_S, GRACE_S = 2, 5


class Command(BaseCommand):
    """Reminds, marks what is late, escalates, ends holds; beside it takes in and sends out.

    `--once` does what is due, in turn, and stops.
    """

    help = "The clock: reminders, deadlines, escalation; inbox, pulls, notices."

    def add_arguments(self, parser):
        """`--once`, `--interval`."""
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks")

    def handle(self, *args, once, interval, **options):
        """Tick until told to stop; a database that is away is waited for."""
        if once:
            self.stdout.write(f"{clock.tick()}")
            clock.clean()
            for go in ROUNDS.values():
                go()
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_args: stop.set())
        with crew() as run:
            rounds = {**ROUNDS, "courier": partial(outbox.tick, run)}
            others = [
                threading.Thread(target=go_round, args=(name, go, stop, interval), daemon=True)
                for name, go in rounds.items()
            ]
            for thread in others:
                thread.start()
            go_round("deadlines", Deadlines(interval), stop, interval)
            deadline = time.monotonic() + GRACE_S
            for thread in others:
                thread.join(max(deadline - time.monotonic(), 0))


class Deadlines:
    """The service clocks, and once an hour what nobody needs any more."""

    def __init__(self, interval):
        self.ticks, self.clean_every = 0, max(int(CLEAN_EVERY / interval), 1)

    def __call__(self):
        clock.tick()
        if self.ticks % self.clean_every == 0:
            clock.clean()
        self.ticks += 1


def go_round(name, go, stop, interval):
    """Call `go` until `stop` is set. No failure ends a loop: it is logged, and tried again."""
    while not stop.is_set():
        close_old_connections()
        try:
            go()
        except (DatabaseError, InterfaceError):
            log.exception("%s: the database is away; trying again", name)
            stop.wait(PAUSE_S)
        except Exception:
            log.exception("%s: a round failed; trying again", name)
            stop.wait(PAUSE_S)
        stop.wait(interval)
    connections.close_all()
