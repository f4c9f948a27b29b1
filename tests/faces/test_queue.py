"""The queue: what stands on top, what waits, and that no row moves under the pointer."""

import re

import pytest
from playwright.sync_api import expect

from tests.faces.conftest import row

pytestmark = pytest.mark.browser

LITTER = "emergency.waterlogging"


@pytest.fixture
def desk(module_server, desk_of):
    return desk_of(module_server, "duty.hongqiao")


def top(page, number):
    return row(page, number).bounding_box()["y"]


def test_no_row_moves_while_somebody_points_at_it(module_server, desk, report_at):
    first = report_at(module_server, category=LITTER)["number"]
    second = report_at(module_server, category=LITTER)["number"]
    expect(row(desk, second)).to_be_visible()
    row(desk, second).hover()
    before = {number: top(desk, number) for number in (first, second)}

    # An ordinary one waits behind the button.
    third = report_at(module_server, category=LITTER)["number"]
    later = desk.locator(".later")
    expect(later).to_contain_text("1 条新事件")
    expect(row(desk, third)).to_have_count(0)
    # A P1 is there at once, on top, and the rows still stay where they are.
    urgent = report_at(module_server)["number"]
    expect(desk.locator(f".pinned [data-number='{urgent}']")).to_be_visible()
    after = {number: top(desk, number) for number in before}
    assert after == pytest.approx(before, abs=1)

    desk.mouse.move(900, 500)
    expect(row(desk, third)).to_be_visible()
    expect(later).to_have_count(0)


def test_a_claimed_row_stays_in_place_until_the_pointer_has_left(module_server, desk, report_at):
    number = report_at(module_server, category=LITTER)["number"]
    row(desk, number).get_by_role("button", name="签收").click()
    expect(row(desk, number)).to_contain_text("已签收")
    expect(row(desk, number)).to_have_class(re.compile(r"\bleft\b"))
    desk.mouse.move(900, 500)
    expect(desk.locator(f".rows [data-number='{number}']")).to_have_count(0)
    desk.locator("[data-tab=mine]").click()
    expect(row(desk, number)).to_be_visible()


def test_keys_walk_the_queue_and_do_nothing_while_somebody_types(module_server, desk, report_at):
    number = report_at(module_server)["number"]
    expect(row(desk, number)).to_be_visible()
    desk.keyboard.press("j")
    expect(desk.locator(".row.selected")).to_have_count(1)
    first = desk.locator(".row.selected").get_attribute("data-number")
    desk.keyboard.press("j")
    expect(desk.locator(".row.selected")).not_to_have_attribute("data-number", first)
    desk.keyboard.press("k")
    expect(desk.locator(".row.selected")).to_have_attribute("data-number", first)
    box = desk.locator(".composer textarea")
    box.wait_for()
    desk.keyboard.press("r")
    expect(box).to_be_focused()
    desk.keyboard.type("jkcteax?")
    expect(box).to_have_value("jkcteax?")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(desk.locator(".row.selected")).to_have_attribute("data-number", first)
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    expect(desk.locator("dialog.keys-sheet")).to_be_visible()
    desk.get_by_label("使用单键快捷键").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("j")
    expect(desk.locator(".row.selected")).to_have_attribute("data-number", first)


def test_search_finds_by_number_and_by_words(module_server, desk, report_at):
    number = report_at(module_server, text="锦鲤池塘边有人滑倒", category=LITTER)["number"]
    expect(row(desk, number)).to_be_visible()
    desk.keyboard.press("/")
    desk.keyboard.type("锦鲤池塘")
    expect(desk.locator(".row")).to_have_count(1)
    expect(row(desk, number)).to_be_visible()
    desk.keyboard.press("Escape")
    desk.locator(".search input").fill(number)
    expect(desk.locator(".row")).to_have_count(1)
    desk.locator(".search input").fill("绝对没有这个词")
    expect(desk.locator(".rows-empty")).to_contain_text("没有找到")


def test_the_title_counts_what_waits_and_the_sound_begins_with_a_gesture(
    module_server, desk, report_at
):
    number = report_at(module_server)["number"]
    expect(row(desk, number)).to_be_visible()
    waiting = desk.locator("[data-tab=waiting] b").inner_text()
    expect(desk).to_have_title(re.compile(rf"^\({waiting}\) "))
    sound = desk.locator("#sound")
    expect(sound).to_contain_text("开始值班")
    sound.click()
    expect(sound).to_contain_text("声音：开")
    desk.keyboard.press("m")
    expect(sound).to_contain_text("静音 4:5")


def test_closed_events_are_read_when_their_tab_is_opened(
    module_server, desk, report_at, act_at, desk_of
):
    number = report_at(module_server, category="emergency.fight")["number"]
    still_open = report_at(module_server, category="emergency.fight")["number"]
    act_at(module_server, "dispatcher", number, "cancel", reason="误报")
    supervisor = desk_of(module_server, "supervisor.hongqiao")
    supervisor.locator("[data-tab=done]").click()
    expect(row(supervisor, number)).to_contain_text("已作废")
    expect(supervisor.locator(f".rows [data-number='{still_open}']")).to_have_count(0)
