"""A service on loopback that records what it is sent and answers what a test wants."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class Service:
    """`answers` are given in turn, the last one for ever: a JSON object, (status, body[, headers]),
    or a callable that gets the handler."""

    port: int = 0
    answers: list = field(default_factory=list)
    requests: list = field(default_factory=list)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self):
        return self.requests[-1]

    def next_answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def handle_one(self):
        service = self.server.service
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        service.requests.append(
            Request(
                self.command,
                parts.path,
                {name: values[0] for name, values in parse_qs(parts.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
        )
        answer = service.next_answer()
        if callable(answer):
            answer(self)
            return
        if isinstance(answer, dict):
            answer = (200, json.dumps(answer).encode(), {"Content-Type": "application/json"})
        self.say(*answer)

    do_GET = do_POST = handle_one  # noqa: N815 - http.server's names

    def say(self, status, body, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet."""


class Server(ThreadingHTTPServer):
    """The server of a Service."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Who hangs up on us does so on purpose."""


@contextmanager
def running(*answers):
    """A Service that answers so."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.over = threading.Event()
        server.service = Service(server.server_port, list(answers))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.service
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def never(handler):
    """Take the request and answer nothing."""
    handler.server.over.wait(20)
    handler.close_connection = True


def drip(handler):
    """Begin a good answer and never come to its end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while not handler.server.over.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()
    handler.close_connection = True


def hang_up(handler):
    """Take the request and hang up."""
    handler.close_connection = True
    handler.connection.close()
