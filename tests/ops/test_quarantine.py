"""A message that nobody could read: seen, mended, replayed, discarded."""

import pytest
from django.urls import reverse

from events.models import Event
from integrations.models import InboundMessage, OperatorAct
from integrations.pages import handling, keyset
from tests.ops.conftest import page_of, ticket

pytestmark = pytest.mark.django_db


def at(name, message):
    return reverse(f"ops:{name}", args=[message.receipt])


def mending(message, text, **fields):
    return {"text": text, "encoding": "utf-8", "edition": message.edition, **fields}


def verbs(message):
    return list(message.acts.order_by("pk").values_list("verb", flat=True))


def test_the_list_says_what_is_wrong_with_each_source(operator, broken):
    text = page_of(operator.get("/ops/quarantine/"))
    assert "12345 热线" in text
    assert broken.reason in text
    assert at("message", broken) in text


def test_a_filter_shows_what_it_says(operator, broken, arrive):
    other = arrive(b"<a", code="command", content_type="text/xml")
    text = page_of(operator.get("/ops/quarantine/?source=command"))
    assert at("message", other) in text
    assert at("message", broken) not in text
    text = page_of(operator.get("/ops/quarantine/", {"reason": broken.reason}))
    assert at("message", broken) in text
    assert at("message", other) not in text


def test_mending_makes_the_event_and_keeps_what_came(operator, broken, user):
    answer = operator.post(at("mend", broken), mending(broken, ticket().decode()), follow=True)
    after = InboundMessage.objects.get(pk=broken.pk)
    assert after.state == "done"
    assert f"已处理：{after.event.number}" in page_of(answer)
    assert bytes(after.body) == bytes(broken.body)
    assert after.mended_by == user("dispatcher")
    assert verbs(broken) == ["mended", "replayed", "read"]


def test_a_second_replay_makes_no_second_event(operator, broken):
    operator.post(at("mend", broken), mending(broken, ticket().decode()))
    events = Event.objects.count()
    answer = operator.post(at("replay", broken), follow=True)
    assert "不在隔离区" in page_of(answer)
    assert Event.objects.count() == events


def test_a_replay_that_fails_again_says_why(operator, broken):
    answer = operator.post(at("replay", broken), follow=True)
    assert "仍在隔离区：JSON" in page_of(answer)


def test_who_mends_an_older_edition_is_told_and_loses_no_word(operator, visit, broken):
    visit("admin").post(at("mend", broken), mending(broken, ticket()[:-1].decode()))
    answer = operator.post(at("mend", broken), mending(broken, "我改的内容"))
    text = page_of(answer, 422)
    assert "刚被别人改过" in text
    assert "我改的内容" in text
    assert InboundMessage.objects.get(pk=broken.pk).content == ticket()[:-1]


