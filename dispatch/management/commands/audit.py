"""`manage.py audit`: looks whether anything floats, apart from the clock."""

import json
import signal
import threading

from django.core.management.base import BaseCommand

from dispatch import audit


class Command(BaseCommand):
    """Looks every few seconds; `--once` looks, prints {finding: count}, ends; status 1 if any."""

    help = "The auditor: open events without clock or lead, steps overdue, a clock that stands."

    def add_arguments(self, parser):
        """`--once`, `--interval`."""
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--interval", type=float, default=audit.EVERY, help="seconds")

    def handle(self, *args, once, interval, **options):
        """Look until told to stop."""
        if once:
            found = audit.audit().findings
            self.stdout.write(json.dumps({name: one["count"] for name, one in found.items()}))
            if found:
                raise SystemExit(1)
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_args: stop.set())
        audit.watch(stop, interval)
