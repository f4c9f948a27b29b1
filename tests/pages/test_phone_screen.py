"""The phone page itself: on a small screen, in the browser's store, with nothing in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.pages.test_phone import kept_paths, sent, tap

pytestmark = pytest.mark.browser
SMALL = {"width": 390, "height": 664}


def test_the_main_screen_fits_a_small_phone(people, server):
    page = people(server, "grid.beiyuan", size=SMALL, path="/report/")
    expect(page.locator(".strip")).to_have_attribute("data-state", "ok")
    size = page.evaluate("() => [document.documentElement.scrollWidth, document.body.scrollHeight]")
    assert size[0] <= SMALL["width"]
    assert size[1] <= SMALL["height"]
    tap_box = page.locator("#tap").bounding_box()
    assert min(tap_box["width"], tap_box["height"]) >= 96
    for target in page.locator("button:visible, a.brand, label.control, input.input").all():
        box = target.bounding_box()
        assert box["height"] >= 44, target.inner_text()
        assert box["y"] + box["height"] <= SMALL["height"]
    page.set_viewport_size({"width": 390, "height": 664})
    tap(page, "小屏")
    receipt = page.locator(".receipt.sent")
    expect(receipt).to_be_visible()
    box, strip = receipt.bounding_box(), page.locator(".place-strip").bounding_box()
    assert box["y"] >= strip["y"] + strip["height"]


def test_the_worker_never_keeps_answers_of_the_api(phone):
    tap(phone, "缓存")
    sent(phone)
    paths = kept_paths(phone)
    assert all(path == "/report/" or path.startswith("/static/") for path in paths)


def test_an_empty_list_says_how_to_begin(people, server):
    page = people(server, "supervisor", size=PHONE, path="/report/")
    page.get_by_role("button", name=re.compile("我的上报")).click()
    expect(page.locator("#mine")).to_contain_text("还没有上报")
