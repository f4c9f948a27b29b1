"""What a source's words mean: exact, then the longest beginning; one query for a delivery."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.demo.sources import SOURCES
from integrations.mapping import MappingError, load, read, translate
from integrations.models import Mapping, Source
from integrations.sources import kind_of

HEADER = "table,theirs,ours\n"


@pytest.fixture
def source(source):
    """A source with a few words."""
    rows = "category,01*,event.01\ncategory,0102,event.0102\ncategory,010*,event.010\n"
    load(source, read((HEADER + rows + "priority,紧急,P1\ncategory,*,event.99\n").splitlines()))
    return source


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "word", "ours"),
    [
        ("category", "0102", "event.0102"),
        ("category", "0103", "event.010"),
        ("category", "0199", "event.01"),
        ("category", "7", "event.99"),
        ("category", " 0102 ", "event.0102"),
        ("category", "", ""),
        ("category", None, ""),
        ("priority", "紧急", "P1"),
        ("priority", "紧", ""),
        ("stage", "x", ""),
    ],
)
def test_the_exact_word_then_the_longest_beginning(source, table, word, ours):
    assert translate(source, table, word) == ours


@pytest.mark.django_db
def test_a_delivery_asks_once(source):
    source = Source.objects.get(pk=source.pk)
    with CaptureQueriesContext(connection) as queries:
        for word in ("0102", "0103", "x", "0102"):
            translate(source, "category", word)
    assert len(queries) == 1


@pytest.mark.django_db
def test_a_word_that_is_read_again_takes_the_new_meaning_and_no_other_goes(source):
    load(source, read([*HEADER.splitlines(), "category,0102,event.0199"]))
    assert source.mappings.count() == 5
    assert Mapping.objects.get(source=source, theirs="0102").ours == "event.0199"


def test_a_source_that_is_not_kept_knows_no_words():
    assert translate(Source(code="x"), "category", "0102") == ""


@pytest.mark.parametrize(
    "lines",
    [
        "theirs,ours\nx,y\n",
        "",
        HEADER + "colour,x,y\n",
        HEADER + "category,,y\n",
        HEADER + "category,x,\n",
        HEADER + "category,x\n",
        HEADER + "category,x,y\ncategory,x,z\n",
    ],
)
def test_a_table_that_cannot_be_is_refused_with_the_line(lines):
    with pytest.raises(MappingError):
        read(lines.splitlines())


def test_a_byte_order_mark_and_empty_lines_do_no_harm():
    assert read(["\ufeff" + HEADER, "\n", ",,\n", "stage,x,y\n"]) == [("stage", "x", "y")]


@pytest.mark.django_db
def test_the_demo_has_a_source_of_every_kind_with_a_known_key(monkeypatch):
    monkeypatch.undo()
    for code, name in SOURCES:
        source = Source.objects.get(code=code)
        assert source.name == name
        assert kind_of(source).label
        assert source.secrets.get().secret.startswith("whsec_")
