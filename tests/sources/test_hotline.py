"""The hotline: each of its forms gives the event that a person would expect."""

import json

import pytest

from events.models import Event
from integrations.models import InboundMessage
from tests.sources.feed import Feed, sample, told, updates, where

pytestmark = pytest.mark.django_db

SOAP = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/>'
    "<soap:Body>{}</soap:Body></soap:Envelope>"
)


def ticket(**fields):
    """The district's list, one row, with a number of its own."""
    row = json.loads(sample("hotline", "09")) | fields
    return {name: value for name, value in row.items() if value is not None}


def test_a_reported_incident_is_an_event_with_class_place_and_caller(hotline):
    event = hotline.sample("03")
    assert event.category.qualified == "emergency.waterlogging"
    assert event.text == "道路积水\n东风东路辅道积水约20厘米"
    assert event.address == "越秀区东风东路"
    assert (event.external_id, event.source) == ("1000231", "hotline")
    assert (event.reporter_name, event.reporter_phone) == ("网格员A", "13800138000")
    assert event.occurred_at.isoformat() == "2026-06-01T06:32:23+00:00"


def test_the_room_is_those_who_are_responsible_and_nobody_else(hotline, room):
    number = hotline.sample("08").number
    assert room.sees("dispatcher", number)
    assert room.sees("supervisor", number)
    # Offices of another street, and a grid worker of another community, have nothing to do with it.
    assert not room.sees("duty.hongqiao", number)
    assert not room.sees("grid.beiyuan", number)
    assert "13800138000" not in json.dumps(room.event(number), ensure_ascii=False)


@pytest.mark.parametrize(
    "change",
    [
        {"ns2:": "abc:", "xmlns:ns2": "xmlns:abc"},
        {"ns2:": "", "xmlns:ns2": "xmlns"},
        {'<?xml version="1.0" encoding="UTF-8"?>\n': "\ufeff"},
        {'description="': 'unknown="x" description="'},
        {' reportPerson="网格员A" reportMobile="13800138000"': ""},
    ],
    ids=["prefix", "default namespace", "byte order mark", "further field", "no caller"],
)
def test_an_incident_is_known_whatever_its_envelope(hotline, change):
    event = hotline.sample("03", change)
    assert (event.external_id, event.address) == ("1000231", "越秀区东风东路")


def test_an_incident_may_come_in_a_soap_envelope_or_as_text_inside_one(hotline):
    inner = sample("hotline", "03").decode().partition("?>\n")[2]
    assert hotline.send(SOAP.format(inner)).external_id == "1000231"
    escaped = inner.replace("1000231", "1000232").replace("<", "&lt;")
    assert hotline.send(SOAP.format(f"<in0>{escaped}</in0>")).external_id == "1000232"


def test_an_incident_may_come_in_gbk_whatever_it_says_of_itself(hotline):
    text = sample("hotline", "03").decode()
    assert hotline.send(text.encode("gbk")).address == "越秀区东风东路"
    other = text.replace("UTF-8", "GB2312").replace("1000231", "1000232")
    assert hotline.send(other.encode("gbk"), "text/xml").address == "越秀区东风东路"


def test_signs_that_nobody_escaped_are_read_as_text(hotline):
    event = hotline.sample("03", {"积水约20厘米": "水深<20厘米，A&B座之间"})
    assert event.text == "道路积水\n东风东路辅道水深<20厘米，A&B座之间"


def test_feedback_is_told_in_the_event_s_room_once(hotline):
    event = hotline.sample("03")
    hotline.sample("04")
    hotline.send(SOAP.format(sample("hotline", "04").decode().partition("?>\n")[2]))
    assert updates(event) == ["办结：已抽排完毕，道路恢复通行"]
    assert Event.objects.get(pk=event.pk).state == "registered"


def test_feedback_that_overtakes_its_incident_waits_for_it(hotline):
    answer = hotline.post(sample("hotline", "04"))
    assert answer.status_code == 202
    event = hotline.sample("03")
    assert updates(event) == ["办结：已抽排完毕，道路恢复通行"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({'feedbackType="4"': 'feedbackType="1"', "已抽排": "同意退单，已抽排"}, "return_granted"),
        (
            {'feedbackType="4"': 'feedbackType="1"', "已抽排": "不同意退单，请抽排"},
            "return_refused",
        ),
        ({'feedbackType="4"': 'feedbackType="1" result="1"'}, "return_granted"),
        ({'feedbackType="4"': 'feedbackType="1"', "已抽排": "经通过电话联系，已抽排"}, "updated"),
    ],
)
def test_the_hotline_s_answer_to_a_return_is_a_decision_only_when_it_says_so(hotline, change, kind):
    event = hotline.sample("03")
    hotline.sample("04", change)
    assert [name for name, _data in told(event, kind)] == [kind]


