"""The phone page: one tap on the street, kept until it is an event, followed until it is closed."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import BEIYUAN
from tests.browser import PHONE

pytestmark = pytest.mark.browser
REPORTS = "**/api/v1/reports/"
SMALL = {"width": 390, "height": 664}


def events_of(server, words, username="grid.beiyuan"):
    """The person's events with these words in them, as the API tells."""
    with server.client_of(username) as api:
        return api.get("/api/v1/events/", params={"mine": 1, "q": words}).json()["results"]


def act(server, username, number, action, **body):
    with server.client_of(username) as api:
        answer = api.post(f"/api/v1/events/{number}/{action}/", json=body)
    assert answer.ok, answer.text
    return answer.json()


def tap(page, words=""):
    """One tap, with a few words so that the test knows its event again."""
    if words:
        page.fill("#note", words)
    page.get_by_role("button", name="一键上报").click()


def sent(page):
    """The number on the receipt, once there is one."""
    receipt = page.locator(".receipt.sent")
    expect(receipt).to_contain_text("已上报")
    return receipt.get_attribute("data-number")


def row(page, number):
    """The event's row under 我的上报."""
    if page.locator(".tabs").is_visible():
        page.get_by_role("button", name=re.compile("我的上报")).click()
    return page.locator(f".row[data-number='{number}']")


