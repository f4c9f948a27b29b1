"""A citizen's app at the GeoReport door."""

import pytest

from integrations.models import ApiKey
from tests.open311.app import App


@pytest.fixture
def app():
    """An app with the demo's api_key."""
    return App()


@pytest.fixture
def token_key():
    """The text of a key whose posts are answered with tokens."""
    _key, text = ApiKey.issue("批量应用", tokens=True)
    return text
