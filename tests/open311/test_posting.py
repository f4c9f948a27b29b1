"""Posting a service request: what becomes of it, and every way to be refused."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.models import Assignment
from events import moment
from events.models import Event
from integrations.models import ApiKey, InboundMessage, ServiceRequest
from tests import BEIYUAN
from tests.open311.app import App
from tests.room import API

pytestmark = pytest.mark.django_db
# Report 8 more than reports/ does: source, key twice, service and questions twice, link, message.
BUDGET = 45
LAMP = {"service_code": "component.0137", "attribute[LAMP_FAULT]": "dark"}


def nothing_happened():
    """Whether neither an event nor a message is there."""
    return not Event.objects.exists() and not InboundMessage.objects.exists()


def test_a_post_becomes_an_event_with_its_department(app):
    answer = app.post(account_id="a-1")
    event = Event.objects.select_related("category", "community").get()
    assert answer == {
        "service_request_id": event.number,
        "service_notice": "1 个工作日内清除。",
        "account_id": "a-1",
    }
    assert (event.source, event.category.qualified) == ("open311", "event.0201")
    assert (event.text, event.community.name) == ("电线杆上贴满小广告", "北园社区")
    assert (event.lon, event.lat, event.reported_crs) == (BEIYUAN["lon"], BEIYUAN["lat"], "WGS84")
    lead = Assignment.objects.get(event=event, role="lead")
    assert lead.department.code == "440104001-cityops"


def test_a_post_in_xml_is_answered_in_xml(app):
    answer = app.post(form="xml")
    assert answer == {
        "service_request_id": Event.objects.get().number,
        "service_notice": "1 个工作日内清除。",
        "account_id": None,
    }


def test_those_who_may_see_it_see_who_reported_but_no_telephone(app, room):
    number = app.post(first_name="三", last_name="张", phone="13800138000")["service_request_id"]
    event = room.event(number, "supervisor")
    assert event["reporter"] == {"name": "张三", "department": None}
    assert "13800138000" not in str(event) + str(room.entries(number))
    assert Event.objects.get().reporter_phone == "13800138000"
    assert room.sees("cityops.hongqiao", number)
    assert not room.sees("duty.hongqiao", number)
    assert room.client("police.hongqiao").get(f"{API}events/{number}/").status_code == 404


def test_a_foreign_name_keeps_its_order(app):
    assert app.event(first_name="John", last_name="Smith").reporter_name == "John Smith"


def test_what_is_kept_has_everything_but_the_key(app):
    app.post(email="a@example.org", device_id="d-1", phone="13800138000", address_id="x")
    message = InboundMessage.objects.get()
    assert message.state == "done"
    assert message.event == Event.objects.get()
    content = bytes(message.body).decode()
    for kept in ("a@example.org", "d-1", "13800138000", "电线杆上贴满小广告"):
        assert kept in content
    assert app.key not in content


def test_nothing_personal_is_logged(app, caplog):
    caplog.set_level(logging.DEBUG)
    app.post(first_name="三丰", last_name="张", phone="13800138000", email="a@example.org")
    app.refused(400, phone="13800138000x", lat=None)
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for secret in ("13800138000", "张三丰", "a@example.org", app.key):
        assert secret not in logged


def test_an_address_places_it_without_coordinates(app):
    event = app.event(lat=None, long=None, address_string="小北路202号")
    assert (event.address, event.street.name) == ("小北路202号", "洪桥街道")
    assert event.locate_method != "gps"


def test_a_place_outside_the_district_is_an_event_all_the_same(app):
    assert app.event(lat="39.9087", long="116.3975").fallback


def test_an_address_id_is_the_code_of_a_community(app):
    event = app.event(lat=None, long=None, address_id="440104001112")
    assert (event.address, event.community.name) == ("洪桥街道北园社区", "北园社区")


@pytest.mark.parametrize("code", ["440104999", "北园", "1;2", "9" * 60])
def test_an_address_id_that_nobody_knows_is_no_location(app, code):
    (said,) = app.refused(400, lat=None, long=None, address_id=code)
    assert said.startswith("需要位置")
    assert app.event(address_id=code).locate_method == "gps"


def test_answers_reach_the_officers_in_words(app):
    event = app.event(LAMP | {"attribute[POLE_NUMBER]": "XB-0271", "attribute[NOTE]": "ignored"})
    assert event.text == "电线杆上贴满小广告\n路灯有什么问题？：不亮\n灯杆编号：XB-0271"
    request = ServiceRequest.objects.get()
    assert request.answers == {"LAMP_FAULT": ["dark"], "POLE_NUMBER": ["XB-0271"]}
    assert request.service.code == "component.0137"


def test_several_values_come_with_brackets_or_without(app):
    noise = {"service_code": "event.0301"}
    for field in ("attribute[PERIODS][]", "attribute[PERIODS]"):
        event = app.event(noise | {field: ["night", "noon"], "description": field})
        assert event.text == f"{field}\n什么时段？：22:00-06:00、12:00-14:00"


@pytest.mark.parametrize(
    ("service", "answers", "said"),
    [
        ("component.0137", {}, "attribute[LAMP_FAULT]（路灯有什么问题？）：必填。"),
        ("component.0137", {"LAMP_FAULT": ""}, "attribute[LAMP_FAULT]（路灯有什么问题？）：必填。"),
        ("component.0137", {"LAMP_FAULT": "off"}, "可选 dark、flicker、day、damaged"),
        ("component.0137", {"LAMP_FAULT": ["dark", "day"]}, "只能有一个值"),
        ("event.0301", {"PERIODS": ["night", "never"]}, "不在选项中"),
        ("event.0301", {"PERIODS": ["night", "night"]}, "选项重复"),
        ("event.0301", {"PERIODS": "day", "DETAILS": "长" * 4001}, "最长 4000 个字符"),
        ("event.0506", {"DEPTH_CM": "很深"}, "应为数字"),
        ("event.0506", {"DEPTH_CM": "inf"}, "应为数字"),
        ("event.0506", {"DEPTH_CM": "10", "SINCE": "昨天"}, "应为 ISO 8601 时间"),
        ("event.0201", {"COLOUR": "red"}, "没有这个问题"),
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_refused_by_name(app, service, answers, said):
    fields = {f"attribute[{code}]": value for code, value in answers.items()}
    (told,) = app.refused(400, {"service_code": service, **fields})
    assert told.startswith("attribute[")
    assert said in told
    assert nothing_happened()


def test_a_line_break_is_for_long_answers_only(app):
    fields = LAMP | {"attribute[POLE_NUMBER]": "a\nb"}
    assert "不能换行" in app.refused(400, fields)[0]
    fields = {"service_code": "event.0301", "attribute[PERIODS]": "day"}
    assert "a\nb" in app.event(fields | {"attribute[DETAILS]": "a\r\nb"}).text


def test_numbers_and_times_of_answers_are_taken(app):
    fields = {"attribute[DEPTH_CM]": "12.5", "attribute[SINCE]": "2026-11-21T08:30:00+08:00"}
    event = app.event({"service_code": "event.0506", **fields})
    assert "12.5" in event.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"service_code": None}, "缺少 service_code。"),
        ({"lat": None, "long": None}, "需要位置"),
        ({"lat": "", "long": "", "address_string": " "}, "需要位置"),
        ({"long": None}, "lat 和 long 要一起给出。"),
        ({"lat": "north"}, "坐标必须是数字"),
        ({"lat": "nan"}, "不是有效数字"),
        ({"lat": "1e999"}, "不是有效数字"),
        ({"lat": "0", "long": "0"}, "没有定位成功"),
        ({"lat": BEIYUAN["lon"], "long": BEIYUAN["lat"]}, "写反了"),
        ({"lat": "91", "long": "113"}, "超出范围"),
        ({"lat": "2559000.5", "long": "38400000.1"}, "投影坐标"),
        ({"description": "长" * 4001}, "description 太长：最长 4000 个字符。"),
        ({"address_string": "长" * 301}, "address_string 太长"),
        ({"email": "nobody"}, "email 不是邮箱地址。"),
        ({"phone": "call me"}, "phone 不是电话号码。"),
        ({"media_url": "javascript:alert(1)"}, "media_url 不是网址。"),
        ({"media_url": "file:///etc/passwd"}, "media_url 不是网址。"),
    ],
)
def test_a_field_that_cannot_be_is_refused_with_what_to_do(app, fields, said):
    (told,) = app.refused(400, fields)
    assert said in told
    assert nothing_happened()


def test_every_fault_is_told_at_once(app):
    told = app.refused(
        400, {"service_code": "component.0137", "lat": None, "email": "x", "phone": "y"}
    )
    assert len(told) == 4
    assert nothing_happened()


def test_an_empty_field_is_as_good_as_none(app):
    empty = dict.fromkeys(("email", "phone", "media_url", "address_id", "jurisdiction_id"), "")
    event = app.event(description="", **empty)
    assert (event.text, event.title) == ("", "非法小广告 · 北园社区")


def test_the_longest_description_is_taken_whole(app):
    words = "字" * 3999 + "。"
    assert app.event(description=words).text == words


def test_markup_and_control_characters_are_no_harm(app):
    number = app.post(description="<script>alert('x')</script>\x00\x08 & ]]> \u202e末")[
        "service_request_id"
    ]
    said = "<script>alert('x')</script> & ]]> 末"
    assert Event.objects.get(number=number).text == said
    assert app.get(f"requests/{number}")[0]["description"] == said
    assert app.get(f"requests/{number}", "xml")[0]["description"] == said


@pytest.mark.parametrize(
    "key", [None, "", "wrong-key-1", "short", "x" * 500, "钥匙钥匙钥匙", "a b c d e f"]
)
def test_without_a_good_key_nothing_is_taken(key):
    (told,) = App(key).refused(403)
    assert "api_key" in told
    assert nothing_happened()


def test_the_key_is_looked_at_before_anything_is_said_of_the_rest(app):
    assert app.refused(403, {"api_key": "wrong-key-1", "service_code": "nothing", "lat": "x"})


def test_a_key_that_was_switched_off_or_has_expired_is_refused(app):
    off, expired = (ApiKey.issue(name) for name in ("停用", "过期"))
    ApiKey.objects.filter(pk=off[0].pk).update(active=False)
    ApiKey.objects.filter(pk=expired[0].pk).update(expires_at=moment.now())
    for _key, text in (off, expired):
        assert App(text).refused(403) == ["api_key 无效或已停用。"]
    ApiKey.objects.filter(pk=expired[0].pk).update(expires_at=None)
    assert App(expired[1]).event()


def test_a_key_is_kept_as_its_digest_only():
    key, text = ApiKey.issue("应用")
    assert text not in str(key.__dict__)
    assert len(text) >= 32


def test_the_key_may_stand_in_the_address(app):
    body = app.fields(api_key=None)
    answer = app.client.post(f"/open311/v2/requests.json?api_key={app.key}", body)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"api_key": "xianfeng-demo"}', "application/json"),
        (b"<request/>", "text/xml"),
        (b"api_key=xianfeng-demo", "text/plain"),
        (b"api_key=xianfeng-demo", "application/x-www-form-urlencoded; charset=gbk"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=y"),
        (b"--x", "multipart/form-data"),
        (b"--x", "multipart/form-data; boundary=\xff"),
        ("&".join(f"a{n}=1" for n in range(600)).encode(), "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_form_is_refused(app, body, content_type):
    answer = app.client.post("/open311/v2/requests.json", body, content_type=content_type)
    assert answer.status_code in (400, 403)
    assert answer.json()[0]["description"]
    assert nothing_happened()


def test_words_in_another_encoding_are_refused_not_garbled(app):
    body = "api_key=xianfeng-demo&service_code=event.0201&lat=23.14&long=113.26&description=%BE%AE"
    answer = app.client.post(
        "/open311/v2/requests.json", body, content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, answer.json()[0]["description"]) == (400, "文字应为 UTF-8 编码。")


def test_a_body_without_end_is_refused_before_it_is_read(app):
    assert "内容太大" in app.refused(413, description="x" * 300_000)[0]
    assert nothing_happened()


def test_too_many_answers_are_refused(app):
    fields = {f"attribute[A{number}]": "x" for number in range(101)}
    assert app.refused(400, fields) == ["attribute 太多。"]


def test_a_post_costs_so_many_queries(app):
    app.post()
    with CaptureQueriesContext(connection) as queries:
        app.post(description="另一处小广告")
    assert len(queries) <= BUDGET


def test_a_key_that_posts_too_often_waits_and_another_does_not(app):
    _key, text = ApiKey.issue("慢应用", per_minute=2)
    slow = App(text)
    for number in range(2):
        slow.post(description=f"第{number}处")
    status, (error,) = slow.send(description="第三处")
    assert (status, error["code"]) == (429, 429)
    answer = slow.client.post("/open311/v2/requests.json", slow.fields(description="第三处"))
    assert 0 < int(answer["Retry-After"]) <= 60
    assert app.post()
    moment.move(minutes=1)
    assert slow.post(description="第三处")


def test_an_address_that_asks_too_often_or_tries_keys_waits(app, monkeypatch):
    monkeypatch.setattr(
        "integrations.open311.rates.AddressRate.THROTTLE_RATES", {"public": "3/min"}
    )
    assert [app.ask("services")[0] for _time in range(2)] == [200, 200]
    assert App("a wrong key").send()[0] == 403
    assert app.ask("requests")[0] == App("another wrong key").send()[0] == 429
    assert app.send()[0] == 200


def test_nobody_comes_in_by_the_door_of_the_feeds(app):
    body = {"id": "0" * 32, "key": 1, "files": [], "fields": {}, "answers": {}}
    answer = app.client.post("/feeds/open311/", body, content_type="application/json")
    assert answer.status_code == 401
    assert nothing_happened()
