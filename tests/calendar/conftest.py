"""Fixtures of these tests."""

from tests.stopped import stopped  # noqa: F401 - a fixture