def test_a_mended_message_stays_in_its_encoding(operator, arrive):
    message = arrive(ticket().decode().encode("gb18030")[:-2])
    fields = mending(message, ticket().decode(), encoding="gb18030")
    operator.post(at("mend", message), fields)
    after = InboundMessage.objects.get(pk=message.pk)
    assert after.content == ticket().decode().encode("gb18030")
    assert after.state == "done"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": "表情 😀", "encoding": "big5"}, "无法用所选编码保存"),
        ({"text": "7e 7", "encoding": "hex"}, "十六进制内容有误"),
        ({"text": "", "encoding": "utf-8"}, "消息是空的"),
        ({"text": "x", "encoding": "rot13"}, "请选择编码"),
        ({"text": "x" * 5000, "encoding": "utf-8"}, "超过这个来源的单条上限"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(operator, broken, fields, why):
    broken.source.max_bytes = 4000
    broken.source.save()
    answer = operator.post(at("mend", broken), {"edition": broken.edition, **fields})
    assert why in page_of(answer, 422)
    after = InboundMessage.objects.get(pk=broken.pk)
    assert (after.mended, after.edition) == (None, 0)


def test_a_trial_of_the_mended_text_keeps_nothing(operator, broken):
    events = Event.objects.count()
    answer = operator.post(at("try-message", broken), mending(broken, ticket().decode()))
    text = page_of(answer)
    assert "试读结果（没有保存）" in text
    assert "暴露生活垃圾" in text
    assert "洪桥街道" in text
    assert Event.objects.count() == events
    assert InboundMessage.objects.get(pk=broken.pk).mended is None


def test_the_page_says_what_a_replay_would_give_now(operator, arrive):
    message = arrive(ticket(工单编号="2.02606E+17"))
    assert message.state == "quarantined"
    text = page_of(operator.get(at("message", message)))
    assert "现在重放仍会进隔离区" in text


def test_all_of_a_source_are_replayed_step_by_step(operator, arrive, monkeypatch):
    monkeypatch.setattr(handling, "STEP_S", 0)
    monkeypatch.setattr(handling, "FEW", 2)
    messages = [arrive(ticket(f"20261125{n:04}")[:-2], delivery_id=f"m{n}") for n in range(5)]
    for message in messages[:3]:
        # Mended by somebody, and not replayed yet.
        InboundMessage.objects.filter(pk=message.pk).update(
            mended=ticket(f"20261125{messages.index(message):04}"), edition=1
        )
    url = reverse("ops:replay-all", args=["hotline"])
    answer = operator.post(url, headers={"HX-Request": "true"})
    assert "2 / 5" in page_of(answer)
    assert 'hx-trigger="load' in page_of(answer)
    assert b"<html" not in answer.content
    run = {"after": messages[1].pk, "total": 5, "done": 2, "kept": 0}
    answer = operator.post(url, run, headers={"HX-Request": "true"})
    assert "处理 3 条，仍隔离 1 条" in page_of(answer)
    run = {"after": messages[4].pk, "total": 5, "done": 3, "kept": 2}
    text = page_of(operator.post(url, run))
    assert "重放完成" in text
    assert 'hx-trigger="load' not in text
    assert Event.objects.filter(source="hotline").count() == 3
    details = OperatorAct.objects.filter(verb="replayed_all").values_list("detail", flat=True)
    assert list(details.order_by("pk")) == ["开始，共 5 条", "完成，处理 3 条，仍隔离 2 条"]


def test_a_message_is_discarded_for_a_reason_and_kept(operator, broken):
    operator.post(at("discard", broken), {"reason": "  "})
    assert InboundMessage.objects.get(pk=broken.pk).state == "quarantined"
    operator.post(at("discard", broken), {"reason": "对方的测试"})
    after = InboundMessage.objects.get(pk=broken.pk)
    assert after.state == "discarded"
    assert bytes(after.body) == bytes(broken.body)
    assert at("message", broken) not in page_of(operator.get("/ops/quarantine/"))
    assert "对方的测试" in page_of(operator.get("/ops/quarantine/?state=discarded"))
    assert "对方的测试" in page_of(operator.get("/ops/acts/?verb=discarded"))


@pytest.mark.parametrize("encoding", ["", "gb18030", "utf-16", "hex"])
def test_what_came_is_text_and_never_runs(operator, arrive, encoding):
    attack = b"<script>alert(1)</script><img src=x onerror=alert(2)>"
    headers = {"x-evil": "<script>alert(3)</script>"}
    message = arrive(attack, content_type="text/html", **headers)
    text = page_of(operator.get(at("message", message), {"encoding": encoding}))
    for tag in ("<script>alert", "<img src=x"):
        assert tag not in text
    assert "&lt;script&gt;alert(3)" in text


def test_a_download_is_a_file_and_nothing_that_a_browser_shows(operator, arrive):
    message = arrive(b"<script>alert(1)</script>", content_type="text/html")
    answer = operator.post(at("original", message))
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_keys_among_the_headers_are_hidden(operator, arrive):
    message = arrive(b"{", **{"x-access-token": "T0ken", "user-agent": "bridge/2"})
    text = page_of(operator.get(at("message", message)))
    assert "T0ken" not in text
    assert "bridge/2" in text


def test_only_operators_read_what_citizens_said_and_it_is_written_down(
    operator, visit, broken, moment
):
    text = page_of(visit("auditor").get(at("message", broken)))
    assert "13800138000" not in text
    assert "张三" not in text
    assert broken.reason in text
    for _look in range(2):
        assert "13800138000" in page_of(operator.get(at("message", broken)))
    assert verbs(broken) == ["read"]
    moment.move(minutes=61)
    operator.get(at("message", broken))
    assert verbs(broken) == ["read", "read"]


def test_a_page_of_many_costs_no_more_than_a_page_of_few(
    operator, arrive, django_assert_max_num_queries
):
    for number in range(3):
        arrive(b"{", delivery_id=f"m{number}")
    for path in ("quarantine/", "", "sources/", "sources/hotline/"):
        operator.get(f"/ops/{path}")
        with django_assert_max_num_queries(20) as few:
            operator.get(f"/ops/{path}")
        for number in range(10):
            arrive(b"{", delivery_id=f"{path}{number}")
        with django_assert_max_num_queries(20) as many:
            operator.get(f"/ops/{path}")
        assert len(many) == len(few), path


def test_pages_follow_one_another_without_a_gap(operator, arrive, monkeypatch):
    monkeypatch.setattr(keyset, "PAGE", 4)
    messages = [arrive(b"{", delivery_id=f"m{number}") for number in range(10)]
    # Some came in the same moment.
    same = [message.pk for message in messages[2:8]]
    InboundMessage.objects.filter(pk__in=same).update(received_at=messages[2].received_at)
    seen, path = [], "/ops/quarantine/"
    while path:
        answer = operator.get(path)
        page = answer.context["page"]
        seen += [row.pk for row in page.rows]
        path = f"/ops/quarantine/?cursor={page.next.replace('+', '%2B')}" if page.next else None
    assert seen == [message.pk for message in reversed(messages)]
