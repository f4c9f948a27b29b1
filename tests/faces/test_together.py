"""One event, everybody's screens: what one does, the others see without a reload."""

import pytest
from playwright.sync_api import expect

from tests.faces.conftest import entry, row

pytestmark = pytest.mark.browser


def action(page, name):
    return page.locator(f".room-bar [data-action={name}]")


def say(page, text):
    page.locator(".composer textarea").fill(text)
    page.keyboard.press("Enter")


def test_four_people_work_on_one_event_and_the_wall_shows_every_step(
    live_server_process, people, desk_of, wall_of, report_at, photo
):
    server = live_server_process
    duty = desk_of(server, "duty.hongqiao")
    police = desk_of(server, "police.hongqiao")
    committee = desk_of(server, "committee.beiyuan")
    elsewhere = desk_of(server, "duty.beijing")
    wall = wall_of(server)
    desks = [duty, police, committee]
    loads = {page: page.evaluate("() => performance.timeOrigin") for page in [*desks, wall]}

    event = report_at(server)
    number = event["number"]

    # Reported: on the three desks and the wall, pinned because it is P1; not in another street.
    for page in desks:
        expect(page.locator(f".pinned [data-number='{number}']")).to_be_visible()
        expect(page.locator("[data-tab=waiting] b")).to_have_text("1")
    step = wall.locator(f".feed-row:has([data-number='{number}'])")
    expect(step).to_contain_text("待签收")
    expect(wall.locator(".spotlight-card")).to_contain_text(event["title"])
    expect(wall.locator(".ladder-row", has_text="洪桥派出所")).to_be_visible()

    # The desk's officer claims with one click; the police see who.
    row(police, number).click()
    row(committee, number).click()
    row(duty, number).get_by_role("button", name="签收").click()
    expect(duty.locator(".toast")).to_contain_text("已签收")
    expect(entry(police, "李志强")).to_be_visible()
    expect(police.locator(".part", has_text="洪桥街道应急办公室")).to_contain_text("已签收")
    expect(step).to_contain_text("洪桥街道应急办公室 签收")
    expect(wall.locator(".ladder-row", has_text="洪桥街道应急办公室")).to_have_count(0)

    # Messages and a photo.
    police.keyboard.press("c")
    expect(action(police, "arrive")).not_to_have_attribute("aria-disabled", "true")
    say(police, "正在调取解放北路沿线监控")
    for page in desks:
        expect(entry(page, "正在调取解放北路沿线监控")).to_be_visible()
    say(committee, "家长在居委会等候")
    expect(entry(duty, "家长在居委会等候")).to_be_visible()
    duty.locator(".composer input[type=file]").set_input_files(photo)
    expect(duty.locator(".composer .photo.done")).to_be_visible()
    say(duty, "孩子在小北路口找到")
    expect(
        police.locator(".said", has_text="孩子在小北路口找到").locator(".thumb img")
    ).to_be_visible()
    police.keyboard.press("Escape")
    police.keyboard.press("a")
    expect(step).to_contain_text("洪桥派出所 到场")

    # The lead completes; the other screens and the wall follow.
    lead = duty if event["assignments"][0]["department"]["name"].endswith("应急办公室") else police
    action(lead, "complete").click()
    lead.get_by_label("处置结果").fill("孩子已找到，交还家长。")
    lead.keyboard.press("Control+Enter")
    expect(lead.locator("dialog")).to_have_count(0)
    for page in desks:
        expect(page.locator(".room-tags")).to_contain_text("待核查")
    expect(step).to_contain_text("待核查")

    # The supervisor opens it from the wall and verifies; everybody sees it closed.
    with wall.context.expect_page() as opened:
        step.locator("a").click()
    room = opened.value
    action(room, "verify").click()
    room.get_by_text("通过", exact=True).click()
    room.locator("dialog .button.primary").click()
    for page in [*desks, room]:
        expect(page.locator(".room-tags")).to_contain_text("已办结")
    expect(step).to_contain_text("已办结")
    for page in desks:
        expect(page.locator(".step.done")).to_have_count(4)

    # Nobody reloaded, and the other street never heard of it.
    for page, origin in loads.items():
        assert page.evaluate("() => performance.timeOrigin") == origin
    expect(elsewhere.locator("[data-tab=waiting] b")).to_have_text("0")
    expect(row(elsewhere, number)).to_have_count(0)
    elsewhere.goto(f"/events/{number}/")
    expect(elsewhere.get_by_text(event["title"])).to_have_count(0)
    people.expect("404")


def test_nothing_personal_is_on_the_wall(live_server_process, wall_of, desk_of, report_at, act_at):
    server = live_server_process
    wall = wall_of(server)
    event = report_at(server)
    act_at(server, "duty.hongqiao", event["number"], "claim")
    act_at(server, "duty.hongqiao", event["number"], "post", text="家长电话 13800138000")
    step = wall.locator(f".feed-row:has([data-number='{event['number']}'])")
    expect(step).to_contain_text("消息")
    words = wall.locator("body").inner_text()
    for personal in ("李志强", event["reporter"]["name"], "13800138000", event["text"]):
        assert personal not in words


def test_an_event_that_is_transferred_leaves_the_desk_and_closes_the_room(
    live_server_process, desk_of, report_at, act_at
):
    server = live_server_process
    event = report_at(server)
    number = event["number"]
    desk = desk_of(server, "police.hongqiao")
    row(desk, number).click()
    expect(desk.locator(".room h1")).to_have_text(event["title"])
    desk.locator(".composer textarea").fill("写到一半")
    act_at(server, "police.hongqiao", number, "return", reason="不在本辖区")
    expect(desk.get_by_text("不能再查看此事件")).to_be_visible()
    expect(desk.locator(".room-gone textarea")).to_have_value("写到一半")
    desk.mouse.move(700, 500)
    expect(row(desk, number)).to_have_count(0)
