"""A table that a person uploads: looked at before it becomes anything, watched, and put right."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events.models import Event
from integrations import batch
from integrations.models import BatchUpload, OperatorAct
from tests.ops.conftest import page_of

pytestmark = pytest.mark.django_db
HEADER = "工单编号,问题分类,主要内容,被反映区,被反映街乡镇,来电人电话,小区点位\n"
ROWS = "B1,暴露垃圾,垃圾堆放,越秀区,洪桥街道,13800138000,小北路202号\n"
ROWS += "B2,占道经营,小贩占道,越秀区,洪桥街道,13800138001,小北路204号\n"


TABLE = (HEADER + ROWS).encode()


def upload(client, content=TABLE, source="hotline", **options):
    file = SimpleUploadedFile("工单.csv", content)
    return client.post("/ops/batches/upload/", {"file": file, "source": source}, **options)


def test_a_table_is_looked_at_confirmed_and_taken_in(operator):
    before = Event.objects.count()
    text = page_of(upload(operator, follow=True))
    for words in ("列的含义", "共 2 行", "暴露生活垃圾", "洪桥街道", "确认导入 2 行"):
        assert words in text
    row = BatchUpload.objects.get()
    assert Event.objects.count() == before
    operator.post(f"/ops/batches/{row.pk}/confirm/")
    text = page_of(operator.get(f"/ops/batches/{row.pk}/"))
    assert 'hx-trigger="every 1s"' in text
    batch.tick()
    text = page_of(operator.get(f"/ops/batches/{row.pk}/"))
    assert "2 / 2" in text
    assert 'hx-trigger="every 1s"' not in text
    assert Event.objects.count() == before + 2
    verbs = OperatorAct.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["uploaded", "confirmed"]


def test_rows_that_are_wrong_come_back_as_a_file(operator, visit):
    content = HEADER + ROWS + "2.02606E+17,暴露垃圾,垃圾,越秀区,洪桥街道,,小北路\n"
    upload(operator, content.encode())
    row = BatchUpload.objects.get()
    operator.post(f"/ops/batches/{row.pk}/confirm/")
    batch.tick()
    text = page_of(operator.get(f"/ops/batches/{row.pk}/"))
    assert "有误的行" in text
    answer = operator.post(f"/ops/batches/{row.pk}/errors/")
    assert answer["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "2.02606E+17" in lines[1]


def test_a_draft_is_given_up_and_its_file_forgotten(operator):
    upload(operator)
    row = BatchUpload.objects.get()
    operator.post(f"/ops/batches/{row.pk}/discard/")
    row.refresh_from_db()
    assert (row.state, bytes(row.body)) == ("discarded", b"")
    text = page_of(operator.post(f"/ops/batches/{row.pk}/confirm/", follow=True))
    assert "状态已变" in text
    assert "没有导入任何一行" in text


@pytest.mark.parametrize(
    ("content", "source", "why"),
    [
        (b"", "hotline", "请选择一个不空的文件"),
        (b"a,b\n1,2\n", "hotline", "没有本来源认识的列"),
        (b"PK\x03\x04broken", "hotline", "notice bad"),
        (b"a,b\n1,2\n", "nobody", "请选择来源"),
        (b"a,b\n1,2\n", "flood", "请选择来源"),
    ],
)
def test_what_is_no_table_is_told_so(operator, content, source, why):
    assert why in page_of(upload(operator, content, source), 422)
    assert not BatchUpload.objects.exists()


def test_rows_are_for_operators_only(operator, visit):
    upload(operator)
    row = BatchUpload.objects.get()
    path = f"/ops/batches/{row.pk}/"
    assert "垃圾堆放" in page_of(operator.get(path))
    assert "垃圾堆放" not in page_of(visit("auditor").get(path))
