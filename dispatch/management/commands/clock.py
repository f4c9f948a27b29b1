"""`manage.py clock`: the loop that does what is due."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from dispatch import clock

log = logging.getLogger("xianfeng.clock")
CLEAN_EVERY = 3600


class Command(BaseCommand):
    """Reminds, marks what is late, escalates, ends holds; `--once` does what is due and stops."""

    help = "The clock: reminders, deadlines, escalation."

    def add_arguments(self, parser):
        """`--once`, `--interval`."""
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks")

    def handle(self, *args, once, interval, **options):
        """Tick until told to stop; a database that is away is waited for."""
        if once:
            self.stdout.write(f"{clock.tick()}")
            clock.clean()
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_args: stop.set())
        ticks = 0
        while not stop.is_set():
            close_old_connections()
            try:
                clock.tick()
                if ticks % int(CLEAN_EVERY / interval) == 0:
                    clock.clean()
                ticks += 1
            except OperationalError:
                log.exception("the database is away; trying again")
                stop.wait(2)
            stop.wait(interval)