def photo():
    """A small JPEG."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), "#407020").save(buffer, "JPEG")
    return {"name": "scene.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def go_offline(people, page):
    people.expect("ERR_INTERNET_DISCONNECTED", "WebSocket connection", "fetching the script")
    page.context.set_offline(True)


def lose_answers(page, words):
    """Report while answers get lost: the server has the event, the phone does not know it."""
    arrived = []

    def lose(route):
        arrived.append(route.fetch().status)
        route.abort()

    page.route(REPORTS, lose)
    tap(page, words)
    for _attempt in range(300):
        if arrived:
            break
        page.wait_for_timeout(100)
    page.unroute_all(behavior="wait")
    assert set(arrived) <= {200, 201}
    assert arrived
    expect(page.locator("#unsent")).to_have_text("待发 1")


def kept_paths(page):
    """What the service worker keeps, once it keeps the page itself."""
    for _attempt in range(300):
        paths = page.evaluate(
            """async () => {
              if (!navigator.serviceWorker.controller) return [];
              const found = [];
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                found.push(...(await cache.keys()).map((one) => new URL(one.url).pathname));
              }
              return found;
            }"""
        )
        if "/report/" in paths:
            return paths
        page.wait_for_timeout(100)
    pytest.fail("the service worker keeps nothing")
    return []


def test_one_tap_becomes_an_event_at_the_phones_place(phone, server):
    tap(phone, "井盖缺失一")
    number = sent(phone)
    expect(phone.locator(".receipt")).to_contain_text("洪桥街道应急办公室")
    (event,) = events_of(server, "井盖缺失一")
    assert event["number"] == number
    assert event["location"] == pytest.approx(BEIYUAN, abs=1e-6)
    assert event["accuracy_m"] == 12
    assert event["area"]["community"]["name"] == "北园社区"
    expect(row(phone, number)).to_contain_text("待签收")


def test_nothing_needs_to_be_typed(phone, server):
    before = len(events_of(server, ""))
    tap(phone)
    sent(phone)
    assert len(events_of(server, "")) == before + 1


def test_a_class_chosen_by_one_touch_goes_along(phone, server):
    phone.get_by_role("radio", name="走失人员").click()
    tap(phone, "四岁男孩走失")
    sent(phone)
    (event,) = events_of(server, "四岁男孩走失")
    assert event["category"]["code"] == "emergency.lost-person"
    assert event["priority"] == "P1"
    # The next report begins without it.
    expect(phone.get_by_role("radio", name="自动识别")).to_be_checked()


def test_the_place_is_named_before_the_tap(phone):
    expect(phone.locator(".strip")).to_contain_text("洪桥街道 北园社区")
    expect(phone.locator(".strip")).to_contain_text("±12 米")


def test_without_a_position_the_address_is_asked_for_and_sent(people, server):
    page = people(server, "grid.beiyuan", size=PHONE, at=None, path="/report/")
    tap(page, "无定位上报")
    expect(page.locator("#toasts")).to_contain_text("请先填写地址")
    assert events_of(server, "无定位上报") == []
    page.get_by_label("地址", exact=True).fill("小北路 202 号")
    tap(page)
    sent(page)
    (event,) = events_of(server, "无定位上报")
    assert event["address"] == "小北路 202 号"


def test_a_typed_address_goes_beside_the_position_and_does_not_replace_it(phone, server):
    phone.get_by_role("button", name="地址").click()
    phone.get_by_label("地址", exact=True).fill("北园酒家门口")
    tap(phone, "两处都报")
    sent(phone)
    (event,) = events_of(server, "两处都报")
    assert event["address"] == "北园酒家门口"
    assert event["location"] == pytest.approx(BEIYUAN, abs=1e-6)


def test_a_report_made_offline_is_sent_once_when_the_line_is_back(people, phone, server):
    go_offline(people, phone)
    tap(phone, "断网上报")
    expect(phone.locator(".receipt")).to_contain_text("待发送")
    expect(phone.locator("#unsent")).to_have_text("待发 1")
    assert events_of(server, "断网上报") == []
    phone.context.set_offline(False)
    sent(phone)
    expect(phone.locator("#unsent")).to_be_hidden()
    assert len(events_of(server, "断网上报")) == 1


def test_an_unsent_report_survives_a_reload(people, phone, server):
    people.expect("ERR_FAILED", "Failed to fetch")
    phone.route(REPORTS, lambda route: route.abort())
    tap(phone, "重载也在")
    expect(phone.locator("#unsent")).to_have_text("待发 1")
    phone.reload()
    expect(phone.locator("#unsent")).to_have_text("待发 1")
    row_ = phone.locator(".unsent-row")
    phone.get_by_role("button", name=re.compile("我的上报")).click()
    expect(row_).to_contain_text("重载也在")
    expect(row_).to_contain_text("待发送")
    phone.unroute(REPORTS)
    phone.reload()
    expect(phone.locator("#unsent")).to_be_hidden()
    assert len(events_of(server, "重载也在")) == 1


def test_the_page_opens_without_a_network(people, phone, server):
    assert any("idb@" in path for path in kept_paths(phone))
    go_offline(people, phone)
    phone.reload()
    tap(phone, "离线打开")
    expect(phone.locator("#unsent")).to_have_text("待发 1")
    phone.context.set_offline(False)
    expect(phone.locator("#unsent")).to_be_hidden()
    assert len(events_of(server, "离线打开")) == 1


def test_an_answer_that_was_lost_does_not_double_the_event(people, phone, server):
    people.expect("ERR_FAILED", "Failed to fetch")
    lose_answers(phone, "回执丢失")
    phone.evaluate("() => dispatchEvent(new Event('focus'))")
    sent(phone)
    assert len(events_of(server, "回执丢失")) == 1


def test_withdrawing_a_report_whose_answer_was_lost_cancels_its_event(people, phone, server):
    people.expect("ERR_FAILED", "Failed to fetch")
    lose_answers(phone, "丢失后撤回")
    phone.locator(".receipt").get_by_role("button", name="撤回").click()
    phone.get_by_role("dialog").get_by_role("button", name="撤回").click()
    phone.evaluate("() => dispatchEvent(new Event('focus'))")
    expect(phone.locator("#unsent")).to_be_hidden()
    (event,) = events_of(server, "丢失后撤回")
    expect(row(phone, event["number"])).to_contain_text("已撤回")
    assert events_of(server, "丢失后撤回")[0]["state"] == "cancelled"


def test_a_report_that_is_refused_says_why_and_holds_up_no_other(people, phone, server):
    people.expect("422")
    unknown = [{"code": "emergency.dragon", "name": "龙", "priority": "P1", "group": "应急"}]
    # What the page itself keeps of the classes must not come after what is put there now.
    expect(phone.get_by_role("radio", name="走失人员")).to_be_visible()
    phone.route("**/api/v1/categories/", lambda route: route.abort())
    people.expect("ERR_FAILED")
    phone.evaluate(
        """(list) => {
          localStorage.setItem("xianfeng-classes", JSON.stringify(list));
          localStorage.setItem("xianfeng-classes-used", JSON.stringify(["emergency.dragon"]));
        }""",
        unknown,
    )
    phone.reload()
    phone.get_by_role("radio", name="龙").click()
    tap(phone, "无此类别")
    expect(phone.locator(".receipt")).to_contain_text("需修改")
    expect(phone.locator(".receipt")).to_contain_text("没有这个事件分类")
    tap(phone, "后面的照发")
    sent(phone)
    assert len(events_of(server, "后面的照发")) == 1
    expect(phone.locator("#unsent")).to_have_text("待发 1")


def test_states_change_while_one_looks(phone, server):
    tap(phone, "看着签收")
    number = sent(phone)
    line = row(phone, number)
    expect(line).to_contain_text("待签收")
    act(server, "duty.hongqiao", number, "claim")
    expect(line.locator(".row-head")).to_contain_text("已签收")
    act(server, "duty.hongqiao", number, "arrive")
    expect(line.locator(".row-head")).to_contain_text("已到场")


def test_what_happened_while_the_server_was_down_is_caught_up(people, live_server_process):
    people.expect("WebSocket", "ERR_CONNECTION_REFUSED")
    page = people(live_server_process, "grid.beiyuan", size=PHONE, path="/report/")
    tap(page, "断线补齐")
    number = sent(page)
    expect(page.locator("#line")).to_have_attribute("data-state", "live")
    live_server_process.kill9()
    expect(page.locator("#line")).not_to_have_attribute("data-state", "live")
    live_server_process.start()
    act(live_server_process, "duty.hongqiao", number, "claim")
    expect(page.locator("#line")).to_have_attribute("data-state", "live")
    expect(row(page, number).locator(".row-head")).to_contain_text("已签收")


def test_the_reporter_verifies_and_the_event_is_closed(phone, server):
    tap(phone, "请核查")
    number = sent(phone)
    act(server, "duty.hongqiao", number, "claim")
    act(server, "duty.hongqiao", number, "complete", text="井盖已复位")
    line = row(phone, number)
    expect(line).to_contain_text("已处置，请核查")
    line.get_by_role("button", name="通过").click()
    expect(line.locator(".row-head")).to_contain_text("已办结")
    assert events_of(server, "请核查")[0]["state"] == "closed"


def test_work_that_is_not_done_goes_back_with_a_reason(phone, server):
    tap(phone, "返工一次")
    number = sent(phone)
    act(server, "duty.hongqiao", number, "claim")
    act(server, "duty.hongqiao", number, "complete", text="已处理")
    line = row(phone, number)
    line.get_by_role("button", name="返工").click()
    phone.get_by_role("dialog").get_by_role("textbox").fill("井盖还是松的")
    phone.get_by_role("dialog").get_by_role("button", name="返工").click()
    expect(line.locator(".row-head")).to_contain_text("已签收")
    with server.client_of("grid.beiyuan") as api:
        entries = api.get(f"/api/v1/events/{number}/timeline/").json()["results"]
    assert any("井盖还是松的" in entry["summary"] for entry in entries)


def test_a_report_can_be_withdrawn_until_somebody_has_claimed_it(people, phone, server):
    tap(phone, "误报撤回")
    number = sent(phone)
    phone.locator(".receipt").get_by_role("button", name="撤回").click()
    phone.get_by_role("dialog").get_by_role("button", name="撤回").click()
    expect(phone.locator(".receipt")).to_contain_text("已撤回")
    assert events_of(server, "误报撤回")[0]["state"] == "cancelled"

    tap(phone, "已被签收")
    number = sent(phone)
    act(server, "police.hongqiao", number, "claim")
    expect(phone.locator(".receipt").get_by_role("button", name="撤回")).to_be_hidden()


def test_photos_follow_the_report(phone, server):
    phone.set_input_files("#photo", [photo(), photo()])
    expect(phone.locator(".attached-file")).to_have_count(2)
    phone.locator(".attached-drop").first.click()
    expect(phone.locator(".attached-file")).to_have_count(1)
    tap(phone, "带照片")
    number = sent(phone)
    expect(phone.locator("#unsent")).to_be_hidden()
    with server.client_of("grid.beiyuan") as api:
        (attachment,) = api.get(f"/api/v1/events/{number}/").json()["attachments"]
    assert attachment["kind"] == "photo"


def test_the_report_goes_before_its_photo(people, phone, server):
    people.expect("ERR_FAILED")
    phone.route("**/api/v1/attachments/", lambda route: route.abort())
    phone.set_input_files("#photo", photo())
    tap(phone, "照片在后")
    sent(phone)
    expect(phone.locator(".receipt")).to_contain_text("附件待传 1")
    assert len(events_of(server, "照片在后")) == 1
    phone.unroute("**/api/v1/attachments/")
    phone.evaluate("() => dispatchEvent(new Event('focus'))")
    expect(phone.locator("#unsent")).to_be_hidden()
    assert len(events_of(server, "照片在后")[0]["attachments"]) == 1


def test_signing_out_waits_for_what_is_unsent(people, phone, server):
    go_offline(people, phone)
    tap(phone, "没发完")
    expect(phone.locator("#unsent")).to_have_text("待发 1")
    phone.locator("#user-menu summary").click()
    phone.get_by_role("button", name="退出登录").click()
    expect(phone.locator("#toasts")).to_contain_text("还有 1 条未发送")
    expect(phone).to_have_url(re.compile("/report/$"))
    phone.context.set_offline(False)
    expect(phone.locator("#unsent")).to_be_hidden()


def test_a_session_that_ended_keeps_the_report_and_says_so(people, phone, server):
    people.expect("401", "403")
    phone.context.clear_cookies()
    tap(phone, "会话过期")
    expect(phone.get_by_role("alert")).to_contain_text("上报已保存在本机")
    expect(phone.locator("#unsent")).to_have_text("待发 1")


def test_another_person_on_the_same_phone_does_not_send_my_reports(people, phone, server):
    people.expect("401", "403", "ERR_FAILED")
    phone.route(REPORTS, lambda route: route.abort())
    tap(phone, "别人的手机")
    expect(phone.locator("#unsent")).to_have_text("待发 1")
    phone.unroute(REPORTS)
    phone.context.clear_cookies()
    phone.goto("/accounts/login/")
    phone.fill("#username", "dispatcher")
    phone.fill("#password", "xianfeng-demo")
    phone.get_by_role("button", name="登录", exact=True).click()
    phone.wait_for_url(lambda url: "login" not in url)
    phone.goto("/report/")
    expect(phone.locator("#line")).to_have_attribute("data-state", "live")
    expect(phone.locator("#unsent")).to_be_hidden()
    assert events_of(server, "别人的手机", "dispatcher") == []