def test_a_city_ticket_is_placed_by_street_community_and_point(hotline):
    event = hotline.sample("08")
    assert where(event) == ("六榕街道", "旧南海县社区")
    assert event.category.qualified == "event.0110"
    assert event.address == "越秀区六榕街旧南海县社区惠吉西路46号"
    assert event.text.startswith("门前垃圾未清理\n市民反映门前垃圾堆放三天未清理")
    assert (event.external_id, event.reporter_name) == ("202606010001234", "张**")
    assert told(event, "rated", "updated", "withdrawal_asked") == []


def test_a_district_ticket_is_known_by_both_numbers_and_says_until_when(hotline, room):
    event = hotline.sample("09")
    assert where(event) == ("六榕街道", None)
    assert event.category.qualified == "event.0406"
    assert "诉求人反映某路口占道经营" in event.text
    assert "承诺完成时间：2026-06-08 18:00" in event.text
    assert "来源：12345热线" in event.text
    assert event.external_id == "YX20260601000123"
    again = hotline.send({"工单编号": "GZ12345-20260601-0001234", "是否满意": "不满意"})
    assert again == event
    ((_kind, rated),) = told(event, "rated")
    assert (rated["satisfied"], rated["solved"]) == (False, None)


def test_a_city_s_ticket_and_the_district_s_of_it_are_one_event(hotline):
    event = hotline.sample("08", {"工单编号": "GZ12345-20260601-0001234"})
    assert hotline.sample("09") == event
    assert hotline.sample("08", {"工单编号": "YX20260601000123"}) == event


def test_two_of_the_district_s_tickets_are_two_events_though_the_city_s_is_one(hotline):
    first = hotline.sample("09")
    second = hotline.sample("09", {"办件编号": "YX20260601000124"})
    assert first != second
    assert hotline.sample("09") == first
    city = {"工单编号": "GZ12345-20260601-0001234", "是否满意": "满意"}
    assert hotline.send(city) == first


def test_a_ticket_s_text_places_it_when_no_field_does(hotline):
    event = hotline.send(
        ticket(诉求内容="市民反映小北路180号门口占道经营，希望处理", 办理单位=None)
    )
    assert (event.street.name, event.address) == ("洪桥街道", "小北路180号门口占道经营")
    nowhere = hotline.send(ticket(办件编号="A-2", 市级编号="B-2", 办理单位="区商务局"))
    assert (nowhere.street, nowhere.address) == (None, "地址未提供")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"工单状态": "已结案", "处理结果": "已清理"}, "updated"),
        ({"工单状态": "已撤单"}, "withdrawal_asked"),
        ({"工单状态": "作废"}, "withdrawal_asked"),
        ({"工单状态": "退单通过"}, "return_granted"),
        ({"工单状态": "退单驳回"}, "return_refused"),
        ({"是否满意": "满意", "是否解决": "是"}, "rated"),
    ],
)
def test_what_becomes_of_a_ticket_is_told_in_its_room_once(hotline, fields, kind):
    event = hotline.sample("08")
    for _time in range(2):
        assert hotline.sample("08", fields) == event
    assert [name for name, _data in told(event, kind)] == [kind]
    assert Event.objects.filter(source="hotline").count() == 1


def test_a_ticket_that_is_withdrawn_before_we_had_it_sends_nobody_out(hotline):
    answer = hotline.post(ticket(办件状态="已撤单"))
    assert answer.status_code == 202
    assert "event" not in answer.json()
    assert not Event.objects.filter(source="hotline").exists()


def test_a_class_that_nobody_knows_loses_no_event(hotline):
    event = hotline.sample("08", {"问题分类": "新业态->低空经济->无人机扰民"})
    assert event.category.attributes["unclassified"]
    assert event.text.startswith("无人机扰民：门前垃圾未清理")
    assert event.title.startswith("无人机扰民：门前垃圾")


