"""Which limit holds for which class, and where limits come from."""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

import events
from dispatch.limits import Limit, limits_for
from dispatch.models import Holiday, LimitRule
from events.models import Category

CLASSES = Path(events.__file__).parent / "data" / "event_categories.csv"
pytestmark = pytest.mark.django_db


def limits(code, priority="P3"):
    """{stage: text} for the class with that code."""
    chosen = limits_for(Category.objects.get(qualified=code), priority)
    return {stage: limit.text for stage, limit in chosen.items()}


@pytest.fixture
def write(tmp_path):
    """Write a CSV file, returns its path."""

    def to_file(text):
        path = tmp_path / "limits.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return to_file


@pytest.mark.parametrize("code", ["lost-person", "fire", "unclassified", "waterlogging"])
def test_an_emergency_is_answered_in_two_minutes_and_handled_in_twenty(code):
    assert limits(f"emergency.{code}") == {
        "respond": "2 分钟",
        "handle": "20 分钟",
        "verify": "30 分钟",
    }


def test_every_class_has_a_limit_for_every_stage(django_assert_num_queries):
    for category in Category.objects.filter(selectable=True):
        with django_assert_num_queries(1):
            assert set(limits_for(category, category.priority)) == {"respond", "handle", "verify"}


def test_of_several_rows_of_a_class_the_first_is_the_default():
    with CLASSES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rule_no"] == "1"]
    assert len(rows) == 98
    for row in rows:
        category = Category.objects.get(qualified=f"event.{row['major_code']}{row['minor_code']}")
        limit = limits_for(category, "P3")["handle"]
        assert (limit.value, limit.limit_type) == (float(row["limit_value"]), row["limit_type"])
    assert (
        LimitRule.objects.filter(category__scheme="event", condition__startswith="立案").count()
        == 144
    )


def test_the_nearest_class_on_the_way_up_decides(write):
    call_command(
        "import_limits",
        write(
            "category,stage,condition,closing,value,limit_type,default\n"
            "emergency.security,respond,,,5,urgent_minute,1\n"
            "emergency.lost-person,respond,,,1,urgent_minute,1\n"
        ),
        verbosity=0,
    )
    assert limits("emergency.lost-person")["respond"] == "1 分钟"
    assert limits("emergency.fight")["respond"] == "5 分钟"
    assert limits("emergency.fire")["respond"] == "2 分钟"


def test_a_row_for_the_priority_goes_before_the_default_row():
    assert limits("hotline.010203", "P3")["handle"] == "5 个工作日"
    assert limits("hotline.010203", "P1")["handle"] == "20 分钟"


def test_a_limit_tells_its_value_its_type_and_its_text():
    lamp = Category.objects.get(qualified="event.0110")
    assert limits_for(lamp, "P3")["handle"] == Limit(4, "work_hour", "4 工作小时")


def test_importing_limits_twice_keeps_the_rows(write):
    before = list(LimitRule.objects.order_by("pk").values())
    call_command("import_limits", str(CLASSES), "--scheme=event", verbosity=0)
    assert list(LimitRule.objects.order_by("pk").values()) == before


def test_a_file_replaces_the_rows_of_the_classes_and_stages_it_names(write):
    call_command(
        "import_limits",
        write(
            "category,stage,condition,closing,value,limit_type,default\n"
            "event.0101,handle,占用消防通道,恢复畅通,4,urgent_hour,1\n"
        ),
        verbosity=0,
    )
    rules = LimitRule.objects.filter(category__qualified="event.0101")
    assert [(rule.condition, rule.closing, rule.value) for rule in rules] == [
        ("占用消防通道", "恢复畅通", 4)
    ]
    assert LimitRule.objects.filter(category__qualified="event.0102", stage="handle").exists()


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("event.9999,handle,,,1,work_day,1", "第 2 行：没有分类 event.9999"),
        ("event.0101,sleep,,,1,work_day,1", "第 2 行：stage 是“sleep”"),
        ("event.0101,handle,,,1,lunar_day,1", "第 2 行：limit_type 是“lunar_day”"),
        ("event.0101,handle,,,-1,work_day,1", "第 2 行：value 应为正数"),
        ("event.0101,handle,,,nan,work_day,1", "第 2 行：value 应为正数"),
        ("event.0101,handle,,,1,work_day,1\nevent.0101,handle,,,2,work_day,0", "第 3 行.*出现两次"),
    ],
)
def test_wrong_limits_name_their_line_and_change_nothing(write, row, complaint):
    before = list(LimitRule.objects.order_by("pk").values())
    path = write(f"category,stage,condition,closing,value,limit_type,default\n{row}\n")
    with pytest.raises(CommandError, match=complaint):
        call_command("import_limits", path)
    assert list(LimitRule.objects.order_by("pk").values()) == before


def test_class_codes_without_a_scheme_are_refused_and_so_is_an_empty_file(write):
    with pytest.raises(CommandError, match="--scheme"):
        call_command("import_limits", str(CLASSES))
    for command in ("import_limits", "import_holidays"):
        with pytest.raises(CommandError, match="一行也没有"):
            call_command(command, write("date,type,name\n"))


def test_next_years_notice_is_imported_over_what_is_there(write):
    path = write("date,type,name\n2027-01-01,holiday,元旦\n2026-10-10,holiday,改为放假\n")
    call_command("import_holidays", path, verbosity=0)
    assert not Holiday.objects.get(day="2027-01-01").working
    assert not Holiday.objects.get(day="2026-10-10").working
    assert Holiday.objects.count() == 49


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("2027-13-01,holiday,元旦", "第 2 行：date"),
        ("2027-01-01,party,元旦", "第 2 行：type"),
        ("2027-01-01,holiday,元旦\n2027-01-01,workday,元旦", "第 3 行：2027-01-01 出现两次"),
    ],
)
def test_a_wrong_notice_names_its_line(write, row, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("import_holidays", write(f"date,type,name\n{row}\n"))
    assert Holiday.objects.count() == 48
