"""A screen as a test drives it: every message that comes is checked against the schema."""

import json
import threading
import time
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.servers import PATIENCE

SCHEMA = json.loads((Path(settings.BASE_DIR) / "docs/live.schema.json").read_text())
CHECKER = jsonschema.Draft202012Validator.FORMAT_CHECKER


def validator(side):
    """The validator of what one side says: `client` or `server`."""
    schema = {**SCHEMA, "$ref": f"#/$defs/{side}"}
    return jsonschema.Draft202012Validator(schema, format_checker=CHECKER)


SAYS, HEARS = validator("client"), validator("server")


class Screen:
    """One socket. `entries` are the entry messages so far, `position` is what a client keeps."""

    def __init__(self, socket):
        self.socket = socket
        self.entries = []
        self.heard = []
        self.position = None

    def say(self, op, **fields):
        """Send a message of the protocol."""
        message = {"op": op, **fields}
        SAYS.validate(message)
        self.blurt(json.dumps(message))

    def blurt(self, text):
        """Send anything."""
        self.socket.send(text)

    def hear(self):
        """The next message; fails when none comes."""
        message = json.loads(self.socket.recv(PATIENCE))
        HEARS.validate(message)
        self.heard.append(message)
        if message["op"] == "entry":
            self.entries.append(message)
            self._advance(message["offset"])
        elif message["op"] in {"ready", "top"}:
            self._advance(message["position"]["offset"], message["position"]["epoch"])
        return message

    def _advance(self, offset, epoch=None):
        if self.position is None or epoch not in {None, self.position["epoch"]}:
            self.position = {"epoch": epoch, "offset": offset}
        self.position["offset"] = max(self.position["offset"], offset)

    def until(self, op, **fields):
        """The next message of that op (with those members); what comes before is in `heard`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = self.hear()
            if message["op"] == op and fields.items() <= message.items():
                return message
        return pytest.fail(f"no {op} came, but {[one['op'] for one in self.heard]}")

    def subscribe(self, *topics, position=None):
        """Subscribe and return the `ready`."""
        self.say("subscribe", topics=list(topics), position=position)
        return self.until("ready")

    def reach(self, offset):
        """Hear everything up to `offset`, and whatever else has come until then."""
        pause = threading.Event()
        for _attempt in range(PATIENCE * 5):
            self.say("ping")
            if self.until("top")["position"]["offset"] >= offset:
                return self
            pause.wait(0.2)
        return pytest.fail(f"{offset} was not reached, but {self.position}")

    @property
    def offsets(self):
        """The offsets of the entries, in the order in which they came."""
        return [message["offset"] for message in self.entries]

    @property
    def texts(self):
        """The texts of what was posted, in the order in which they came."""
        return [message["entry"]["data"].get("text") for message in self.entries]

    def ops(self, *ops):
        """What was heard of those ops."""
        return [message for message in self.heard if message["op"] in ops]

    def code(self):
        """The close code, after everything that comes before it."""
        try:
            while True:
                self.hear()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


class Screens:
    """Opens screens of one server and closes them with the test."""

    def __init__(self, server, stack):
        self.server = server
        self.stack = stack

    def __call__(self, username=None, *, token=None, server=None, url=None, **options):
        """A socket of that person, signed in by token; nobody's without a name."""
        server = server or self.server
        url = url or server.live_url
        options = {"proxy": None, "max_size": None, "open_timeout": PATIENCE, **options}
        options.setdefault("ping_interval", None)
        options.setdefault("close_timeout", 1)
        screen = Screen(self.stack.enter_context(connect(url, **options)))
        if username:
            token = server.token(username)
        if token:
            screen.say("auth", token=token)
        return screen
