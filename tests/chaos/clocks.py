"""`manage.py clock` as a process that can be killed."""

import subprocess
import sys

from django.conf import settings

from tests.servers import PATIENCE


class Clock:
    """One clock on a server's database, with its log in the server's folder."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait(PATIENCE)

    def start(self):
        """Start it, or another one in its place."""
        with (self.server.folder / "clock.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "clock", "--interval", "0.1"],
                cwd=settings.BASE_DIR,
                env=self.server.environment,
                stdout=log,
                stderr=log,
            )

    def kill9(self):
        """Kill it as a crash would."""
        assert self.process.poll() is None, "the clock has ended by itself"
        self.process.kill()
        self.process.wait(PATIENCE)
