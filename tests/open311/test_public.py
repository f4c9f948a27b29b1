"""What the public may not see, whatever anybody does."""

import pytest

from events.models import Category, Event
from integrations.models import Service
from tests.open311.test_listing import ids, post
from tests.room import sample

pytestmark = pytest.mark.django_db
SECRETS = {
    "first_name": "三丰",
    "last_name": "张",
    "phone": "13800138000",
    "email": "zhang@example.org",
    "device_id": "device-7",
    "account_id": "account-7",
}
WORDS = "我是张三丰，住小北路202号之一3栋502室，电话138 0013 8000，zhang@example.org。"


def shown(app):
    """Everything that a visitor can read, as one text."""
    return "".join(
        app.client.get(f"/open311/v2/requests.{form}").content.decode() for form in ("json", "xml")
    )


def test_neither_who_reported_nor_a_door_is_shown(app, room):
    number = post(app, description=WORDS, address_string="小北路202号之一502室", **SECRETS)
    room.do("cityops.hongqiao", number, "claim")
    room.do("cityops.hongqiao", number, "post", text="张三丰您好，请致电13911112222。", public=True)
    text = shown(app)
    for secret in (*SECRETS.values(), "张三丰", "202号", "502", "0013", "13911112222"):
        if len(secret) > 1:
            assert secret not in text, secret
    (found,) = app.get("requests")
    assert found["address"] == "小北路, 北园社区, 洪桥街道, 越秀区"
    assert found["status_notes"] == "＊＊＊您好，请致电＊＊＊。"
    assert found["description"].startswith("我是＊＊＊，住小北路＊＊＊")


def test_an_answer_to_a_question_is_not_shown(app):
    fields = {"attribute[LAMP_FAULT]": "dark", "attribute[POLE_NUMBER]": "secret-pole"}
    post(app, service_code="component.0137", **fields)
    assert "secret-pole" not in shown(app)


def test_only_public_replies_are_notes(app, room):
    number = post(app)
    room.do("cityops.hongqiao", number, "claim")
    room.do("cityops.hongqiao", number, "post", text="内部：此人常投诉")
    room.do("supervisor", number, "instruct", text="内部批示")
    room.do("cityops.hongqiao", number, "post", text="已安排保洁", public=True)
    room.do("cityops.hongqiao", number, "complete", text="内部办结说明")
    room.do("cityops.hongqiao", number, "post", text="已清除，谢谢", public=True)
    (found,) = app.get(f"requests/{number}")
    assert found["status_notes"] == "已安排保洁\n已清除，谢谢"
    assert "内部" not in shown(app)


def test_a_place_found_by_an_address_is_shown_to_a_hundred_metres(app):
    number = post(app, lat=None, long=None, address_string="中山纪念堂")
    event = Event.objects.get()
    assert (event.lat, event.lon) == (23.1357, 113.25947)
    (found,) = app.get(f"requests/{number}")
    assert (found["lat"], found["long"]) == (23.136, 113.259)


def test_a_place_without_a_point_has_none(app):
    number = post(app, lat=None, long=None, address_string="小北路202号")
    (found,) = app.get(f"requests/{number}")
    assert (found["lat"], found["long"]) == (None, None)
    assert found["address"] == "小北路, 洪桥街道, 越秀区"


def test_words_for_a_place_that_name_no_known_road_are_not_shown(app):
    post(app, address_string="张三丰家门口")
    (found,) = app.get("requests")
    assert found["address"] == "北园社区, 洪桥街道, 越秀区"


def test_events_of_other_doors_are_not_shown(app, room):
    number = room.report("grid.beiyuan", category="event.0201", text="网格员发现")["number"]
    assert app.get("requests") == []
    assert app.ask(f"requests/{number}")[0] == 404
    assert ids(app, service_request_id=number) == ids(app, service_code="event.0201") == []


def test_a_service_may_make_its_class_public_but_not_its_words(app, room):
    number = room.report("grid.beiyuan", category="event.0201", text="网格员发现")["number"]
    other = room.report("grid.beiyuan", category="event.0401", text="另一类")["number"]
    Service.objects.filter(code="event.0201").update(public=True)
    posted = post(app)
    assert ids(app) == ids(app, service_code="event.0201") == [posted, number]
    (found,) = app.get(f"requests/{number}")
    assert (found["service_code"], found["description"]) == ("event.0201", None)
    assert app.ask(f"requests/{other}")[0] == 404
    assert "网格员" not in shown(app)
    Service.objects.filter(code="event.0201").update(active=False)
    assert ids(app) == [posted]


def test_an_emergency_is_never_shown(app, room):
    # By the back door: a row that no form would have taken.
    Service.objects.create(
        code="fire",
        name="火灾",
        category=Category.objects.get(qualified="emergency.fire"),
        public=True,
    )
    room.report("grid.beiyuan", category="emergency.fire")
    assert app.get("requests") == []


def test_what_becomes_an_emergency_is_no_longer_shown(app, room):
    number = post(app)
    assert ids(app) == [number]
    room.do("dispatcher", number, "reclassify", category="emergency.lost-person")
    assert ids(app) == ids(app, service_request_id=number) == []
    assert app.ask(f"requests/{number}")[0] == 404


def test_what_follows_an_emergency_says_nothing_of_it(app, room):
    body = sample(category="emergency.lost-person", text="内部")
    main = room.send("grid.beiyuan", "reports/", body).json()["number"]
    number = post(app)
    room.do("dispatcher", number, "merge", into=main)
    room.do("duty.hongqiao", main, "claim")
    room.do("duty.hongqiao", main, "post", text="孩子已找到", public=True)
    assert "孩子" not in shown(app)


def test_a_class_that_changes_keeps_the_service_that_was_asked_for(app, room):
    number = post(app)
    room.do("dispatcher", number, "reclassify", category="event.0401")
    (found,) = app.get(f"requests/{number}")
    assert (found["service_code"], found["service_name"]) == ("event.0201", "非法小广告")
