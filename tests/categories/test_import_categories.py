"""Category trees come from files, as often as one likes."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

import events
from events.categories import find
from events.models import Category

DATA = Path(events.__file__).parent / "data"
pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    """Import CSV text as the scheme `parks`."""

    def write(text, *options, version="1"):
        path = tmp_path / "parks.csv"
        path.write_text(text, encoding="utf-8")
        command = ["import_categories", str(path), "--scheme=parks", f"--version={version}"]
        call_command(*command, *options, verbosity=0)

    return write


def tree():
    """{code: name of its parent} of the scheme `parks`, without what is retired."""
    rows = Category.objects.filter(scheme="parks", active=True)
    return dict(rows.values_list("code", "parent__name"))


def snapshot(scheme):
    """Everything about a scheme's classes."""
    return list(Category.objects.filter(scheme=scheme).order_by("pk").values())


@pytest.mark.parametrize(
    ("scheme", "leaves"), [("event", 98), ("component", 92), ("hotline", 517), ("emergency", 30)]
)
def test_the_lists_that_come_along_are_whole(scheme, leaves):
    classes = Category.objects.filter(scheme=scheme, selectable=True)
    assert classes.count() == leaves
    assert not classes.filter(children__isnull=False).exists()


@pytest.mark.parametrize("scheme", ["event", "component", "hotline", "emergency"])
def test_every_path_is_the_parents_path_and_the_own_code(scheme):
    for category in Category.objects.filter(scheme=scheme).select_related("parent"):
        above = category.parent.path if category.parent else "/"
        assert category.path == f"{above}{category.qualified}/"
        assert category.parent or category.code == "all"


def test_importing_the_same_file_again_changes_nothing():
    before = snapshot("hotline")
    path = DATA / "hotline_categories.csv"
    call_command("import_categories", str(path), "--scheme=hotline", "--version=1", verbosity=0)
    assert snapshot("hotline") == before


def test_a_subtree_is_found_by_its_path():
    security = Category.objects.get(qualified="emergency.security")
    inside = Category.objects.filter(path__startswith=security.path)
    assert "emergency.lost-person" in inside.values_list("qualified", flat=True)
    assert "emergency.fire" not in inside.values_list("qualified", flat=True)


def test_a_report_without_a_category_is_the_unclassified_emergency():
    category = find("")
    assert category.qualified == "emergency.unclassified"
    assert category.attributes == {"unclassified": True}
    assert category.priority == "P2"


def test_a_lost_person_is_most_urgent():
    assert find("emergency.lost-person").priority == "P1"


def test_an_unknown_or_retired_code_is_not_found(load):
    load("code,name,parent\nbench,长椅,\nlamp,路灯,\n")
    load("code,name,parent\nbench,长椅,\n")
    for code in ("parks.lamp", "parks.swing", "bench"):
        with pytest.raises(Category.DoesNotExist):
            find(code)


def test_classes_that_are_gone_are_retired_and_come_back(load):
    load("code,name,parent\nbench,长椅,\nlamp,路灯,\n")
    lamp = Category.objects.get(qualified="parks.lamp").pk
    load("code,name,parent\nbench,长椅,\n")
    assert tree() == {"all": None, "bench": "parks"}
    load("code,name,parent\nlamp,灯,\n")
    assert tree() == {"all": None, "lamp": "parks"}
    assert Category.objects.get(qualified="parks.lamp").pk == lamp


def test_a_renamed_class_keeps_its_row_and_its_code(load):
    load("code,name,parent\nbench,长椅,\n")
    bench = Category.objects.get(qualified="parks.bench")
    load("code,name,parent\nbench,座椅,\n")
    bench.refresh_from_db()
    assert (bench.code, bench.name) == ("bench", "座椅")


def test_a_class_that_moves_takes_its_subtree_along(load):
    load("code,name,parent\na,甲,\nb,乙,\nc,丙,a\nd,丁,c\n")
    load("code,name,parent\na,甲,\nb,乙,\nc,丙,b\n")
    paths = dict(Category.objects.filter(scheme="parks").values_list("code", "path"))
    assert paths["c"] == "/parks.all/parks.b/parks.c/"
    assert paths["d"] == "/parks.all/parks.b/parks.c/parks.d/"


