"""Two people claim the same event: one wins, the other is told who and when."""

import re

import pytest
from playwright.sync_api import expect

from tests.faces.conftest import row

pytestmark = pytest.mark.browser

WINNER = re.compile(r"李志强（洪桥街道应急办公室）已于 \d\d:\d\d:\d\d 签收")
CLAIM = re.compile(r"/api/v1/events/[^/]+/claim/$")


@pytest.fixture
def rivals(module_server, desk_of, colleague):
    """Two desks of one department."""
    try:
        second = colleague(module_server)
    except AssertionError:
        second = "duty2.hongqiao"  # made by an earlier test of this module
    return desk_of(module_server, "duty.hongqiao"), desk_of(module_server, second)


def claim_button(page, number):
    return row(page, number).get_by_role("button", name="签收")


def test_the_second_officer_is_told_who_was_first(module_server, rivals, report_at, people):
    people.expect("409")
    first, second = rivals
    number = report_at(module_server)["number"]
    # Both have clicked before either has heard of the other.
    held = []
    second.route(CLAIM, lambda route: held.append(route))
    claim_button(second, number).click()
    expect(row(second, number)).to_contain_text("签收中…")
    claim_button(first, number).click()
    expect(first.locator(".toast")).to_contain_text("已签收")
    held[0].continue_()
    second.unroute(CLAIM)

    amber = second.locator(".notice.lost")
    expect(amber).to_contain_text(
        re.compile(r"李志强（洪桥街道应急办公室）已于 \d\d:\d\d:\d\d 签收")
    )
    expect(second.locator(".room-tags")).to_contain_text("已签收")
    expect(second.locator(".toast")).to_have_count(0)
    # It stays until it is dismissed, also while another event is looked at.
    other = report_at(module_server)["number"]
    row(second, other).click()
    expect(amber).to_have_count(0)
    row(second, number).click()
    expect(amber).to_be_visible()
    amber.get_by_role("button", name="知道了").click()
    expect(amber).to_have_count(0)
    expect(first.locator(".notice.lost")).to_have_count(0)


def test_a_claim_that_the_network_lost_is_taken_back_and_can_be_repeated(
    module_server, rivals, report_at, people
):
    people.expect("Failed to load resource")
    desk, _second = rivals
    number = report_at(module_server)["number"]
    desk.route(CLAIM, lambda route: route.abort())
    claim_button(desk, number).click()
    toast = desk.locator(".toast.bad")
    expect(toast).to_contain_text("未签收成功（网络）")
    expect(row(desk, number)).to_contain_text("待签收")
    desk.unroute(CLAIM)
    toast.get_by_role("button", name="重试").click()
    expect(desk.locator(".room-tags")).to_contain_text("已签收")


def test_an_action_that_is_not_possible_says_why(module_server, rivals, report_at):
    desk, _second = rivals
    number = report_at(module_server)["number"]
    row(desk, number).click()
    arrive = desk.locator(".room-bar [data-action=arrive]")
    expect(arrive).to_have_attribute("aria-disabled", "true")
    arrive.click(force=True)
    expect(desk.locator(".toast")).to_contain_text("请先签收")
