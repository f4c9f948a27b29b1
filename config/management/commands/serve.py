"""`manage.py serve [--host ADDRESS] [--port NUMBER]`: web server and clock as one command."""

import errno
import signal
import socket
import sys
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.demo import PASSWORD
from config.demo.tables import rows
from config.processes import Child, keep
from dispatch import audit
from dispatch.models import Role

# Seconds that a look of the auditor may take to end.
AUDIT_GRACE = 5


class Command(BaseCommand):
    """Runs in the foreground until Ctrl-C or SIGTERM, then ends both in order, with status 0.

    Raises CommandError when the port cannot be had.
    """

    help = "Run the web server and the clock until Ctrl-C."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host, port, **options):
        self.address = (host, port)
        self.greeted = False
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, frame: stop.set())
        python = sys.executable
        server = [python, "-m", "config.server", "--bind", host, "--port", str(port)]
        manage = [python, str(settings.BASE_DIR / "manage.py")]
        children = [
            Child("server", server, self.check_port),
            Child("clock", [*manage, "clock"]),
        ]
        if settings.SL651_PORT:
            children.append(Child("sl651", [*manage, "sl651"]))
        # Here, where neither the clock nor the server can take it along when it dies.
        auditor = threading.Thread(target=audit.watch, args=(stop,), daemon=True)
        auditor.start()
        keep(children, stop, self.say, self.greet_once)
        auditor.join(AUDIT_GRACE)

    def say(self, line):
        """A line for the person at the terminal, at once."""
        self.stdout.write(line)
        self.stdout.flush()

    def check_port(self):
        """CommandError when nobody could listen there."""
        host, port = self.address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(self.address)
            except OSError as error:
                raise CommandError(refusal(error, host, port)) from error

    def greet_once(self):
        """Say where to go, as soon as somebody answers there."""
        if self.greeted:
            return
        host, port = self.address
        try:
            socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port), 1).close()  # noqa: S104 - compared
        except OSError:
            return
        self.greeted = True
        self.say(_("先锋已启动：%(url)s （Ctrl-C 结束）") % {"url": f"http://{host}:{port}/"})
        self.say(_("数据目录：%(folder)s") % {"folder": settings.DATA_DIR})
        if settings.DEMO:
            self.say(_("演示账号（口令均为 %(password)s）：") % {"password": PASSWORD})
            for row in rows("accounts"):
                role = Role(row["role"]).label
                self.say(f"  {row['username']:<20}{role}  {row['name']}")


def refusal(error, host, port):
    """What to tell a person whose port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return _("端口 %(port)d 已被占用。请换一个，例如：PORT=%(other)d make run") % {
            "port": port,
            "other": port + 1,
        }
    return _("无法在 %(host)s:%(port)d 监听：%(reason)s") % {
        "host": host,
        "port": port,
        "reason": error.strerror,
    }
