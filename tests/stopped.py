"""The product's clock, standing: tests that say at which minute something happens."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events import moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text):
    """A time of the district, as `2026-03-03 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Stopped:
    """Now is what it was set to, however long the test takes."""

    def __init__(self):
        self.at = moment.now()

    def now(self):
        """The present."""
        return self.at

    def to(self, at):
        """Set it, to a datetime or to a local time as text."""
        self.at = local(at) if isinstance(at, str) else at

    def move(self, **kwargs):
        """Set it later, by a timedelta's keywords."""
        self.at += timedelta(**kwargs)


@pytest.fixture
def stopped(monkeypatch):
    """The product's clock stands; stopped.to("2026-03-03 09:00"), stopped.move(minutes=1)."""
    clock = Stopped()
    monkeypatch.setattr(moment, "now", clock.now)
    return clock
