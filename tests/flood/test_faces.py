"""What people see of the water: the strip of the wall, the curve in the room."""

import re

import pytest
import requests
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.flood.alerts import FAR, alert
from tests.flood.senders import ELSEWHERE, ago, encoded, signed, water

pytestmark = pytest.mark.browser


def send(server, body, content_type="application/json"):
    """A signed delivery to a server process; the number of its event, if any."""
    body = encoded(body)
    headers = {"Content-Type": content_type, **signed(body)}
    answer = requests.post(f"{server.url}/feeds/flood/", body, headers=headers, timeout=20)
    assert answer.status_code == 202, answer.text
    return answer.json().get("event")


@pytest.fixture(scope="module")
def storm(module_server):
    """A server with water in a road, warnings and a response level; the event's number."""
    server = module_server
    send(server, alert("W", expires="2099-01-01T00:00:00+08:00"), "application/xml")
    far = f"<areaDesc>某地</areaDesc><polygon>{FAR}</polygon>"
    headline = "某地发布台风红色预警"
    send(server, alert("F", area=far, headline=headline, event="台风"), "application/xml")
    level = {"areaName": "广州市越秀区", "typeName": "防暴雨内涝", "level": 3}
    send(server, {**level, "responseTime": ago(minutes=30)})
    heights = [0, 1, 3, 6, 9, 12, 16, 21, 26, 28, 33, 38, 41, 39, 36, 34]
    rows = [water(cm, minutes=4 * (len(heights) - n)) for n, cm in enumerate(heights)]
    return send(server, {"ST_RIVER_R": rows})


def test_the_wall_says_what_is_in_force_here(people, module_server, storm):
    page = people(module_server, "supervisor", path="/wall/")
    strip = page.locator("#wall-strip")
    expect(strip.locator(".signal")).to_have_count(2)
    expect(strip).to_contain_text("暴雨橙色预警")
    expect(strip).to_contain_text("防暴雨内涝 Ⅲ级响应")
    expect(strip).not_to_contain_text("台风")
    box = strip.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] < page.locator(".wall").bounding_box()["y"] + 1
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_the_room_shows_the_curve_with_its_lines(people, module_server, storm, size):
    options = {"size": size} if size else {}
    page = people(module_server, "duty.water", path=f"/events/{storm}/", **options)
    water_box = page.locator(".water")
    expect(water_box.locator(".water-now")).to_have_text("34cm")
    expect(water_box.locator(".tag")).to_have_text("超红色线")
    expect(water_box.locator("svg.curve")).to_have_attribute(
        "aria-label", re.compile("现 34 cm，最高 41 cm，警戒线 15")
    )
    expect(water_box.locator(".signal")).to_have_count(2)
    svg = water_box.locator("svg.curve")
    svg.scroll_into_view_if_needed()
    box, wide = svg.bounding_box(), page.viewport_size["width"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= wide
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_curve_goes_on_while_the_room_is_open(people, module_server):
    rows = [water(2, ELSEWHERE, minutes=9), water(18, ELSEWHERE)]
    number = send(module_server, {"ST_RIVER_R": rows})
    page = people(module_server, "duty.water", path=f"/events/{number}/")
    expect(page.locator(".water-now")).to_have_text("18cm")
    page.wait_for_timeout(2100)
    send(module_server, {"ST_RIVER_R": [water(44, ELSEWHERE, minutes=-1)]})
    expect(page.locator(".water-now")).to_have_text("44cm")
    expect(page.locator(".chat")).to_contain_text("积水深度升至 44 cm")


def test_an_event_of_people_has_no_curve(people, module_server, storm):
    with module_server.client_of("grid.beiyuan") as client:
        body = {"client_id": "0b8f3f9e-5a7e-4b6e-9a60-6d7a55b0f0a1", "text": "井盖缺失"}
        body["location"] = {"lon": 113.267, "lat": 23.136, "crs": "WGS84"}
        number = client.post("/api/v1/reports/", json=body).json()["number"]
    page = people(module_server, "supervisor", path=f"/events/{number}/")
    expect(page.locator(".side-near")).to_be_visible()
    expect(page.locator(".water")).to_have_count(0)
