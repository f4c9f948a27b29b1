"""The city management centre: cases, pictures, the event table, its steps, and tasks."""

import base64
import io
import json
from xml.etree import ElementTree

import pytest
from PIL import Image

from events.models import Event
from integrations.models import InboundMessage, Source
from tests import BEIYUAN
from tests.sources.feed import sample, told, updates, where

pytestmark = pytest.mark.django_db

POINT = {"COORDINATEX": BEIYUAN["lon"], "COORDINATEY": BEIYUAN["lat"]}


def jpeg(size=(64, 48)):
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, "JPEG")
    return out.getvalue()


def picture(number, content, **fields):
    """uploadpic as JSON."""
    item = {"Content": content, "Type": "01", "FileName": "a.jpg"} | fields
    return {"params": {"TaskNum": number, "PictureTypeID": "1"}, "attachment": {"item": item}}


def test_a_case_in_projected_metres_is_placed_by_its_address(cityops):
    event = cityops.sample("01")
    assert where(event) == ("六榕街道", None)
    assert (event.lon, event.reported_lon) == (None, None)
    assert (event.external_id, event.text) == ("13322", "门前堆放垃圾")
    assert event.category.attributes["unclassified"]
    assert event.title == "门前堆放垃圾 · 六榕街道"
    assert (event.reporter_name, event.reporter_phone) == ("网格员A", "13800138000")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("水深<15厘米且>100m&无警示", "水深<15厘米且>100m&无警示"),
        ("广告<b>字样&nbsp;脱落", "广告<b>字样&nbsp;脱落"),
        ("A<B座之间堆放&amp;未清", "A<B座之间堆放&未清"),
        ("<![CDATA[门前<堆放>]]>", "门前<堆放>"),
    ],
)
def test_text_that_nobody_escaped_is_read_as_it_was_meant(cityops, words, text):
    assert cityops.sample("01", {"门前堆放垃圾": words}).text == text


def test_a_case_with_degrees_is_placed_by_them_whichever_comes_first(cityops):
    x, y, lon, lat = "424883.750432", "3669716.964710", str(BEIYUAN["lon"]), str(BEIYUAN["lat"])
    assert where(cityops.sample("01", {x: lon, y: lat})) == ("洪桥街道", "北园社区")
    event = cityops.sample("01", {x: lat, y: lon, "13322": "13323"})
    assert where(event) == ("洪桥街道", "北园社区")
    assert (event.lon, event.lat) == (BEIYUAN["lon"], BEIYUAN["lat"])


def test_pictures_are_a_second_call_that_finds_the_case(cityops, media):
    event = cityops.sample("01")
    assert cityops.send(picture("13322", base64.b64encode(jpeg()).decode())) == event
    (file,) = event.attachments.all()
    assert (file.kind, file.role, file.width) == ("photo", "before", 64)
    # Wrapped lines, no padding, a prefix, a number that was ours.
    text = base64.encodebytes(jpeg((32, 32))).decode().rstrip("=\n")
    assert cityops.send(picture(event.number, f"data:image/jpeg;base64,{text}")) == event
    assert event.attachments.count() == 2


def test_a_sender_that_reads_xml_is_told_the_number_by_which_its_pictures_find_the_case(
    cityops, media
):
    Source.objects.filter(code="cityops").update(options={"receipt": "xml"})
    answer = cityops.post(sample("cityops", "01"))
    told = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
    assert (answer.status_code, told.findtext("code")) == (202, "0")
    cityops.post(picture(told.findtext("TaskNum"), base64.b64encode(jpeg()).decode()))
    assert Event.objects.get(number=told.findtext("TaskNum")).attachments.count() == 1
    refused = cityops.post(b"<request><params/></request>")
    told = ElementTree.fromstring(refused.content)  # noqa: S314 - our own answer
    assert (refused.status_code, told.findtext("code")) == (422, "1")
    assert "没有认识的内容" in told.findtext("message")


def test_a_picture_that_comes_first_waits_for_its_case(cityops, media):
    xml = sample("cityops", "02").decode()
    body = xml.replace("16123000084", "13322").replace(
        "/9j/4AAQSkZJRg==", base64.b64encode(jpeg()).decode()
    )
    answer = cityops.post(body)
    assert (answer.status_code, "event" in answer.json()) == (202, False)
    event = cityops.sample("01")
    assert event.attachments.count() == 1


def test_a_picture_may_come_with_the_case_itself(cityops, media):
    item = f"<item><Content>{base64.b64encode(jpeg()).decode()}</Content></item>"
    body = sample("cityops", "01").decode()
    event = cityops.send(body.replace("</params>", f"</params><attachment>{item}</attachment>"))
    assert (event.external_id, event.attachments.count()) == ("13322", 1)


@pytest.mark.parametrize("content", ["/9j/4AAQSkZJRg==", "not base64 at all!", "aGVsbG8="])
def test_a_broken_picture_is_put_aside_by_itself(cityops, media, content):
    event = cityops.sample("01")
    good = base64.b64encode(jpeg()).decode()
    both = picture("13322", good)
    both["attachment"]["item"] = [{"Content": content, "FileName": "b.jpg"}, {"Content": good}]
    answer = cityops.post(both)
    assert answer.status_code == 422
    assert event.attachments.count() == 1
    assert InboundMessage.objects.filter(state="quarantined").count() == 1


