"""A source's settings and keys, and a dry run of what it might send."""

import base64
import hmac
import json
import re

import pytest
from django.test import Client

from events import moment
from events.models import Event
from integrations.models import InboundMessage, Mapping, OperatorAct, Source, SourceSecret
from tests.ops.conftest import page_of, ticket

pytestmark = pytest.mark.django_db
HOTLINE = "/ops/sources/hotline/"


@pytest.fixture
def source():
    source = Source.objects.get(code="hotline")
    source.options = {"answer_url": "https://12345.example/in?token=T0ken", "secret": "S3cret"}
    source.save()
    return source


def form(client, **fields):
    """The fields of the settings' form as the page has them, but for `fields`."""
    answer = client.get(f"{HOTLINE}settings/")
    page_of(answer)
    shown = answer.context["form"]
    values = {name: shown[name].value() for name in shown.fields}
    values["options"] = shown.fields["options"].prepare_value(values["options"])
    values = {name: value for name, value in values.items() if value is not False}
    return {"seen": answer.context["seen"], **values, **fields}


def save(client, **fields):
    return client.post(f"{HOTLINE}settings/save/", form(client, **fields))


def test_the_page_tells_how_the_source_fares(operator, arrive, source):
    arrive(ticket())
    arrive(b"{", delivery_id="m1")
    Source.objects.filter(pk=source.pk).update(refused=3, refused_why="签名不对")
    text = page_of(operator.get(HOTLINE))
    assert "签名不对" in text
    assert "24 小时 2 条" in text
    assert "http://testserver/feeds/hotline/" in text


def test_settings_are_kept_with_who_changed_them(operator, source):
    assert save(operator, per_minute=60, encoding="gb18030").status_code == 302
    source.refresh_from_db()
    assert (source.per_minute, source.encoding) == (60, "gb18030")
    text = page_of(operator.get(f"{HOTLINE}settings/"))
    assert "每分钟上限：1200 → 60" in text
    assert source.history.first().history_user.username == "dispatcher"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("time_zone", "Asia/Nowhere", "没有这个时区"),
        ("time_zone", "../../etc/passwd", "没有这个时区"),
        ("encoding", "base64", "没有这种编码"),
        ("crs", "LOCAL", "field-error"),
        ("max_bytes", "10", "field-error"),
        ("per_minute", "-1", "field-error"),
        ("kind", "nobody", "field-error"),
        ("options", "{'a': 1}", "不是有效的 JSON"),
        ("options", "[]", "应为 JSON 对象"),
        ("options", "[" * 5000, "不是有效的 JSON"),
        ("options", '{"secret": "●●●", "other_key": "●●●●●●"}', "请填写完整的值"),
    ],
)
def test_what_the_inbox_could_not_work_with_is_refused(operator, source, field, value, why):
    before = Source.objects.filter(pk=source.pk).values().get()
    assert why in page_of(save(operator, **{field: value}), 422)
    assert Source.objects.filter(pk=source.pk).values().get() == before


def test_keys_among_the_options_are_hidden_and_kept(operator, source):
    text = page_of(operator.get(f"{HOTLINE}settings/"))
    assert "T0ken" not in text
    assert "S3cret" not in text
    options = json.loads(form(operator)["options"]) | {"page": 50}
    save(operator, options=json.dumps(options, ensure_ascii=False))
    source.refresh_from_db()
    assert source.options == {
        "answer_url": "https://12345.example/in?token=T0ken",
        "secret": "S3cret",
        "page": 50,
    }
    assert OperatorAct.objects.get(verb="options").detail == "page"


def test_who_saves_after_somebody_else_is_told_and_changes_nothing(operator, source):
    stale = form(operator, name="我的")
    save(operator, name="先来的")
    answer = operator.post(f"{HOTLINE}settings/save/", stale)
    assert "刚被别人改过" in page_of(answer, 422)
    source.refresh_from_db()
    assert source.name == "先来的"


def test_what_the_door_counts_is_no_setting(operator, source):
    Source.objects.filter(pk=source.pk).update(refused=7)
    save(operator, name="热线")
    source.refresh_from_db()
    assert source.refused == 7


