"""People at screens: Chromium pages of signed-in accounts, watched for errors."""

import os
import shutil

import pytest
from django.urls import reverse

from tests import BEIYUAN, PASSWORD

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
# Told to the page before its first script: a violation is an error on its console.
WATCH = """addEventListener("securitypolicyviolation", event => console.error(
  `CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright; one for the session."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        pytest.fail("browser tests need chromium on the PATH: `make test` installs it")
    # Playwright keeps an event loop in this thread for as long as it runs; Django would refuse
    # every query beside it. Browser tests come last, so no other test runs with this.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS.split())
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class People:
    """Opens signed-in pages, and keeps what went wrong on them."""

    def __init__(self, browser):
        self.browser = browser
        self.contexts = []
        self.faults = []
        self.expected = []

    def __call__(self, server, username, size=DESK, at=BEIYUAN, path=None, **options):
        """A page of `username` signed in at `server`, at `path` (default: where sign-in leads).

        `size` is DESK or PHONE; `at` the device's position in WGS-84 degrees, or None for a device
        that does not tell.
        """
        context = self.context(server, size, at, **options)
        page = context.new_page()
        page.goto(reverse("login"))
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("form [type=submit]")
        page.wait_for_url(lambda url: reverse("login") not in url)
        if path:
            page.goto(path)
        return page

    def context(self, server, size=DESK, at=BEIYUAN, **options):
        """A browser of its own for somebody not signed in."""
        if size == PHONE:
            options = {"has_touch": True, "is_mobile": True, **options}
        if at:
            position = {"longitude": at["lon"], "latitude": at["lat"], "accuracy": 12}
            options = {"geolocation": position, "permissions": ["geolocation"], **options}
        context = self.browser.new_context(
            base_url=server.url,
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.add_init_script(WATCH)
        context.on("console", self.heard)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.contexts.append(context)
        return context

    def heard(self, message):
        """A line on a page's console; errors count."""
        if message.type == "error":
            place = message.location or {}
            self.faults.append(f"{message.text} ({place.get('url', '')})")

    def expect(self, *words):
        """Errors with these words in them belong to the test: "409", "WebSocket connection"."""
        self.expected += words

    def check(self):
        """Fails when a page complained about anything that the test did not expect."""
        faults = [fault for fault in self.faults if not any(w in fault for w in self.expected)]
        if faults:
            pytest.fail("errors in the browser:\n" + "\n".join(faults))


@pytest.fixture
def people(browser):
    """Opens signed-in pages (see People); any unexpected error on one of them fails the test."""
    found = People(browser)
    yield found
    for context in found.contexts:
        context.close()
    found.check()
