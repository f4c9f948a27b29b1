"""The line: what is shown when it breaks, and that nothing is missing when it is back."""

import pytest
from playwright.sync_api import expect

from tests.faces.conftest import row

pytestmark = pytest.mark.browser


def test_a_broken_line_is_said_and_what_was_missed_is_filled_in(
    live_server_process, desk_of, report_at, people
):
    server = live_server_process
    people.expect("WebSocket connection", "ERR_CONNECTION_REFUSED", "Failed to load resource")
    desk = desk_of(server, "duty.hongqiao")
    first = report_at(server)["number"]
    row(desk, first).click()
    desk.locator(".composer textarea").fill("断线前写的")

    server.stop()
    expect(desk.locator("#line[data-state=live]")).to_have_count(0)
    expect(desk.locator("#desk-stale")).to_contain_text("数据停更", timeout=20_000)
    expect(row(desk, first).locator(".countdown.stale")).to_be_visible()
    expect(row(desk, first)).to_be_visible()
    desk.locator(".composer textarea").fill("断线时继续写")

    server.restart()
    missed = report_at(server)["number"]
    expect(desk.locator("#line[data-state=live]")).to_have_count(1, timeout=30_000)
    expect(row(desk, missed)).to_be_visible()
    expect(desk.locator("#desk-stale")).to_be_hidden()
    expect(row(desk, first).locator(".countdown.stale")).to_have_count(0)
    expect(desk.locator(".composer textarea")).to_have_value("断线时继续写")


def test_offline_marks_everything_as_old(live_server_process, desk_of, report_at):
    server = live_server_process
    desk = desk_of(server, "duty.hongqiao")
    number = report_at(server)["number"]
    expect(row(desk, number)).to_be_visible()
    desk.context.set_offline(True)
    expect(desk.locator("#line")).to_contain_text("离线")
    expect(row(desk, number).locator(".countdown.stale")).to_be_visible()
    desk.context.set_offline(False)
    expect(desk.locator("#line[data-state=live]")).to_have_count(1, timeout=30_000)


def test_a_wall_that_hears_nothing_says_so(live_server_process, wall_of, people):
    server = live_server_process
    people.expect("WebSocket connection", "ERR_CONNECTION_REFUSED", "Failed to load resource")
    wall = wall_of(server)
    server.stop()
    expect(wall.locator(".watchdog")).to_contain_text("数据停更", timeout=40_000)
    server.restart()
    expect(wall.get_by_text("数据停更")).to_have_count(0, timeout=40_000)
