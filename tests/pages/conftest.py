"""A grid worker's phone. Patience for many browsers on a small machine is no promise of speed."""

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE

expect.set_options(timeout=30_000)


@pytest.fixture
def server(module_server):
    return module_server


@pytest.fixture
def phone(people, server):
    """The grid worker's phone, with its position, on the report page."""
    page = people(server, "grid.beiyuan", size=PHONE, path="/report/")
    expect(page.locator(".strip")).to_have_attribute("data-state", "ok")
    return page