def test_names_without_codes_keep_the_code_they_once_got(load):
    load("level1,level2,level3\n设施,灯,路灯\n设施,椅,长椅\n")
    assert tree() == {
        "all": None,
        "01": "parks",
        "0101": "设施",
        "010101": "灯",
        "0102": "设施",
        "010201": "椅",
    }
    load(
        "level1,level2,level3\n设施,井,井盖\n设施,椅,长椅\n设施,灯,路灯\n", "--upgrade", version="2"
    )
    names = dict(Category.objects.filter(scheme="parks").values_list("code", "name"))
    assert names["010101"] == "路灯"
    assert names["010201"] == "长椅"
    assert names["010301"] == "井盖"


def test_another_version_is_not_taken_by_accident(load):
    load("code,name,parent\nbench,长椅,\n")
    with pytest.raises(CommandError, match="--upgrade"):
        load("code,name,parent\nbench,另一种东西,\n", version="2")
    load("code,name,parent\nbench,另一种东西,\n", "--upgrade", version="2")
    bench = Category.objects.get(qualified="parks.bench")
    assert (bench.version, bench.name) == ("2", "另一种东西")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("code,name,parent\nbench,长椅,\nbench,座椅,\n", "第 3 行.*bench.*第 2 行"),
        ("code,name,parent\nbench,,\n", "第 2 行：缺少代码或名称"),
        ("code,name,parent\n,长椅,\n", "第 2 行：缺少代码或名称"),
        ("code,name,parent\nbench,长椅,seats\n", "第 2 行：上级 seats 不存在"),
        ("code,name,parent\na,甲,b\nb,乙,a\n", "第 2 行：上级 b 不存在，或上下级成环"),
        ("code,name,parent\na.b,甲,\n", "第 2 行：代码 a.b 不可含"),
        ("code,name,parent,priority\na,甲,,P9\n", "第 2 行：优先级 P9"),
        ("code,name,parent,attributes\na,甲,,[1]\n", "第 2 行：attributes"),
        ("major_code,major_name,minor_code,minor_name\n01,灯,,路灯\n", "第 2 行：缺少 major_code"),
        (
            "major_code,major_name,minor_code,minor_name\n01,灯,01,路灯\n01,灯,01,地灯\n",
            "第 3 行：代码 0101 是“地灯”，第 2 行却是“路灯”",
        ),
        ("level1,level2,level3\n设施,,路灯\n", "第 2 行：缺少上级名称"),
        (
            "level1,level2,level3\n设施,灯,路灯\n设施,灯,路灯\n",
            "第 3 行：“设施 / 灯 / 路灯”出现两次",
        ),
        ("what,ever\n1,2\n", "没有可识别的分类"),
        ("", "没有可识别的分类"),
    ],
)
def test_a_wrong_file_names_its_line_and_changes_nothing(load, text, complaint):
    load("code,name,parent\nbench,长椅,\n")
    before = snapshot("parks")
    with pytest.raises(CommandError, match=complaint):
        load(text)
    assert snapshot("parks") == before


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "gb18030.csv"
    path.write_bytes("code,name,parent\na,长椅,\n".encode("gb18030"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_categories", str(path), "--scheme=parks", "--version=1")
    with pytest.raises(CommandError, match="打不开"):
        call_command("import_categories", str(path) + "x", "--scheme=parks", "--version=1")


@pytest.mark.parametrize(("scheme", "version"), [("Parks", "1"), ("a.b", "1"), ("parks", "x" * 21)])
def test_a_scheme_or_version_that_makes_no_code_is_refused(tmp_path, scheme, version):
    path = tmp_path / "parks.csv"
    path.write_text("code,name,parent\na,长椅,\n")
    with pytest.raises(CommandError):
        call_command("import_categories", str(path), f"--scheme={scheme}", f"--version={version}")
