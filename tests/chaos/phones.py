"""Phones that send until they are answered, the same again each time, as an outbox does."""

import threading
import time
import uuid
from dataclasses import dataclass, field

import requests

from tests import BEIYUAN
from tests.attachments.samples import jpeg
from tests.chaos.patience import LONG, breathe
from tests.room import API

UNANSWERED = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
PROBLEM = "application/problem+json"


@dataclass
class Call:
    """One report of one person; `key` and `note` are Idempotency-Keys, or empty.

    A photo is uploaded before it, a note is posted after it.
    """

    text: str
    where: dict = field(default_factory=lambda: BEIYUAN)
    category: str = ""
    key: str = ""
    note: str = ""
    photo: bool = False
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    attachments: list = field(default_factory=list)
    event: dict | None = None

    @property
    def body(self):
        """The report as it is sent, each time."""
        return {
            "client_id": self.client_id,
            "text": self.text,
            "category": self.category,
            "location": {**self.where, "crs": "WGS84"},
            "attachments": self.attachments,
        }


class Book:
    """What the phones were told. `accepted` are calls that were answered, in that order."""

    def __init__(self):
        self.accepted, self.lost, self.busy, self.strange = [], 0, [], []
        self._changed = threading.Condition()

    def note(self, *, accepted=None, lost=0, busy=None, strange=None):
        """Write down what a phone has seen."""
        with self._changed:
            self.lost += lost
            for page, line in (
                (self.accepted, accepted),
                (self.busy, busy),
                (self.strange, strange),
            ):
                if line is not None:
                    page.append(line)
            self._changed.notify_all()

    def wait(self, question):
        """Return when `question(book)` is true; fails when a phone gives up before."""
        with self._changed:
            self._changed.wait_for(lambda: self.strange or question(self))
        assert self.strange == []


class Phone(threading.Thread):
    """One device of a person; makes its calls one after another."""

    def __init__(self, book, server, username, calls):
        super().__init__(name=f"phone of {username}", daemon=True)
        self.book, self.server, self.calls = book, server, calls
        self.username = username
        self.token = server.token(username)

    def run(self):
        """Make every call, however long it takes."""
        done = False
        try:
            with self.server.client_of(self.username) as self.client:
                done = all(self.make(call) for call in self.calls)
        finally:
            if not done:
                self.book.note(strange=f"{self.name} gave up")

    def make(self, call):
        """Whether the call and all that belongs to it was accepted."""
        if call.photo and not call.attachments:
            data = {"client_id": call.client_id}
            files = {"file": ("photo.jpg", jpeg(), "image/jpeg")}
            photo = self.deliver("attachments/", data=data, files=files)
            if photo is None:
                return False
            call.attachments = [photo["id"]]
        call.event = self.deliver("reports/", call.key, json=call.body)
        if call.event is None:
            return False
        if call.note:
            path = f"events/{call.event['number']}/post/"
            if self.deliver(path, call.note, json={"text": call.text}) is None:
                return False
        self.book.note(accepted=call)
        return True

    def deliver(self, path, key="", **what):
        """The JSON of the first answer that accepts it; None when one came that should not."""
        headers = {"Idempotency-Key": key} if key else {}
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            try:
                answer = self.client.post(API + path, headers=headers, **what)
            except UNANSWERED:
                self.book.note(lost=1)
                breathe()
                continue
            if answer.status_code in (200, 201):
                return answer.json()
            if answer.status_code != 503 or answer.headers["Content-Type"] != PROBLEM:
                break
            self.book.note(busy=answer.json()["detail"])
            breathe()
        else:
            self.book.note(strange=f"{path}: never answered")
            return None
        self.book.note(strange=f"{path}: {answer.status_code} {answer.text[:2000]}")
        return None


def start(book, phones):
    """Start every phone; returns them."""
    for phone in phones:
        phone.start()
    return phones


def hang_up(book, phones):
    """Wait until every phone has made all of its calls."""
    total = sum(len(phone.calls) for phone in phones)
    book.wait(lambda seen: len(seen.accepted) == total)
    for phone in phones:
        phone.join(LONG)
        assert not phone.is_alive()
