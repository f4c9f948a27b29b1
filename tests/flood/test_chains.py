"""Chains of warnings: whatever the order in which they come, the newest counts."""

import itertools
from datetime import timedelta

import pytest

from integrations.models import Warning
from tests.flood.alerts import alert, current, reference
from tests.flood.senders import taken

pytestmark = pytest.mark.django_db
XML = "application/xml"


@pytest.fixture
def chain(moment):
    """Alert A, update B of it, update C of B, cancel D of C; ten minutes apart."""
    start = moment.now() - timedelta(hours=1)
    at = {name: start + timedelta(minutes=10 * n) for n, name in enumerate("ABCD")}
    return {
        "A": alert("A", at=at["A"]),
        "B": alert("B", at=at["B"], kind="Update", refs=reference("A", at["A"])),
        "C": alert("C", at=at["C"], kind="Update", refs=reference("B", at["B"])),
        "D": alert("D", at=at["D"], kind="Cancel", refs=reference("C", at["C"]), info=""),
    }


@pytest.mark.parametrize("order", list(itertools.permutations("ABC")), ids="".join)
def test_of_a_chain_the_newest_is_in_force_in_any_order(chain, order):
    for name in order:
        taken(chain[name], XML)
    assert current() == ["C"]
    assert len(set(Warning.objects.values_list("chain", flat=True))) == 1
    assert not Warning.objects.filter(orphan=True).exists()


@pytest.mark.parametrize("order", ["ABCD", "DCBA", "BDAC", "CADB"])
def test_a_cancel_ends_the_chain_in_any_order(chain, order):
    for name in order:
        taken(chain[name], XML)
    assert current() == []


def test_a_link_that_is_missing_leaves_an_orphan_until_it_comes(chain):
    taken(chain["C"], XML)
    assert Warning.objects.get(identifier="C").orphan
    assert current() == ["C"]
    taken(chain["A"], XML)
    # Nothing says yet that they belong together.
    assert current() == ["A", "C"]
    taken(chain["B"], XML)
    assert current() == ["C"]
    assert not Warning.objects.filter(orphan=True).exists()


def test_an_old_cancel_that_comes_late_does_not_end_a_newer_update(moment):
    start = moment.now() - timedelta(hours=1)
    first = reference("A", start)
    taken(alert("A", at=start), XML)
    taken(alert("C", at=start + timedelta(minutes=20), kind="Update", refs=first), XML)
    taken(alert("B", at=start + timedelta(minutes=10), kind="Cancel", refs=first, info=""), XML)
    assert current() == ["C"]


def test_two_that_name_the_same_missing_message_are_one_chain(moment):
    start = moment.now() - timedelta(hours=1)
    first = reference("A", start)
    taken(alert("B", at=start + timedelta(minutes=10), kind="Update", refs=first), XML)
    taken(alert("C", at=start + timedelta(minutes=20), kind="Cancel", refs=first, info=""), XML)
    assert current() == []


def test_parts_of_one_update_stand_beside_each_other(moment):
    start = moment.now() - timedelta(hours=1)
    later, first = start + timedelta(minutes=10), reference("A", start)
    taken(alert("A", at=start), XML)
    taken(alert("B1", at=later, kind="Update", refs=first), XML)
    taken(alert("B2", at=later, kind="Update", refs=first), XML)
    assert current() == ["B1", "B2"]


def test_an_identifier_that_is_used_again_replaces_itself(moment):
    start = moment.now() - timedelta(hours=1)
    taken(alert("A", at=start + timedelta(minutes=5), severity="Extreme"), XML)
    taken(alert("A", at=start, severity="Minor"), XML)
    assert current() == ["A"]
    assert Warning.objects.get(current=True).severity == "Extreme"


def test_a_bare_identifier_names_a_message_too(chain, moment):
    taken(chain["A"], XML)
    taken(alert("Z", kind="Cancel", refs="A", info=""), XML)
    assert current() == []


def test_another_senders_message_of_the_same_name_is_another_chain(chain, moment):
    taken(chain["A"].replace("gz@example", "sz@example"), XML)
    taken(alert("Z", kind="Cancel", refs=reference("A", moment.now()), info=""), XML)
    assert current() == ["A"]


def test_an_exercise_ends_nothing(chain, moment):
    taken(chain["A"], XML)
    refs = reference("A", moment.now() - timedelta(hours=1))
    taken(alert("T", kind="Cancel", status="Test", refs=refs, info=""), XML)
    assert current() == ["A"]


def test_an_acknowledgement_replaces_nothing(chain, moment):
    taken(chain["A"], XML)
    refs = reference("A", moment.now() - timedelta(hours=1))
    taken(alert("K", kind="Ack", refs=refs, info=""), XML)
    assert current() == ["A"]


def test_the_same_message_again_changes_nothing(chain):
    for name in "ABCDABC":
        taken(chain[name] + " " * len(name), XML)
    taken(f"<alerts>{chain['B']}</alerts>", XML)
    assert Warning.objects.count() == 4
    assert current() == []
