"""What a person has typed is never lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.faces.conftest import entry, row

pytestmark = pytest.mark.browser

POST = re.compile(r"/api/v1/events/[^/]+/post/$")
UPLOAD = re.compile(r"/api/v1/attachments/$")


@pytest.fixture
def desk(module_server, desk_of):
    return desk_of(module_server, "duty.hongqiao")


@pytest.fixture
def opened(module_server, desk, report_at):
    """The number of a new event that the desk has open."""
    number = report_at(module_server)["number"]
    row(desk, number).click()
    desk.locator(".composer textarea").wait_for()
    return number


def test_drafts_are_kept_per_event_and_survive_a_reload(module_server, desk, opened, report_at):
    box = desk.locator(".composer textarea")
    box.fill("正在联系家长")
    other = report_at(module_server)["number"]
    row(desk, other).click()
    expect(box).to_have_value("")
    box.fill("另一个事件的草稿")
    expect(row(desk, opened).locator(".mark.draft")).to_be_visible()
    row(desk, opened).click()
    expect(box).to_have_value("正在联系家长")
    desk.reload()
    expect(desk.locator(".composer textarea")).to_have_value("正在联系家长")


def test_a_half_filled_dialog_is_still_there_when_it_is_opened_again(desk, opened):
    desk.locator(".room-bar [data-action=return]").click()
    desk.get_by_label("退回理由").fill("不属于本部门")
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog")).to_have_count(0)
    desk.locator(".room-bar [data-action=return]").click()
    expect(desk.get_by_label("退回理由")).to_have_value("不属于本部门")


def test_a_message_that_failed_is_kept_and_sent_once(desk, opened, people):
    people.expect("Failed to load resource")
    desk.route(POST, lambda route: route.abort())
    box = desk.locator(".composer textarea")
    box.fill("已到北园小学")
    box.press("Enter")
    failed = desk.locator(".echo.failed")
    expect(failed).to_contain_text("已到北园小学")
    expect(box).to_have_value("")
    # The tab dies and comes back: the message still waits, under the same key.
    desk.reload()
    expect(failed).to_contain_text("已到北园小学")
    keys = []

    def lose_the_answer(route):
        keys.append(route.request.headers["idempotency-key"])
        route.fetch()
        route.abort()

    desk.unroute(POST)
    desk.route(POST, lose_the_answer)
    with desk.expect_event("requestfailed"):
        failed.get_by_role("button", name="重发").click()
    # It did arrive: the live line says so, though the answer was lost.
    said = desk.locator(".said.mine", has_text="已到北园小学")
    expect(said).to_have_count(1)
    expect(desk.locator(".echo")).to_have_count(0)
    desk.unroute(POST)
    desk.reload()
    expect(said).to_have_count(1)
    expect(desk.locator(".echo")).to_have_count(0)
    assert len(keys) == 1


def test_enter_that_ends_a_chinese_word_does_not_send(desk, opened):
    box = desk.locator(".composer textarea")
    box.fill("正在")
    box.dispatch_event("compositionstart")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(box).to_have_value("正在")
    expect(desk.locator(".said.mine")).to_have_count(0)
    box.press("Enter")
    expect(entry(desk, "正在")).to_be_visible()


def test_a_photo_shows_its_way_up_and_can_be_tried_again(desk, opened, photo, people):
    people.expect("Failed to load resource")
    desk.route(UPLOAD, lambda route: route.abort())
    desk.locator(".composer input[type=file]").set_input_files(photo)
    expect(desk.locator(".photo.failed")).to_be_visible()
    desk.unroute(UPLOAD)
    desk.get_by_role("button", name="重传").click()
    expect(desk.locator(".photo.done")).to_be_visible()
    desk.locator(".composer-send").click()
    thumb = desk.locator(".said.mine .thumb img")
    expect(thumb).to_be_visible()
    thumb.click()
    viewer = desk.locator("dialog.viewer")
    expect(viewer.locator("img")).to_be_visible()
    assert viewer.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    desk.keyboard.press("Escape")
    expect(viewer).not_to_be_visible()