def test_a_path_of_the_citizens_message_tree_is_a_class_of_ours(hotline):
    event = hotline.sample("08", {"问题分类": "城乡建设->城市建设和市政管理->城管执法"})
    assert event.category.scheme == "hotline"
    assert event.category.name == "城管执法"


def test_several_tickets_may_come_as_a_list_or_in_a_wrapper(hotline):
    rows = [ticket(办件编号=f"N-{n}") for n in range(3)]
    assert len(hotline.post(rows).json()["events"]) == 3
    more = [ticket(办件编号=f"N-{n}", 市级编号=f"M-{n}") for n in range(3, 5)]
    wrapped = {"code": 0, "data": {"total": 2, "rows": json.dumps(more, ensure_ascii=False)}}
    assert len(hotline.post(wrapped).json()["events"]) == 2


def test_a_row_that_cannot_be_read_keeps_no_other_row_out(hotline):
    rows = [ticket(办件编号="N-1"), ticket(办件编号="2.02606E+17"), ticket(办件编号="N-3")]
    answer = hotline.post(rows)
    assert answer.status_code == 422
    assert len(answer.json()["events"]) == 2
    assert "科学计数法" in answer.json()["detail"]


def test_a_ticket_without_a_number_is_one_event_however_often_it_comes(hotline):
    row = ticket(办件编号=None, 市级编号=None)
    assert hotline.send(row) == hotline.send([row])
    assert Event.objects.filter(source="hotline").count() == 1


def test_the_same_number_with_other_words_is_news_in_the_same_room(hotline):
    event = hotline.sample("08")
    assert hotline.sample("08", {"主要内容": "市民再次来电，垃圾已堆到路中间"}) == event
    assert any("再次来电" in text for text in updates(event))


STEPS = {"工单编号": "202606010001234", "流程": json.loads(sample("hotline", "10"))}


def test_a_flow_is_told_step_by_step_and_again_only_what_is_new(hotline):
    event = hotline.sample("08")
    hotline.send({**STEPS, "流程": STEPS["流程"][:2]})
    hotline.send(STEPS)
    hotline.send({"ticket": STEPS["工单编号"], "flow": STEPS["流程"]})
    assert [text.partition("：")[0] for text in updates(event)] == ["受理", "预审", "处置", "回访"]
    assert updates(event)[0] == ("受理：待受理 → 待补充（提交），政府服务热线-受理组-二组：已受理")
    ((_kind, rated),) = told(event, "rated")
    assert rated["satisfied"] is False


def test_a_flow_that_does_not_say_of_which_ticket_is_put_aside_with_the_reason(hotline):
    assert "没有工单编号" in hotline.refused(sample("hotline", "10"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("content_type", ["text/csv", "application/octet-stream"])
def test_a_table_may_come_to_the_door_in_any_encoding(hotline, encoding, content_type):
    text = "工单编号,标题,主要内容,街道,社区\nT-1,占道经营,摊贩,洪桥街道,北园社区\n"
    event = hotline.send(text.encode(encoding), content_type)
    assert (event.external_id, *where(event)) == ("T-1", "洪桥街道", "北园社区")


def test_a_time_that_lies_ahead_loses_no_event(hotline):
    event = hotline.sample("03", {"2026-06-01 14:32:23": "2031-06-01 14:32:23"})
    assert event.occurred_at == event.registered_at
    assert "对方所填时间在未来：2031-06-01 14:32:23" in event.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"not a message",
        b"<a><b></a>",
        b"{}",
        b"[]",
        b"[1, 2]",
        b'{"a": {"b": []}}',
        b"<html><body>502 Bad Gateway</body></html>",
        b"\x00\x01\x02\xff\xfe",
        b"PK\x03\x04nothing",
        b'<!DOCTYPE x [<!ENTITY e "x">]><ReportedIncident incidentName="&e;"/>',
        "工单编号,标题\n".encode(),
    ],
)
def test_what_is_no_message_is_kept_and_put_aside_in_words(hotline, body):
    assert hotline.refused(body)
    message = InboundMessage.objects.get()
    assert (message.state, bytes(message.body)) == ("quarantined", body)
    assert not Event.objects.filter(source="hotline").exists()


def test_another_source_s_words_are_not_the_hotline_s():
    assert "没有认识的内容" in Feed("hotline").refused(sample("command", "11"))
