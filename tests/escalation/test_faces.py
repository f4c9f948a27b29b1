"""What people see of it: the strip on the wall, the audit page, an expired claim, a condition."""

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.faces.conftest import act_at, colleague, report_at, row  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
WALL = {"width": 1920, "height": 1080}


@pytest.fixture
def late(module_server, report_at):  # noqa: F811 - the fixture
    """An event that floats: its deadlines are gone, and the auditor has seen it."""
    number = report_at(module_server)["number"]
    module_server.manage(
        "shell",
        "-c",
        "from dispatch import audit, clock\n"
        "from dispatch.models import Deadline\n"
        "clock.tick()\n"
        f"Deadline.every.filter(event__number={number!r}).update(state='superseded')\n"
        "audit.audit()\n",
    )
    return number


def test_the_wall_says_what_floats_and_leads_there(module_server, people, late):
    wall = people(module_server, "supervisor.hongqiao", size=WALL, path="/wall/")
    strip = wall.locator("a.watchdog")
    expect(strip).to_contain_text("时钟异常：1 处")
    box = strip.bounding_box()
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= WALL["width"]
    strip.click()
    expect(wall.locator("[data-finding=untimed]")).to_contain_text(late)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_audit_page_fits_a_phone(scheme, module_server, people, late):
    page = people(module_server, "supervisor", size=PHONE, path="/audit/", color_scheme=scheme)
    expect(page.locator("h1")).to_have_text("1 类异常，请处理")
    expect(page.get_by_text(late)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_expired_claim_waits_for_a_colleague(
    module_server,
    people,
    report_at,  # noqa: F811
    act_at,  # noqa: F811
    colleague,  # noqa: F811
):
    other = colleague(module_server)
    number = report_at(module_server)["number"]
    act_at(module_server, "duty.hongqiao", number, "claim")
    module_server.manage(
        "shell",
        "-c",
        "from dispatch import effects\n"
        "from dispatch.models import Deadline\n"
        "from events import moment\n"
        f"row = Deadline.every.get(event__number={number!r}, stage='life')\n"
        "row.next_at, row.step = moment.now(), len(row.steps) - 1\n"
        "row.save()\n"
        f"effects.take({number!r})\n",
    )
    desk = people(module_server, other, path="/desk/")
    claim = row(desk, number).locator(".row-claim")
    expect(row(desk, number)).to_contain_text("签收失效")
    claim.click()
    expect(claim).to_have_count(0)
    expect(row(desk, number)).not_to_contain_text("签收失效")


def test_a_dispatcher_chooses_the_condition_in_the_room(
    module_server,
    people,
    report_at,  # noqa: F811
):
    number = report_at(module_server, category="event.0101")["number"]
    page = people(module_server, "dispatcher", path=f"/events/{number}/")
    page.locator("summary", has_text="更多").click()
    page.locator("[data-action=choose_limit]").click()
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("处置 2 个自然日，签收 15 分钟")
    dialog.get_by_text("立案条件 2").click()
    dialog.locator(".button.primary").click()
    expect(page.get_by_text("立案条件定为「立案条件 2」")).to_be_visible()