def test_a_row_of_the_event_table_is_placed_by_its_grid(cityops):
    event = cityops.sample("05")
    assert where(event) == ("六榕街道", None)
    assert event.category.qualified == "event.0110"
    assert event.text.startswith("垃圾堆放\n门前堆放垃圾")
    # The point of the sample lies in another street than its grid.
    assert event.lon is None
    assert "来件坐标 113.2596, 23.1417 距六榕街道约 309 米，未采用" in event.text
    assert event.external_id == "0cc175b9c0f1b6a831c399e269772661"
    assert event.occurred_at.isoformat() == "2026-06-01T01:10:00+00:00"


def test_rows_of_the_event_table_may_be_many_and_one_flawed(cityops):
    text = sample("cityops", "05").decode()
    row = text[text.index("<data>") : text.index("</datas>")]
    rows = [row.replace("0cc175", f"{n}c175") for n in range(3)]
    rows.append(row.replace("0cc175b9c0f1b6a831c399e269772661", "9" * 130))
    answer = cityops.post(text.replace(row, "".join(rows)))
    assert answer.status_code == 422
    assert len(answer.json()["events"]) == 3
    assert "编号超过" in answer.json()["detail"]


def test_a_step_of_the_table_is_told_in_the_event_s_room(cityops):
    event = cityops.sample("05")
    assert cityops.sample("06") == event
    assert updates(event) == ["六榕街城管办：已清理"]


def test_a_task_is_placed_by_names_when_its_point_lies_elsewhere(cityops):
    event = cityops.sample("15")
    assert where(event) == ("六榕街道", "旧南海县社区")
    assert event.category.qualified == "event.0110"
    assert event.address == "越秀区六榕街道旧南海县社区惠吉西路46号"
    assert "对方时限：4工作时，2026-06-01 13:20" in event.text
    assert event.external_id == "2026060100084"


def test_a_task_s_point_counts_when_it_agrees_with_the_names(cityops):
    names = {"STREETNAME": "洪桥街道", "STREETCODE": "440104001", "COMMUNITYNAME": "北园社区"}
    event = cityops.sample("15", {**names, **POINT})
    assert where(event) == ("洪桥街道", "北园社区")
    assert (event.lon, event.lat) == (POINT["COORDINATEX"], POINT["COORDINATEY"])


def test_a_task_needs_no_names_when_its_codes_are_known(cityops):
    nameless = {"STREETNAME": None, "COMMUNITYNAME": None, "COORDINATEX": None}
    event = cityops.sample("15", {**nameless, "COMMUNITYCODE": "440104004102"})
    assert where(event) == ("六榕街道", "旧南海县社区")


@pytest.mark.parametrize(
    ("codes", "ours"),
    [
        (("02", "05", "06"), "event.0506"),
        (("事件", "04", "06"), "event.0406"),
        (("01", "01", "02"), "component.0102"),
        (("部件", "01", "11"), "component.0111"),
    ],
)
def test_a_task_s_three_codes_are_one_class(cityops, codes, ours):
    names = ("EVENTTYPE", "MAINTYPE", "SUBTYPE")
    event = cityops.sample("15", dict(zip(names, codes, strict=True)))
    assert event.category.qualified == ours


def test_a_disposal_by_others_is_told_and_a_withdrawal_asked(cityops):
    event = cityops.sample("15")
    cityops.sample("15", {"STATE": "2", "DISPOSEMEMO": "已清运", "DISPOSEDATE": "2026-06-01T11:00"})
    assert updates(event) == ["已处置：已清运"]
    cityops.send({"TASKID": 88213, "TASKNUM": "2026060100084", "STATE": "作废"})
    assert len(told(event, "withdrawal_asked")) == 1


def test_a_table_s_key_is_not_taken_for_a_case_s_number(cityops):
    case = cityops.sample("01")
    task = cityops.sample("15", {"TASKID": 13322})
    assert case != task
    assert Event.objects.filter(source="cityops").count() == 2


def test_a_task_s_pictures_may_be_empty_or_come_along(cityops, media):
    assert cityops.sample("15", {"attachments": ""}).external_id == "2026060100084"
    content = base64.b64encode(jpeg()).decode()
    event = cityops.sample("15", {"TASKNUM": "T-2", "attachment": [{"Content": content}]})
    assert (event.external_id, event.attachments.count()) == ("T-2", 1)


def test_tasks_may_come_as_a_list_in_any_wrapper(cityops):
    row = json.loads(sample("cityops", "15"))
    rows = [row | {"TASKNUM": f"T-{n}", "TASKID": n} for n in range(1, 4)]
    assert len(cityops.post(rows[:2]).json()["events"]) == 2
    assert cityops.send({"code": 200, "msg": "ok", "data": {"list": rows[2:]}}).external_id == "T-3"


def test_a_task_may_come_as_a_form(cityops):
    body = f"data={json.dumps(json.loads(sample('cityops', '15')))}"
    event = cityops.send(body, "application/x-www-form-urlencoded")
    assert event.external_id == "2026060100084"
