"""The product as it really runs: server processes of their own that tests talk to, and kill."""

import os
import signal
import subprocess
import sys
import uuid
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings

from tests import PASSWORD
from tests.servers import PATIENCE, free_port

ROOT = Path(settings.BASE_DIR)


class Client(requests.Session):
    """HTTP to a server process: paths are relative to it, statuses are left to the test."""

    def __init__(self, base, token=None):
        super().__init__()
        self.base = base
        self.trust_env = False
        if token:
            self.headers["Authorization"] = f"Token {token}"

    def request(self, method, url, **kwargs):
        kwargs.setdefault("timeout", PATIENCE)
        return super().request(method, self.base + url, **kwargs)


class Server:
    """One server process over a database of its own with the demo district in it.

    `url` and `live_url` are its addresses; they, the data and the tokens stay over a restart.
    """

    def __init__(self, folder, database_url, **environment):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.live_url = f"ws://127.0.0.1:{self.port}/ws/v1/live/"
        self.log = folder / "server.log"
        self.tokens = {}
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_STACK": "given",
            "XIANFENG_DATA": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_PREFIX": f"xf-{uuid.uuid4().hex[:8]}",
            **environment,
        }

    def command(self, *arguments):
        return [sys.executable, "-m", "config.server", *arguments]

    def start(self):
        """Start the process and wait until it answers; fails with its log when it dies first."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("--bind", "127.0.0.1", "--port", str(self.port)),
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        for _attempt in range(PATIENCE * 20):
            if self.answers():
                return
            try:
                self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        pytest.fail(f"the server did not start:\n{self.log.read_text()}")

    def answers(self):
        """Whether it serves requests now."""
        with Client(self.url) as client:
            try:
                return client.get("/healthz", timeout=5).ok
            except (requests.ConnectionError, requests.Timeout):
                return False

    def kill9(self):
        """Kill it as a crash or the out-of-memory killer would."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self):
        """End it in good order (SIGTERM); returns its exit status."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def restart(self):
        """Start it again on the same port and data, stopping it first if it still runs."""
        if self.process.poll() is None:
            self.stop()
        self.start()

    def pause(self):
        """Stop it from running at all (SIGSTOP) until `resume`."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        """Let it run on."""
        self.process.send_signal(signal.SIGCONT)

    def token(self, username):
        """An API token, taken at the front door once per person."""
        if username not in self.tokens:
            with Client(self.url) as client:
                answer = client.post(
                    "/api/v1/auth/token/", json={"username": username, "password": PASSWORD}
                )
            assert answer.ok, answer.text
            self.tokens[username] = answer.json()["token"]
        return self.tokens[username]

    def client_of(self, username):
        """An HTTP session with that person's token; use it in a `with`."""
        return Client(self.url, self.token(username))

    def manage(self, *arguments):
        """Run one of manage.py's commands on this server's data; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def running(template, folder, **environment):
    """A started Server over a fresh copy of the demo district; its log shows when a test fails."""
    folder.mkdir(parents=True, exist_ok=True)
    url = template.copy(folder)
    server = Server(folder, url, **environment)
    try:
        server.start()
        yield server
    finally:
        if server.process.poll() is None:
            server.resume()
            server.process.terminate()
            try:
                server.process.wait(10)
            except subprocess.TimeoutExpired:
                server.kill9()
        print(server.log.read_text()[-20_000:])
        template.drop(url)


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory):
    """Static files under their hashed names, as a deployment serves them; the folder."""
    folder = tmp_path_factory.mktemp("static")
    environment = os.environ | {"TEST_STACK": "given", "XIANFENG_STATIC": str(folder)}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
    )
    return folder


@pytest.fixture
def serve(demo, collected_static, tmp_path):
    """Starts server processes: serve(NAME="value"…) → Server, ended with the test."""
    with ExitStack() as stack:

        def start(**environment):
            folder = tmp_path / f"server-{uuid.uuid4().hex[:8]}"
            environment.setdefault("XIANFENG_STATIC", str(collected_static))
            return stack.enter_context(running(demo, folder, **environment))

        yield start


@pytest.fixture
def live_server_process(serve):
    """One real server process with the demo district, for this test alone."""
    return serve()


@pytest.fixture(scope="module")
def module_server(demo, collected_static, tmp_path_factory):
    """One real server process that the tests of a module share; its events pile up."""
    folder = tmp_path_factory.mktemp("server")
    with running(demo, folder, XIANFENG_STATIC=str(collected_static)) as server:
        yield server
