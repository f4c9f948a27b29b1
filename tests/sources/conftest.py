"""The senders of the demo district's sources."""

import pytest

from tests.sources.feed import Feed


@pytest.fixture
def hotline():
    return Feed("hotline")


@pytest.fixture
def cityops():
    return Feed("cityops")


@pytest.fixture
def command():
    return Feed("command")
