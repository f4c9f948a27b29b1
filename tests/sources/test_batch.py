"""Tables that people upload: looked at, confirmed, taken in by the clock, wrong rows given back."""

import csv
import io
import json
import zipfile
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from dispatch.problem import Conflict
from events.models import Event
from integrations import batch
from integrations.batch import running
from integrations.models import BatchRow, BatchUpload, InboundMessage, Source
from integrations.quarantine import replay
from integrations.reading import sheet
from integrations.sources import Unreadable
from tests.sources.feed import where

pytestmark = pytest.mark.django_db

HEADER = ("序号", "办件编号", "诉求主题", "诉求内容", "事项小类", "街道", "社区", "派发时间")


def rows(count, start=1):
    """Rows under HEADER."""
    return [
        (
            n,
            f"YX{n:04}",
            "占道经营",
            f"第{n}件",
            "占道经营",
            "洪桥街道",
            "北园社区",
            "2026-06-01 10:00",
        )
        for n in range(start, start + count)
    ]


def table(*lines, header=HEADER, encoding="utf-8-sig"):
    """The bytes of a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *lines])
    return out.getvalue().encode(encoding)


def workbook(*lines, title=()):
    """The bytes of an Excel file; `title` are lines above the header."""
    book, out = Workbook(), io.BytesIO()
    for line in [*title, HEADER, *lines]:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def source():
    return Source.objects.get(code="hotline")


@pytest.fixture
def upload(source, user):
    """Hand in a file; the draft."""
    return lambda body, name="六月工单.csv": batch.take(source, name, body, user("dispatcher"))


@pytest.fixture
def taken(upload):
    """Hand in a file, confirm it, and let the clock go on until it is done."""

    def go(body):
        draft = upload(body)
        batch.begin(draft)
        batch.tick(seconds=60)
        draft.refresh_from_db()
        return draft

    return go


def events():
    return Event.objects.filter(source="hotline")


def test_a_preview_says_what_each_column_and_each_row_means_and_stores_nothing(upload):
    draft = upload(table(*rows(30), header=(*HEADER[:-1], "备注一")))
    shown = batch.preview(draft)
    meanings = {column.name: column.meaning for column in shown.columns}
    assert meanings["办件编号"] == "编号"
    assert meanings["诉求内容"] == "内容"
    assert meanings["备注一"] == ""
    assert (shown.total, len(shown.rows), shown.errors) == (30, 20, 0)
    assert (shown.rows[0].line, shown.rows[0].items[0].report.external_id) == (2, "YX0001")
    assert not events().exists()
    assert not InboundMessage.objects.exists()


def test_every_row_is_an_event_and_the_same_file_again_makes_none(taken):
    done = taken(table(*rows(25)))
    assert batch.progress(done) == batch.Progress(25, 25, 0, 0)
    assert done.state == "done"
    assert events().count() == 25
    assert where(events().get(external_id="YX0007")) == ("洪桥街道", "北园社区")
    again = taken(table(*rows(25)))
    assert batch.progress(again) == batch.Progress(25, 0, 25, 0)
    assert events().count() == 25
    # The other format of the same rows is the same rows.
    assert batch.progress(taken(workbook(*rows(25)))).known == 25


def test_a_changed_row_is_news_of_its_event(taken):
    taken(table(*rows(2)))
    changed = list(rows(2)[0])
    changed[3] = "市民再次来电催办"
    assert batch.progress(taken(table(changed))).done == 1
    assert events().count() == 2
    assert events().get(external_id="YX0001").timeline.filter(kind="updated").count() == 1


def test_rows_that_cannot_be_read_come_back_with_the_reason(taken):
    lines = rows(4)
    lines[1] = (2, "2.02606E+17", "占道经营", "被改坏的编号", *lines[1][4:])
    lines[2] = (3, "=1+1|YX", "", "", "", "", "", "")
    done = taken(table(*lines))
    assert batch.progress(done) == batch.Progress(4, 2, 0, 2)
    errors = list(csv.reader(io.StringIO(batch.errors_csv(done).decode("utf-8-sig"))))
    assert errors[0] == ["行号", "原因", *HEADER]
    assert errors[1][0] == "3"
    assert "科学计数法" in errors[1][1]
    # What a spreadsheet would run is given back as text.
    assert errors[2][3] == "'=1+1|YX"
    # Put right, the file of errors is a table like any other.
    errors[1][3] = "YX0002"
    out = io.StringIO()
    csv.writer(out).writerows(errors[:2])
    assert batch.progress(taken(out.getvalue().encode())).done == 1


def test_a_row_that_is_mended_in_the_quarantine_is_no_error_any_more(taken, source, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("dispatch.placing.place", lambda *_args: 1 / 0)
        done = taken(table(*rows(1)))
    assert batch.progress(done).failed == 1
    (row,) = batch.errors(done)
    replay(row.message)
    assert batch.progress(done) == batch.Progress(1, 1, 0, 0)
    assert events().count() == 1


def test_a_batch_goes_on_where_a_crash_left_it(upload, monkeypatch, moment):
    draft = upload(table(*rows(5)))
    batch.begin(draft)
    real, calls = running.deliver, []

    def dying(*args, **kwargs):
        answer = real(*args, **kwargs)
        calls.append(answer)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(running, "deliver", dying)
    with pytest.raises(KeyboardInterrupt):
        batch.advance(draft)
    batch.tick(seconds=60)
    # The third row's message was kept when the process died: nothing is done twice.
    assert events().count() == 5
    assert batch.progress(draft).finished == 5


def test_one_clock_at_a_time_works_on_a_batch(upload, moment):
    draft = upload(table(*rows(3)))
    batch.begin(draft)
    BatchUpload.objects.filter(pk=draft.pk).update(busy_until=moment.now() + running.LEASE)
    assert batch.advance(draft) == 0
    moment.move(minutes=2)
    assert batch.advance(draft, 2) == 2
    assert batch.progress(draft).finished == 2


def test_only_a_draft_is_begun_or_given_up(upload):
    draft = upload(table(*rows(1)))
    batch.begin(draft)
    for act in (batch.begin, batch.discard):
        with pytest.raises(Conflict):
            act(draft)
    other = upload(table(*rows(1)))
    batch.discard(other)
    other.refresh_from_db()
    assert bytes(other.body) == b""
    batch.tick()
    assert other.rows.count() == 0


def test_what_is_done_keeps_no_second_copy_of_what_citizens_said(taken):
    done = taken(table(*rows(2)))
    assert bytes(done.body) == b""
    assert set(BatchRow.objects.values_list("state", flat=True)) == {"done"}
    assert all(row.cells == [] for row in done.rows.all())


def test_a_workbook_s_header_may_stand_below_a_title(taken):
    lines = [[*row[:7], datetime.fromisoformat(row[7])] for row in rows(2)]
    done = taken(workbook(*lines, title=[["六月工单"], ["导出时间", "2026-06-01"], []]))
    assert batch.progress(done).done == 2
    assert events().first().occurred_at.isoformat() == "2026-06-01T02:00:00+00:00"


def test_numbers_of_spreadsheets_stay_numbers(taken):
    header = ("工单编号", "标题", "主要内容", "地址")
    body = table(('="000123"', "占道", "内容", "小北路180号"), header=header, encoding="gbk")
    taken(body)
    assert events().get().external_id == "000123"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "无法识别格式"),
        (b"\xd0\xcf\x11\xe0old", ".xls"),
        (b"PK\x03\x04broken", "损坏"),
        (table(header=HEADER), "没有数据"),
        (table(("a", "b"), header=("甲", "乙")), "没有本来源认识的列"),
        (b"\x00\x01\x02\x03", "无法识别格式"),
    ],
)
def test_what_is_no_table_of_the_source_is_refused_at_once(upload, body, words):
    with pytest.raises(Unreadable, match=words):
        upload(body)
    assert not BatchUpload.objects.exists()


def test_a_workbook_that_unpacks_without_end_is_not_opened(upload):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * (sheet.MAX_UNPACKED + 1))
    with pytest.raises(Unreadable, match="过大"):
        upload(out.getvalue())


def test_entities_in_a_workbook_are_not_resolved(upload):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(*rows(1)))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                data = (
                    doctype + data.partition(b"?>")[2]
                    if data.startswith(b"<?xml")
                    else (doctype + data)
                )
            new.writestr(part, data)
    with pytest.raises(Unreadable, match="损坏"):
        upload(out.getvalue())


def test_too_many_rows_are_refused_before_any_is_taken(upload, monkeypatch):
    monkeypatch.setattr(sheet, "MAX_ROWS", 5)
    with pytest.raises(Unreadable, match="超过 5 行"):
        upload(table(*rows(6)))


def test_a_step_of_a_batch_costs_the_same_however_long_the_table(upload):
    draft = upload(table(*rows(40)))
    batch.begin(draft)
    batch.advance(draft, 1)
    counts = []
    for _step in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            batch.advance(draft, 5)
        counts.append(len(queries) // 5)
    assert counts[0] == counts[1] <= 32


def test_rows_of_other_sources_may_come_as_tables_too(user):
    source = Source.objects.get(code="cityops")
    header = ("TASKNUM", "EVENTDESCRIPTION", "STREETNAME", "EVENTTYPE", "MAINTYPE", "SUBTYPE")
    body = table(("T-1", "暴露垃圾", "洪桥街道", "02", "01", "10"), header=header)
    draft = batch.take(source, "任务.csv", body, user("dispatcher"))
    batch.begin(draft)
    batch.tick(seconds=60)
    event = Event.objects.get(source="cityops")
    assert (event.external_id, event.category.qualified) == ("T-1", "event.0110")
    assert {"hotline", "cityops", "command"} <= set(batch.source_kinds())
    assert json.loads(bytes(InboundMessage.objects.get().body))["TASKNUM"] == "T-1"
