"""A source `wire` whose kind says in plain JSON what it holds (tests/inbox/wire.py)."""

import pytest
from django.test import Client

from integrations.models import Source, SourceSecret
from integrations.processing import finish_leftovers
from tests.inbox.wire import KEY, Sender, Wire


@pytest.fixture(autouse=True)
def wire(monkeypatch):
    """The kind, beside none: these tests are about the inbox, not about translation."""
    kind = Wire()
    monkeypatch.setattr("integrations.sources.kinds", lambda: {"wire": kind})
    return kind


@pytest.fixture
def source():
    """The source; needs a database."""
    source = Source.objects.create(code="wire", name="对接系统", kind="wire")
    SourceSecret.objects.create(source=source, secret=KEY)
    return source


@pytest.fixture
def sender(source):
    """The system on the other side."""
    return Sender(Client())


@pytest.fixture
def clock(moment):
    """The clock's round of the inbox, `minutes` later."""

    def later(minutes=2):
        moment.move(minutes=minutes)
        return finish_leftovers()

    return later
