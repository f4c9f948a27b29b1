"""Answers to the sources: each in its own form, of the right moment, without anybody's number."""

import json
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from standardwebhooks import Webhook

from integrations import http, outbox
from integrations.models import OutboundMessage, Source
from integrations.outbox.answers import heard
from integrations.outcome import Verdict
from integrations.sources import kind_of
from tests.sources.feed import SECRET

pytestmark = pytest.mark.django_db

URL = "https://hotline.example/answer"
PLACE = {"街道": "洪桥街道", "社区": "北园社区", "小区点位": "小北路180号"}
TICKET = {"工单编号": "T-1", "标题": "占道经营", "主要内容": "摊贩占道", **PLACE}


@pytest.fixture
def listening():
    """Let the sources answer; options are added to."""

    def listen(code, **options):
        source = Source.objects.get(code=code)
        source.options = {"answer_url": URL, **options}
        source.save()
        return source

    return listen


def said(source, event, after=0):
    """What the source is told of each entry of its event, in order."""
    entries = event.timeline.filter(seq__gt=after).select_related("event").order_by("seq")
    found = [kind_of(source).answers(source, heard(entry)) for entry in entries]
    return [content for content in found if content is not None]


class Wire:
    """The other side: keeps what was sent, and answers as told."""

    def __init__(self, status=200, body=b"", error=None):
        self.sent, self.answer, self.error = [], http.Answer(status, {}, body), error

    def fetch(self, url, **what):
        if self.error:
            raise self.error
        self.sent.append(SimpleNamespace(url=url, **{"json": None, "data": None, **what}))
        return self.answer

    def send(self, source, content):
        """The Outcome of sending the content."""
        message = OutboundMessage(key=f"write_back:{content}", source=source, content=content)
        return kind_of(source).send(source, message, self.fetch)


def lead_of(event):
    """The username of the office that leads the event's case."""
    return {"440104001-cityops": "cityops.hongqiao", "440104001-emergency": "duty.hongqiao"}[
        event.assignments.get(current=True, role="lead").department.code
    ]


def test_the_hotline_hears_of_claim_arrival_and_completion(hotline, listening, room):
    source, event = listening("hotline", org_code="DW-1"), hotline.send(TICKET)
    who = lead_of(event)
    room.do(who, event.number, "claim")
    room.do(who, event.number, "arrive")
    room.do(who, event.number, "post", text="内部：请带工具")
    room.do(who, event.number, "post", text="执法队已到场", public=True)
    room.do(who, event.number, "complete", text="已劝离，联系 13912345678 或 020-83331234")
    room.do("supervisor", event.number, "close")
    answers = said(source, event)
    assert [one["feedbackType"] for one in answers] == ["0", "0", "0", "4"]
    assert "已签收" in answers[0]["content"]
    assert answers[2]["content"] == "执法队已到场"
    assert answers[3]["content"] == "已劝离，联系 ＊＊＊ 或 ＊＊＊"
    assert {one["feedbackSourceCode"] for one in answers} == {"T-1"}
    assert (
        answers[3]["feedbackPerson"]
        == event.assignments.get(current=True, role="lead").department.name
    )


def test_the_hotline_s_answer_is_its_own_xml_and_escaped(listening, hotline, room):
    source, event = listening("hotline"), hotline.send(TICKET)
    who = lead_of(event)
    room.do(who, event.number, "claim")
    room.do(who, event.number, "complete", text='清理<3处>&"其他"\n第二行')
    content, wire = said(source, event)[-1], Wire()
    assert wire.send(source, content).verdict == Verdict.SENT
    (request,) = wire.sent
    assert request.url == URL
    root = ElementTree.fromstring(request.data)  # noqa: S314 - what we have just written
    assert root.tag == "{http://www.dscomm.com.cn/ns/soc/dailyIncidentService}ReportedFeedback"
    assert root.get("content") == '清理<3处>&"其他" 第二行'
    assert (root.get("feedbackType"), root.get("feedbackSourceCode")) == ("4", "T-1")


def test_a_return_by_the_lead_is_a_return_to_the_hotline_while_the_clock_runs_on(
    hotline, listening, room
):
    source, event = listening("hotline"), hotline.send(TICKET)
    room.do(lead_of(event), event.number, "return", reason="不属本部门职责")
    (answer,) = said(source, event)
    assert (answer["feedbackType"], answer["content"]) == ("1", "不属本部门职责")
    now = room.event(event.number)
    assert now["state"] == "registered"
    assert any(row["state"] == "live" for row in now["deadlines"])
    hotline.send({"工单编号": "T-1", "工单状态": "退单驳回", "处理结果": "请继续办理"})
    assert room.kinds(event.number)[-1] == "return_refused"
    # What the hotline itself said is not told it again.
    assert len(said(source, event)) == 1


def test_a_support_s_return_is_the_district_s_own_business(hotline, listening, room):
    source, event = listening("hotline"), hotline.send(TICKET)
    room.do(
        "dispatcher",
        event.number,
        "request_support",
        departments=["440104001-police"],
        reason="需要协助",
    )
    room.do("police.hongqiao", event.number, "return", reason="警力不足")
    assert said(source, event) == []


