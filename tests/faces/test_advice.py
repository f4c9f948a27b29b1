"""The room says what may be the same event and what class is meant; people decide with one tap."""

import pytest
from playwright.sync_api import expect

from tests import BEIYUAN
from tests.browser import DESK, PHONE
from tests.faces.test_looks import inside, no_sideways_scroll

pytestmark = pytest.mark.browser
NEAR = {**BEIYUAN, "lat": BEIYUAN["lat"] + 0.0002, "crs": "WGS84"}
LAMP = "component.0137"


@pytest.fixture
def room_of(module_server, people):
    """Opens an event's own page and waits until its line is live."""

    def open_room(username, number, size=DESK, **options):
        page = people(module_server, username, size=size, path=f"/events/{number}/", **options)
        page.locator("#line[data-state=live]").wait_for()
        return page

    return open_room


def test_a_dispatcher_merges_from_the_room_and_takes_a_suggestion(
    module_server, report_at, room_of, act_at
):
    first = report_at(module_server, category=LAMP, text="路灯不亮三天了", location=NEAR)
    mine = report_at(module_server, category="", text="路灯不亮，晚上很黑")["number"]
    room = room_of("dispatcher", mine)
    # The class: said with the reason, taken with one tap, gone afterwards.
    suggested = room.locator(f".guess [data-code='{LAMP}']")
    expect(suggested).to_contain_text("因为「路灯不亮」")
    suggested.get_by_role("button").click()
    expect(room.locator(".toast")).to_contain_text("已改为“路灯”")
    expect(room.locator(".facts")).to_contain_text("路灯")
    expect(room.locator(".guess")).to_have_count(0)
    # The same event: merged into the earlier one, after one question.
    likely = room.locator(f".likely[data-number='{first['number']}']")
    expect(likely).to_contain_text("同一分类：路灯 · 相距 22 米")
    likely.get_by_role("button", name="并案").click()
    expect(room.locator("dialog")).to_contain_text(f"{mine} 将并入 {first['number']}")
    room.locator("dialog").get_by_role("button", name="并案").click()
    expect(room.locator(".room-tags")).to_contain_text("已合并")
    expect(room.locator(".facts")).to_contain_text(first["number"])
    expect(room.locator(".side-likely")).to_be_empty()
    # How the main event goes on is read in the merged one.
    act_at(module_server, "dispatcher", first["number"], "cancel", reason="重复")
    expect(room.locator(".chat")).to_contain_text(f"主事件 {first['number']}：作废")
    expect(room.locator(".facts .tag")).to_contain_text("作废")


def test_an_emergency_in_the_words_is_asked_and_may_be_waived(module_server, report_at, room_of):
    number = report_at(module_server, category="", text="菜市场门口有个女孩走散了")["number"]
    room = room_of("dispatcher", number)
    question = room.locator(".guess-question")
    expect(question).to_contain_text("文中有「走散」，是否为“走失人员”？")
    expect(question).to_contain_text("特急")
    question.get_by_role("button", name="不是").click()
    expect(question).to_have_count(0)
    room.reload()
    question.get_by_role("button", name="是，改类").click()
    expect(room.locator(".room-head .priority").first).to_contain_text("特急")


def test_an_officer_reads_the_advice_and_has_no_buttons(module_server, report_at, room_of):
    report_at(module_server, category="", text="路灯不亮，很黑很黑", location=NEAR)
    number = report_at(module_server, category="", text="路灯不亮，很黑")["number"]
    room = room_of("duty.hongqiao", number)
    expect(room.locator(f".guess [data-code='{LAMP}']")).to_contain_text("路灯")
    expect(room.locator(".likely").first).to_be_visible()
    expect(room.locator(".guess button, .likely button")).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_advice_fits_the_screen(size, module_server, report_at, room_of):
    report_at(module_server, category="", text="女孩走散了，垃圾成堆没人清", location=NEAR)
    number = report_at(module_server, category="", text="女孩走散了，垃圾成堆")["number"]
    room = room_of("dispatcher", number, size=size)
    expect(room.locator(".likely").first).to_be_visible()
    for selector in (".guess-question", ".guess", ".guess-question .button"):
        inside(room, selector, size)
    room.locator(".likely .button").first.scroll_into_view_if_needed()
    inside(room, ".likely .button", size, least=44 if size == PHONE else 24)
    no_sideways_scroll(room)