def sent(secret, body):
    """A delivery signed with `secret`, as the other side would send it."""
    at = str(int(moment.now().timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"m-{secret[-6:]}.{at}.".encode() + body, "sha256")
    return Client().post(
        "/feeds/hotline/",
        body,
        content_type="application/json",
        headers={
            "webhook-id": f"m-{secret[-6:]}",
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        },
    )


def test_a_key_is_shown_once_opens_the_door_and_can_be_ended(operator):
    text = page_of(operator.post(f"{HOTLINE}secrets/"))
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", text)[0]
    assert secret not in page_of(operator.get(f"{HOTLINE}settings/"))
    assert sent(secret, ticket()).status_code == 202
    row = SourceSecret.objects.get(secret=secret)
    expire = f"{HOTLINE}secrets/{row.pk}/"
    operator.post(expire, {"after": "sometime"})
    operator.post(expire, {"after": "1"})
    assert sent(secret, ticket()).status_code == 200
    moment.move(hours=25)
    assert sent(secret, ticket()).status_code == 401
    told = OperatorAct.objects.filter(source__code="hotline").order_by("pk")
    assert list(told.values_list("verb", flat=True)) == ["secret_added", "secret_expired"]
    assert secret not in page_of(operator.get("/ops/acts/"))


def test_a_key_that_has_ended_does_not_come_back(operator):
    row = SourceSecret.objects.get(source__code="hotline")
    operator.post(f"{HOTLINE}secrets/{row.pk}/", {"after": "0"})
    row.refresh_from_db()
    ended = row.expires_at
    answer = operator.post(f"{HOTLINE}secrets/{row.pk}/", {"after": "7"}, follow=True)
    assert "已经停用" in page_of(answer)
    row.refresh_from_db()
    assert row.expires_at == ended


def test_the_key_of_another_source_is_not_ended_here(operator):
    row = SourceSecret.objects.get(source__code="command")
    assert operator.post(f"{HOTLINE}secrets/{row.pk}/", {"after": "0"}).status_code == 404


def test_a_new_source_lets_nobody_in_before_it_is_switched_on(operator):
    fields = {"code": "hotline-2", "name": "第二热线", "kind": "hotline", "scheme": "standard"}
    operator.post("/ops/new-source/", fields)
    assert Source.objects.get(code="hotline-2").active is False
    assert "field-error" in page_of(operator.post("/ops/new-source/", fields), 422)
    fields["code"] = "../x"
    assert "field-error" in page_of(operator.post("/ops/new-source/", fields), 422)


def test_pulling_is_asked_for_at_once(operator, source):
    assert "请先设置拉取间隔" in page_of(operator.post(f"{HOTLINE}pull/", follow=True))
    Source.objects.filter(pk=source.pk).update(pull_every_s=600)
    operator.post(f"{HOTLINE}pull/")
    source.refresh_from_db()
    assert source.pull_next_at <= moment.now()


def attempt(client, text, **fields):
    return page_of(client.post(f"{HOTLINE}try/read/", {"text": text, **fields}))


def test_a_pasted_message_shows_what_it_would_become_and_stores_nothing(operator):
    before = (Event.objects.count(), InboundMessage.objects.count(), Mapping.objects.count())
    text = attempt(operator, ticket().decode())
    for words in ("暴露生活垃圾", "洪桥街道", "派给", "202611250001"):
        assert words in text
    outcome = text[text.index('id="outcome"') :]
    assert "张三" not in outcome
    assert "13800138000" not in outcome
    assert before == (
        Event.objects.count(),
        InboundMessage.objects.count(),
        Mapping.objects.count(),
    )


def test_a_pasted_message_that_cannot_be_read_says_why(operator):
    assert "JSON 不完整" in attempt(operator, ticket().decode()[:-1])
    text = page_of(operator.post(f"{HOTLINE}try/read/", {"text": "zz", "hex": "1"}), 422)
    assert "十六进制内容有误" in text
    assert "请先粘贴" in page_of(operator.post(f"{HOTLINE}try/read/", {"text": " "}), 422)


def test_a_kind_that_fails_is_a_reason_and_no_error_page(operator, monkeypatch):
    def fail(self, source, delivery):
        raise RuntimeError("张三")

    monkeypatch.setattr("integrations.sources.hotline.Hotline.read", fail)
    text = attempt(operator, "{}")
    assert "读不懂" in text
    assert "RuntimeError" not in text
