"""The pages in a browser: a message mended, a dead letter sent again, a word's meaning changed."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE
from tests.ops.conftest import ticket

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

# A channel whose other side cannot be reached from here: its address is not allowed.
SETUP = """
from django.contrib.auth.models import User
from integrations import outbox
from integrations.models import Channel, Source
from integrations.processing import deliver
from integrations.sources.kind import Delivery
channel = Channel.objects.create(
    code="city", name="市级推送", kind="webhook",
    options={"url": "http://127.0.0.1:9/in", "secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="},
)
outbox.try_out(channel, User.objects.get(username="dispatcher"))
outbox.tick()
source = Source.objects.get(code="hotline")
for index, body in enumerate(%s):
    deliver(source, Delivery(body.encode(), "application/json"), f"m{index}")
"""


@pytest.fixture(scope="module")
def server(module_server):
    """A server with two broken tickets and a dead letter."""
    whole = [ticket(f"20261125000{n}").decode() for n in (1, 2)]
    script = json.dumps([text[:-1] for text in whole], ensure_ascii=True)
    module_server.manage("shell", "-v0", "-c", SETUP % script)
    return module_server


def no_sideways_scroll(page):
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_broken_message_is_mended_and_becomes_an_event(server, people):
    page = people(server, "dispatcher", path="/ops/")
    expect(page.locator(".ops-nav [href='/ops/quarantine/'] .ops-count")).to_have_text("2")
    page.locator(".ops-nav [href='/ops/quarantine/']").click()
    page.locator("[data-rows] tbody th a").first.click()
    field = page.locator("#text")
    text = field.input_value()
    expect(page.locator(".notice.bad").first).to_contain_text("JSON 不完整")
    field.fill(text + "}")
    page.get_by_role("button", name="试读").click()
    expect(page.locator("#trial")).to_contain_text("暴露生活垃圾")
    expect(field).to_have_value(text + "}")
    page.get_by_role("button", name="保存并重放").click()
    done = page.locator("#flash .notice")
    expect(done).to_contain_text("已处理：YX")
    number = re.search(r"YX\d+-\d+", done.inner_text())[0]
    expect(page.locator(".told")).to_contain_text("修改来件")
    page.get_by_role("link", name=number).click()
    expect(page.locator(".room h1")).to_contain_text("暴露生活垃圾")


def test_a_long_replay_shows_how_far_it_is(server, people):
    page = people(server, "dispatcher", path="/ops/quarantine/")
    page.get_by_role("button", name="全部重放").click()
    expect(page.locator("#replays")).to_contain_text("重放完成")
    expect(page.locator("#replays")).to_contain_text("仍隔离")


def test_a_dead_letter_is_sent_again_and_given_up_after_a_question(server, people):
    page = people(server, "dispatcher", path="/ops/outbox/")
    letter = page.locator("[data-rows] tr", has_text="测试").get_by_role("link")
    letter.click()
    expect(page.locator("h1 .tag").first).to_have_text("失败")
    page.get_by_role("button", name="重发").click()
    expect(page.locator("#flash .notice")).to_contain_text("已排队重发")
    expect(page.locator("h1 .tag").first).to_have_text("待发")
    server.manage("shell", "-v0", "-c", "from integrations import outbox; outbox.tick()")
    page.reload()
    expect(page.locator("h1 .tag").first).to_have_text("失败")
    page.get_by_role("button", name="放弃").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("它不会再发出")
    question.get_by_role("button", name="取消").click()
    expect(question).to_have_count(0)
    page.get_by_role("button", name="放弃").click()
    question.get_by_role("button", name="确定").click()
    expect(page.locator("#flash .notice")).to_contain_text("已放弃")
    expect(letter).to_have_count(0)


def test_a_words_meaning_is_changed_in_its_row(server, people):
    page = people(server, "dispatcher", path="/ops/sources/hotline/mapping/")
    page.locator("#q").fill("井盖缺失")
    row = page.locator(".mapping tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("link", name="修改").click()
    ours = row.locator("input[name=ours]")
    ours.fill("走失")
    expect(page.locator("#ours-words option").first).to_have_attribute("value", re.compile("lost"))
    ours.fill("emergency.lost-person")
    row.get_by_role("button", name="保存").click()
    page.locator("#q").fill("井盖缺失")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("走失人员")
    expect(row).to_contain_text("林晓燕")
    page.reload()
    expect(page.locator(".told")).to_contain_text("emergency.lost-person")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_its_screen(server, people, size):
    page = people(server, "dispatcher", size=size, path="/ops/")
    for path in (
        "",
        "sources/",
        "sources/hotline/",
        "sources/hotline/settings/",
        "sources/hotline/mapping/",
        "sources/hotline/try/",
        "quarantine/",
        "outbox/?state=all",
        "channels/",
        "channels/city/",
        "batches/",
        "acts/",
    ):
        page.goto(f"/ops/{path}")
        expect(page.locator(".ops-nav [aria-current]")).to_be_in_viewport()
        expect(page.locator("h1")).to_be_in_viewport()
        no_sideways_scroll(page)
        if size == PHONE:
            small = page.locator(".ops-main .button:visible").evaluate_all(
                "all => all.filter(one => one.getBoundingClientRect().height < 40).length"
            )
            assert small == 0, path


def test_rows_are_walked_by_keys_and_the_search_is_one_key_away(server, people):
    page = people(server, "dispatcher", path="/ops/outbox/?state=all")
    page.keyboard.press("j")
    expect(page.locator("[data-rows] tbody th a").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#event")).to_be_focused()
    page.keyboard.type("j")
    expect(page.locator("#event")).to_have_value("j")
