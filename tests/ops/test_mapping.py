"""What a source's words mean here: edited by hand, and by file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integrations import mapping
from integrations.models import Mapping, Source
from tests.ops.conftest import page_of, ticket

pytestmark = pytest.mark.django_db
TABLE = "/ops/sources/hotline/mapping/"


@pytest.fixture
def source():
    """The hotline with two words of its own."""
    source = Source.objects.get(code="hotline")
    source.mappings.all().delete()
    mapping.load(
        source,
        [("category", "路灯不亮", "event.0503"), ("category", "走失*", "emergency.lost-person")],
    )
    return source


def rows(source):
    return set(source.mappings.values_list("table", "theirs", "ours"))


def change(client, row, **fields):
    form = {"table": row.table, "theirs": row.theirs, "ours": row.ours, "was": row.ours}
    return client.post(f"{TABLE}{row.pk}/", form | fields, follow=True)


def test_a_word_is_added_and_means_something_from_then_on(operator, source, arrive):
    fields = {"table": "category", "theirs": "井盖没了", "ours": "component.0123"}
    text = page_of(operator.post(f"{TABLE}add/", fields, follow=True))
    assert "不明井盖" in text
    message = arrive(ticket(问题分类="井盖没了"))
    assert message.event.category.qualified == "component.0123"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"ours": "event.nothing"}, "没有“event.nothing”这个分类"),
        ({"table": "department", "ours": "nobody"}, "没有“nobody”这个部门"),
        ({"table": "priority", "ours": "P9"}, "优先级应为"),
        ({"theirs": "路灯不亮"}, "已经有对照"),
        ({"theirs": "路*灯"}, "只能放在最后"),
        ({"theirs": "长" * 201}, "field-error"),
        ({"table": "strange"}, "mapping"),
    ],
)
def test_a_row_that_could_not_work_is_refused(operator, source, fields, why):
    before = rows(source)
    form = {"table": "category", "theirs": "新词", "ours": "event.0503", **fields}
    assert why in page_of(operator.post(f"{TABLE}add/", form), 422)
    assert rows(source) == before


def test_a_row_is_changed_and_the_page_tells_by_whom(operator, source):
    row = source.mappings.get(theirs="路灯不亮")
    change(operator, row, ours="event.0136")
    row.refresh_from_db()
    change(operator, row, ours="event.0401")
    assert ("category", "路灯不亮", "event.0401") in rows(source)
    text = page_of(operator.get(TABLE))
    assert "路灯不亮 = event.0136 → event.0401" in text
    name = operator.get(TABLE).context["me"]["name"]
    assert text.count(name) >= 3  # the header, the row, the list of changes


def test_a_row_is_deleted_and_the_page_tells_by_whom(operator, source):
    change(operator, source.mappings.get(theirs="路灯不亮"), act="delete")
    assert rows(source) == {("category", "走失*", "emergency.lost-person")}
    assert "路灯不亮 = 已删除" in page_of(operator.get(TABLE))


def test_who_changes_what_somebody_else_has_changed_is_told(operator, visit, source):
    row = source.mappings.get(theirs="路灯不亮")
    change(visit("admin"), row, ours="event.0136")
    for act in ("save", "delete"):
        text = page_of(change(operator, row, ours="event.0401", act=act))
        assert "刚被别人改过" in text
    assert ("category", "路灯不亮", "event.0136") in rows(source)


def test_a_row_of_another_source_is_not_changed_here(operator, source):
    other = Mapping.objects.filter(source__code="command").first()
    change(operator, other, act="delete")
    assert Mapping.objects.filter(pk=other.pk).exists()


def test_the_list_finds_words_and_opens_one_row(operator, source):
    row = source.mappings.get(theirs="路灯不亮")
    answer = operator.get(TABLE, {"q": "路灯", "edit": row.pk})
    assert [found.pk for found in answer.context["page"].rows] == [row.pk]
    assert f'action="{TABLE}{row.pk}/"' in page_of(answer)
    assert 'name="was" value="event.0503"' in page_of(answer)


def test_typing_offers_our_own_words(operator, source):
    text = page_of(operator.get(f"{TABLE}words/", {"table": "category", "ours": "走失"}))
    assert '<option value="emergency.lost-person">' in text
    assert "<option" in page_of(operator.get(f"{TABLE}words/", {"table": "priority"}))
    assert "<option" not in page_of(operator.get(f"{TABLE}words/", {"table": "strange"}))


def test_words_without_a_meaning_are_collected_from_the_latest_messages(operator, source, arrive):
    for number in range(3):
        arrive(ticket(f"2026{number}", 问题分类="天降陨石"))
    arrive(ticket("2026x", 问题分类="路灯不亮"))
    text = page_of(operator.get(f"{TABLE}unmapped/"))
    assert "天降陨石" in text
    assert "3 条消息" in text
    assert "路灯不亮" not in text
    mapping.load(source, [("category", "天降陨石", "event.0503")])
    assert "天降陨石" not in page_of(operator.get(f"{TABLE}unmapped/"))


def test_a_large_table_is_read_page_by_page_at_the_same_cost(
    operator, source, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as few:
        operator.get(TABLE)
    mapping.load(source, [("category", f"词{n:04}", "event.0503") for n in range(250)])
    with django_assert_max_num_queries(20) as many:
        operator.get(TABLE)
    assert len(many) == len(few)
    seen, cursor = [], ""
    while True:
        page = operator.get(TABLE, {"cursor": cursor}).context["page"]
        seen += [row.theirs for row in page.rows]
        if not (cursor := page.next):
            break
    assert len(seen) == len(set(seen)) == 252


def upload(client, content, **fields):
    file = SimpleUploadedFile("表.csv", content)
    return client.post(f"{TABLE}import/", {"file": file, **fields}, follow=True)


def test_a_file_goes_out_and_comes_in_again(operator, source):
    mapping.load(source, [("category", "=1+1", "event.0503"), ("category", "'引", "event.0503")])
    before = rows(source)
    content = operator.get(f"{TABLE}export/").content
    assert content.startswith(b"\xef\xbb\xbftable,theirs,ours")
    assert "'=1+1" in content.decode()
    source.mappings.all().delete()
    assert "新增 4" in page_of(upload(operator, content))
    assert rows(source) == before


def test_a_file_from_a_spreadsheet_with_chinese_headers_comes_in(operator, source):
    content = "对照表,对方的值,我方的值\ncategory,井盖没了,component.0123\n".encode("gb18030")
    text = page_of(upload(operator, content))
    assert "新增 1，修改 0，删除 0，未变 0" in text
    assert ("category", "井盖没了", "component.0123") in rows(source)


def test_a_file_that_replaces_removes_what_it_does_not_have(operator, source):
    content = b"table,theirs,ours\ncategory,x,event.0503\n"
    assert "删除 2" in page_of(upload(operator, content, mode="replace"))
    assert rows(source) == {("category", "x", "event.0503")}
    assert "走失* = 已删除" in page_of(operator.get(TABLE))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("category,好,event.0503\ncategory,坏,event.none", "第 3 行：没有“event.none”这个分类"),
        ("category,好,event.0503\ncategory,好,event.0503", "出现了两次"),
        ("category,,event.0503", "有空的格子"),
        ("strange,a,b", "没有“strange”这张对照表"),
        ("category,a*b,event.0503", "只能放在最后"),
        ("", "没有数据行"),
    ],
)
def test_a_file_with_one_wrong_line_changes_nothing(operator, source, lines, why):
    before = rows(source)
    text = page_of(upload(operator, f"table,theirs,ours\n{lines}".encode()), 422)
    assert why in text
    assert rows(source) == before


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a,b\n1,2\n", "第一行应为"),
        (b"\x00\xff\xfe", "table,theirs,ours"),
        (b"table,theirs,ours\n" + b"category,x,event.0503\n" * 5001, "超过 5000 行"),
        (b"x" * (1024 * 1024 + 1), "超过 1 MB"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(operator, source, content, why):
    assert why in page_of(upload(operator, content), 422)
    assert "请选择一个 CSV 文件" in page_of(operator.post(f"{TABLE}import/"), 422)
