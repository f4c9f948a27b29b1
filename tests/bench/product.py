"""The product under measurement: PostgreSQL, Redis, the demo district, server processes."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests import PASSWORD
from tests.bench.measure import cpu_seconds
from tests.servers import PATIENCE, PostgreSQL, Redis, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
DAPHNE = ["-m", "config.server", "--bind", "127.0.0.1", "--port"]


class Stack:
    """A durable PostgreSQL and a Redis with the demo district; starts server processes."""

    def __enter__(self):
        self.postgres = PostgreSQL(durable=True).__enter__()
        self.redis = Redis().__enter__()
        self.folder = tempfile.TemporaryDirectory(prefix="xf-bench-")
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "XIANFENG_DEMO": "1",
            "XIANFENG_DATA": self.folder.name,
            "XIANFENG_LOG_LEVEL": "ERROR",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
        }
        self.python("manage.py", "migrate", "--verbosity", "0")
        self.python("manage.py", "demo", "--verbosity", "0")
        return self

    def __exit__(self, *error):
        self.folder.cleanup()
        self.redis.__exit__(*error)
        self.postgres.__exit__(*error)

    def python(self, *arguments):
        """Run Python in the product's environment; its output."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    @contextmanager
    def process(self, *arguments, port=None):
        """A Python process; waited for until it serves `port` (given as the last argument)."""
        child = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL
        )
        try:
            if port:
                _await(f"http://127.0.0.1:{port}/healthz")
            yield child
        finally:
            child.kill()
            child.wait(PATIENCE)

    @contextmanager
    def daphne(self):
        """The embedded way: one daphne for everything. Yields (process, url)."""
        port = free_port()
        with self.process(*DAPHNE, str(port), port=port) as child:
            yield child, f"http://127.0.0.1:{port}"

    @contextmanager
    def wsgi(self):
        """The server way: HTTP by gunicorn's threads. Yields (process, url)."""
        port = free_port()
        options = ["-k", "gthread", "-w", "2", "--threads", "16", "-b", f"127.0.0.1:{port}"]
        with self.process(
            "-m", "gunicorn", "config.wsgi", *options, "--log-level", "error", port=port
        ) as child:
            yield child, f"http://127.0.0.1:{port}"


def _await(url):
    for _attempt in range(PATIENCE * 10):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def call(url, path, body, token=None):
    """POST JSON; the answer's JSON."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Token {token}"
    request = urllib.request.Request(  # noqa: S310 - our own server
        url + path, json.dumps(body).encode(), headers
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        return json.load(answer)


def token(url, username):
    """A token of a demo account."""
    body = {"username": username, "password": PASSWORD}
    return call(url, "/api/v1/auth/token/", body)["token"]


@contextmanager
def cpu_of(*pids):
    """A dict whose `cpu` is the CPU seconds that the process trees used inside the block."""
    before = [cpu_seconds(pid) for pid in pids]
    used = {}
    yield used
    used["cpu"] = sum(cpu_seconds(pid) - was for pid, was in zip(pids, before, strict=True))
