"""The command centre: emergencies, work orders of the lifelines, and our own form."""

import json

import pytest

from events.models import Event
from geo.coordinates import from_wgs84
from integrations.models import PictureOrder
from tests import BEIYUAN
from tests.sources.feed import sample, told, updates, where

pytestmark = pytest.mark.django_db

OWN = {
    "id": "CC-1",
    "title": "燃气泄漏",
    "text": "商铺内有燃气味",
    "category": "emergency.gas-leak",
    "location": {**BEIYUAN, "crs": "WGS84"},
    "address": "小北路180号",
    "occurred_at": "2026-06-01T09:10:00+08:00",
    "reporter": {"name": "值班员", "phone": "13800138000"},
    "status": "open",
}


def test_an_emergency_is_urgent_and_stands_where_it_says(command, caplog):
    body = sample("command", "07").decode()
    secret = "a password of theirs"
    event = command.send(body.replace("<password></password>", f"<password>{secret}</password>"))
    assert event.category.qualified == "emergency.road-collapse"
    assert event.priority == "P1"
    assert event.text == "道路塌陷\n路面塌陷约2平方米"
    assert where(event) == ("北京街道", "盐运西社区")
    assert (event.external_id, event.address) == ("1000231", "越秀区北京路")
    assert secret not in caplog.text + json.dumps(event.routing_trace) + event.text


def test_an_emergency_may_come_with_its_fields_as_attributes_or_in_json(command):
    fields = {"eventId": "9", "eventTitle": "打架", "eventAddr": "北园社区", "eventContent": "斗殴"}
    attributes = " ".join(f'{name}="{value}"' for name, value in fields.items())
    event = command.send(f"<postEvent><event {attributes}/></postEvent>")
    assert event.category.qualified == "emergency.fight"
    assert command.send({"event": {**fields, "eventId": "10"}}).external_id == "10"


def test_a_work_order_s_pictures_are_fetched_later(command):
    event = command.sample("11")
    assert event.category.qualified == "emergency.pipe-burst"
    assert event.text.startswith("供水管道压力突降，疑似破裂")
    assert "要求完成时间：2026-06-01 10:00" in event.text
    assert event.address == "越秀区东风东路与农林下路口"
    orders = PictureOrder.objects.filter(event=event).order_by("pk")
    assert [order.url[-5:] for order in orders] == ["a.jpg", "b.jpg"]


def test_a_scene_that_nobody_knows_loses_no_work_order(command):
    event = command.sample("11", {"scene": "低空"})
    assert event.category.attributes["unclassified"]
    assert event.text.startswith("低空：供水管道压力突降")


def test_our_own_form_says_all_there_is(command):
    event = command.send(OWN)
    assert where(event) == ("洪桥街道", "北园社区")
    assert (event.category.qualified, event.priority) == ("emergency.gas-leak", "P1")
    assert (event.external_id, event.text) == ("CC-1", "燃气泄漏\n商铺内有燃气味")
    assert (event.reporter_name, event.reporter_phone) == ("值班员", "13800138000")
    assert event.occurred_at.isoformat() == "2026-06-01T01:10:00+00:00"


def test_the_place_may_be_said_in_another_coordinate_system(command):
    lon, lat = from_wgs84(BEIYUAN["lon"], BEIYUAN["lat"], "GCJ02")
    event = command.send({**OWN, "location": {"lon": lon, "lat": lat, "crs": "GCJ02"}})
    assert where(event) == ("洪桥街道", "北园社区")
    assert event.reported_crs == "GCJ02"
    assert abs(event.lon - BEIYUAN["lon"]) < 1e-6


def test_our_own_form_ends_and_withdraws(command):
    event = command.send(OWN)
    command.send({"id": "CC-1", "status": "closed", "result": "已关阀", "updated_at": "2026-06-01"})
    assert updates(event) == ["closed：已关阀"]
    command.send({"id": "CC-1", "status": "cancelled", "reason": "误报"})
    ((_kind, asked),) = told(event, "withdrawal_asked")
    assert asked["reason"] == "误报"
    assert Event.objects.get(pk=event.pk).state == "registered"


def test_a_priority_in_words_is_ours_and_an_unknown_one_the_class_s(command):
    assert command.send({**OWN, "priority": "normal"}).priority == "P3"
    assert command.send({**OWN, "id": "CC-2", "priority": "p2"}).priority == "P2"
    assert command.send({**OWN, "id": "CC-3", "priority": "whatever"}).priority == "P1"


def test_who_may_not_see_an_emergency_of_another_street(command, room):
    number = command.sample("07").number
    assert room.sees("supervisor", number)
    assert not room.sees("supervisor.hongqiao", number)
    assert not room.sees("duty.hongqiao", number)


def test_words_of_markup_stay_words(command, room):
    event = command.send({**OWN, "text": "<script>alert(1)</script>\u202e反写"})
    assert event.text == "燃气泄漏\n<script>alert(1)</script>反写"