def test_what_is_refused_is_returned_and_what_was_withdrawn_is_only_confirmed(
    hotline, listening, room
):
    source, event = listening("hotline"), hotline.send(TICKET)
    room.do("dispatcher", event.number, "cancel", reason="不在本区")
    assert [one["feedbackType"] for one in said(source, event)] == ["1"]
    other = hotline.send({**TICKET, "工单编号": "T-2"})
    hotline.send({"工单编号": "T-2", "工单状态": "已撤单"})
    room.do("dispatcher", other.number, "cancel", reason="来件撤单")
    assert [one["feedbackType"] for one in said(source, other)] == ["0"]


def test_after_rework_the_new_words_count(hotline, listening, room):
    source, event = listening("hotline"), hotline.send(TICKET)
    who = lead_of(event)
    room.do(who, event.number, "claim")
    room.do(who, event.number, "complete", text="第一次")
    room.do("supervisor", event.number, "verify", passed=False, text="不干净")
    room.do(who, event.number, "complete", text="第二次")
    answers = said(source, event)
    assert [one["feedbackType"] for one in answers] == ["0", "4", "0", "4"]
    assert answers[-1]["content"] == "第二次"


def test_a_merged_ticket_hears_of_its_main_event(hotline, listening, room):
    source = listening("hotline")
    main, other = hotline.send(TICKET), hotline.send({**TICKET, "工单编号": "T-2"})
    room.do("dispatcher", other.number, "merge", into=main.number)
    who = lead_of(main)
    room.do(who, main.number, "claim")
    room.do(who, main.number, "complete", text="一并处理完毕")
    answers = said(source, other)
    assert [one["feedbackType"] for one in answers] == ["0", "0", "4"]
    assert answers[-1]["content"] == "一并处理完毕"
    assert answers[-1]["feedbackSourceCode"] == "T-2"


def test_the_management_centre_gets_its_row_back_filled_in(cityops, listening, room):
    source = listening("cityops")
    names = {"STREETNAME": "洪桥街道", "STREETCODE": "440104001", "COMMUNITYNAME": "北园社区"}
    event = cityops.sample("15", names)
    who = lead_of(event)
    room.do(who, event.number, "claim")
    room.do(who, event.number, "complete", text="已清运 & <复查>")
    progress, done = said(source, event)
    assert (progress["STATE"], done["STATE"]) == ("1", "2")
    assert (done["TASKID"], done["TASKNUM"]) == ("88213", "2026060100084")
    assert done["DISPOSEMEMO"] == "已清运 & <复查>"
    wire = Wire()
    assert wire.send(source, done).verdict == Verdict.SENT
    assert wire.sent[0].json == done
    source.options |= {"answer_form": "xml"}
    wire.send(source, done)
    root = ElementTree.fromstring(wire.sent[1].data)  # noqa: S314 - what we have just written
    assert root.findtext("params/DISPOSEMEMO") == "已清运 & <复查>"


def test_the_command_centre_gets_a_signed_webhook(command, listening, room, moment):
    source = listening("command")
    event = command.send(
        {"id": "CC-1", "text": "占道", "category": "event.0406", "address": "洪桥街道北园社区"}
    )
    room.do(lead_of(event), event.number, "claim")
    (content,) = said(source, event)
    assert content["type"] == "event.progress"
    assert (content["data"]["id"], content["data"]["number"]) == ("CC-1", event.number)
    wire = Wire()
    assert wire.send(source, content).verdict == Verdict.SENT
    (request,) = wire.sent
    assert Webhook(SECRET).verify(request.data, request.headers) == json.loads(request.data)


@pytest.mark.parametrize(
    ("wire", "verdict"),
    [
        (Wire(200, b'{"code": 0, "msg": "ok"}'), Verdict.SENT),
        (Wire(200, b'{"success": false, "message": "no such order"}'), Verdict.FAILED),
        (Wire(200, b"<response><code>500</code><msg>busy</msg></response>"), Verdict.RETRY),
        (Wire(200, b"<html>ok</html>"), Verdict.SENT),
        (Wire(200, b"\xff\xfe"), Verdict.SENT),
        (Wire(503), Verdict.RETRY),
        (Wire(404), Verdict.FAILED),
        (Wire(error=http.Unreachable("down")), Verdict.RETRY),
        (Wire(error=http.NoAnswer("late")), Verdict.UNKNOWN),
        (Wire(error=http.Refused("private")), Verdict.FAILED),
    ],
)
@pytest.mark.parametrize("code", ["hotline", "cityops", "command"])
def test_whatever_the_other_side_does_has_an_outcome(listening, code, wire, verdict):
    assert wire.send(listening(code), {"feedbackType": "0"}).verdict == verdict


def test_the_clock_brings_the_hotline_its_answer_once(hotline, listening, room, monkeypatch):
    wire = Wire()
    monkeypatch.setattr("integrations.outbox.courier.fetch", wire.fetch)
    listening("hotline")
    event = hotline.send(TICKET)
    room.do(lead_of(event), event.number, "claim")
    for _round in range(2):
        outbox.tick()
    (request,) = wire.sent
    assert b'feedbackType="0"' in request.data
    assert OutboundMessage.objects.get(source__code="hotline").state == "sent"


def test_a_source_without_an_address_is_told_nothing(hotline, room):
    event = hotline.send(TICKET)
    room.do(lead_of(event), event.number, "claim")
    assert said(Source.objects.get(code="hotline"), event) == []
