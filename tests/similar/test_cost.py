"""What looking for the same costs, however many events there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dispatch import access, similar
from dispatch.likeness import likeness, of_text
from dispatch.models import Assignment
from events import categories, moment, related
from events.models import Category, Event
from tests import BEIYUAN
from tests.api.test_budgets import clone

COVER = "component.0103"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["dispatcher", "duty.hongqiao"])
@pytest.mark.parametrize("path", ["events/{}/similar/", "similar/"])
def test_a_hundred_candidates_cost_no_more_queries_than_one(who, path, room):
    number = room.report()["number"]
    room.report()
    query = {} if "{}" in path else BEIYUAN

    def cost():
        room.get(who, path.format(number), **query)
        with CaptureQueriesContext(connection) as queries:
            found = room.get(who, path.format(number), **query)["results"]
        return len(queries), len(found)

    few, found = cost()
    assert found in (1, 2)
    first = Event.objects.get(number=number)
    rows = Event.objects.bulk_create(
        clone(first, number=f"YX-{index}", tracking_code=f"T{index}", client_id=None)
        for index in range(100)
    )
    parts = list(Assignment.objects.filter(event=first))
    Assignment.objects.bulk_create(clone(part, event=row) for row in rows for part in parts)
    many, more = cost()
    assert more in (5, 20)
    assert many == few <= 11


@pytest.mark.django_db
def test_both_searches_go_by_an_index(room, user):
    scope = access.scope_of(user("dispatcher"))
    subject = similar.Subject(**BEIYUAN, category=categories.find(COVER), at=moment.now())
    with CaptureQueriesContext(connection) as queries:
        similar.find(scope, subject)
    assert len(queries) == 2
    if connection.vendor == "postgresql":
        # It reads a table of a few rows as it likes; with 200,000 it goes by the same indexes.
        return
    with connection.cursor() as cursor:
        plans = [
            str(cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}").fetchall())
            for query in queries
        ]
    assert "event_open" in plans[0]
    assert "event_closed_at" in plans[1]


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    one, other = of_text(one), of_text(other)
    assert -1e-9 <= likeness(one, other) <= 1 + 1e-9
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert not one or likeness(one, one) == pytest.approx(1)


def test_texts_without_a_word_are_not_alike():
    assert likeness(of_text(""), of_text("井盖")) == likeness(of_text("！"), of_text("！")) == 0


@pytest.mark.django_db
def test_every_class_of_a_family_is_there_and_in_no_other():
    named = [code for family in related.families().values() for code in family.classes]
    assert len(named) == len(set(named))
    known = set(Category.objects.filter(active=True).values_list("qualified", flat=True))
    assert set(named) - known == set()
    for family in related.families().values():
        assert 0 < family.radius_m <= 1000
