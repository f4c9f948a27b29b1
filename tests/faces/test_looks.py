"""The key parts of each face lie inside the screen, at the sizes they are made for."""

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE
from tests.faces.conftest import WALL, row

pytestmark = pytest.mark.browser


def inside(page, selector, size, least=24):
    """Fails unless the element is visible, wholly on the screen, and not tiny."""
    box = page.locator(selector).first.bounding_box()
    assert box, selector
    assert box["x"] >= -1, (selector, box)
    assert box["y"] >= -1, (selector, box)
    assert box["x"] + box["width"] <= size["width"] + 1, (selector, box)
    assert box["y"] + box["height"] <= size["height"] + 1, (selector, box)
    assert min(box["width"], box["height"]) >= least, (selector, box)


def no_sideways_scroll(page):
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


@pytest.fixture
def number(module_server, report_at):
    return report_at(module_server)["number"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_fits_its_screen(module_server, desk_of, number, scheme):
    desk = desk_of(module_server, "duty.hongqiao", color_scheme=scheme)
    row(desk, number).click()
    expect(desk.locator(".part")).not_to_have_count(0)
    for selector in (
        ".desk-tabs",
        ".pinned .row",
        ".room h1",
        ".room-bar [data-action=claim]",
        "ol.steps",
        ".chat",
        ".composer textarea",
        ".composer-send",
        ".side-map",
        "#sound",
        "#line",
    ):
        inside(desk, selector, DESK, least=16)
    no_sideways_scroll(desk)
    # At least nine ordinary rows fit below the tabs.
    tall = row(desk, number).bounding_box()["height"]
    assert desk.locator(".desk-list").bounding_box()["height"] / tall >= 9


def test_a_phone_shows_one_pane_at_a_time(module_server, desk_of, number):
    desk = desk_of(module_server, "duty.hongqiao", size=PHONE)
    claim = row(desk, number).get_by_role("button", name="签收")
    assert claim.bounding_box()["height"] >= 44
    no_sideways_scroll(desk)
    row(desk, number).locator(".row-title").tap()
    expect(desk.locator(".desk-list")).to_be_hidden()
    for selector in (".room h1", ".composer textarea", ".composer-send", ".room-back"):
        inside(desk, selector, PHONE, least=20)
    no_sideways_scroll(desk)
    desk.locator("[data-to-pane=side]").tap()
    inside(desk, ".desk-side", PHONE)
    desk.locator("[data-to-pane=side]").tap()
    desk.go_back()
    expect(desk.locator(".desk-list")).to_be_visible()
    expect(row(desk, number)).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_room_has_its_own_page(module_server, people, number, size):
    room = people(module_server, "committee.beiyuan", size=size, path=f"/events/{number}/")
    expect(room.locator(".room h1")).to_be_visible()
    room.locator(".composer textarea").wait_for()
    inside(room, ".room h1", size, least=16)
    inside(room, ".room-bar [data-action=claim]", size)
    inside(room, ".composer textarea", size)
    no_sideways_scroll(room)


def test_the_room_of_somebody_elses_event_does_not_exist(module_server, people, number):
    people.expect("404")
    page = people(module_server, "duty.beijing", path=f"/events/{number}/")
    expect(page.locator("#room-page")).to_have_count(0)


@pytest.mark.parametrize("size", [WALL, DESK], ids=["wall", "desktop"])
def test_the_wall_fits_its_screen(module_server, wall_of, number, size):
    wall = wall_of(module_server, size=size)
    expect(wall.locator(f".feed-row:has([data-number='{number}'])")).to_be_visible()
    expect(wall.locator(".figure")).to_have_count(6)
    expect(wall.locator(".wall-chart canvas")).to_have_count(3)
    for selector in (".figure", "#wall-map", "#wall-hour", "#wall-load", "#wall-ladder"):
        inside(wall, selector, size)
    no_sideways_scroll(wall)
    if size == WALL:
        figure = wall.locator(".figure-value").first
        assert (
            figure.evaluate("one => Math.round(parseFloat(getComputedStyle(one).fontSize))") == 44
        )


def test_the_wall_stacks_on_a_phone(module_server, wall_of, number):
    wall = wall_of(module_server, size=PHONE)
    expect(wall.locator(f".feed-row:has([data-number='{number}'])")).to_be_visible()
    no_sideways_scroll(wall)
