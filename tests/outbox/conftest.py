"""Channels that remember what was said by them, and people who can be reached."""

import pytest

from dispatch.models import Department
from integrations import channels, outbox, sources
from integrations.models import Channel, Contact, OutboundMessage, Source
from integrations.outcome import SENT, Outcome


class Voice(channels.Kind):
    """A kind of channel that keeps what is said; `outcomes` are given in turn, then all is sent."""

    def __init__(self, **traits):
        self.said, self.outcomes = [], []
        vars(self).update(traits)

    def send(self, channel, message, fetch):
        self.said.append(message)
        outcome = self.outcomes.pop(0) if self.outcomes else SENT
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Echo(sources.Kind):
    """A kind of source that wants to hear of some entries, and keeps what it hears."""

    WANTED = {"claimed", "closed", "cancelled"}

    def __init__(self):
        self.heard, self.outcomes = [], []

    def answers(self, source, entry):
        if entry.data.get("text") == "poison":
            raise KeyError("poison")
        if entry.kind not in self.WANTED:
            return None
        return {"id": entry.event.external_id, "stage": entry.kind}

    def send(self, source, message, fetch):
        self.heard.append((source.code, message.content["id"], message.content["stage"]))
        return self.outcomes.pop(0) if self.outcomes else SENT


@pytest.fixture(autouse=True)
def _site(settings, monkeypatch):
    settings.XIANFENG_URL = "https://xianfeng.example"
    # A busy machine is not what these tests are about.
    monkeypatch.setattr(outbox, "BUDGET_S", 600)


@pytest.fixture
def group(monkeypatch):
    """The kind of a channel into a group."""
    kind = Voice()
    monkeypatch.setitem(channels.kinds(), "group", kind)
    return kind


@pytest.fixture
def phone(monkeypatch):
    """The kind of a channel to persons."""
    kind = Voice(personal=True)
    monkeypatch.setitem(channels.kinds(), "phone", kind)
    return kind


@pytest.fixture
def system(monkeypatch):
    """The kind of a channel that carries entries to a system."""
    kind = Voice(entries=True, idempotent=True)
    monkeypatch.setitem(channels.kinds(), "system", kind)
    return kind


@pytest.fixture
def echo(monkeypatch):
    """The kind of a source that hears."""
    kind = Echo()
    monkeypatch.setitem(sources.kinds(), "echo", kind)
    return kind


@pytest.fixture
def channel():
    """A new Channel; `departments` are codes."""

    def make(kind, code="c1", departments=(), **fields):
        row = Channel.objects.create(code=code, name=code, kind=kind, **fields)
        row.departments.set(Department.objects.filter(code__in=departments))
        return row

    return make


@pytest.fixture
def reach(user):
    """Give people an address by which a kind of channel reaches them."""

    def make(*usernames, kind="phone"):
        return [
            Contact.objects.create(user=user(name), kind=kind, address=f"{name}@{kind}")
            for name in usernames
        ]

    return make


@pytest.fixture
def source():
    """A new Source whose events are `events_of`'s."""

    def make(code="hotline-x", kind="echo", **fields):
        return Source.objects.create(code=code, name=code, kind=kind, **fields)

    return make


def whom(kind, title=""):
    """The usernames whom a personal Voice has told, in order; of notices with `title` in them."""
    return [
        message.recipient.user.username
        for message in kind.said
        if title in message.content["title"]
    ]


def titles(kind):
    """The titles that a Voice has said."""
    return [message.content["title"] for message in kind.said]


def states():
    """The states of all messages, in the order in which they were made."""
    return list(OutboundMessage.objects.order_by("pk").values_list("state", flat=True))


def retry(**fields):
    return Outcome("retry", "later", **fields)


def unknown():
    return Outcome("unknown", "nobody knows")


def failed(**fields):
    return Outcome("failed", "never", **fields)


def tick():
    """One turn of the outbox."""
    return outbox.tick()
