"""Pages by cursor: nothing twice, nothing left out, whatever is inserted meanwhile."""

import base64
import json
from datetime import timedelta

import pytest

from dispatch.api import desk
from events.models import Event

pytestmark = pytest.mark.django_db


def pages(room, who="supervisor", between=lambda: None, path="events/", **params):
    """All numbers over all pages; `between` is called after each page."""
    page = room.get(who, path, **params)
    numbers = [event["number"] for event in page["results"]]
    while page["next"]:
        between()
        page = room.get(who, path, **params, cursor=page["next"])
        numbers += [event["number"] for event in page["results"]]
    return numbers


@pytest.mark.parametrize("order", ["-registered_at", "registered_at", "priority"])
@pytest.mark.parametrize("path", ["events/", "desk/"])
def test_rows_inserted_meanwhile_neither_double_nor_hide_others(order, path, room, moment):
    first = [room.report(priority=f"P{index % 4 + 1}")["number"] for index in range(11)]
    Event.objects.filter(number__in=first[:6]).update(registered_at=moment.now())

    def more():
        old = Event.objects.get(number=room.report(priority="P2")["number"])
        old.registered_at -= timedelta(hours=1)
        old.save()
        room.report(priority="P1")

    numbers = pages(room, between=more, path=path, order=order, limit=2)
    assert len(numbers) == len(set(numbers))
    assert set(first) <= set(numbers)


def test_events_of_the_same_moment_are_all_shown(room, moment):
    numbers = [room.report()["number"] for _index in range(7)]
    Event.objects.update(registered_at=moment.now())
    for order in ("-registered_at", "registered_at", "priority"):
        assert sorted(pages(room, order=order, limit=3)) == sorted(numbers)


def test_pages_hold_fifty_at_most_a_hundred(room):
    room.report()
    assert room.get("supervisor", "events/", limit=100_000)["next"] is None
    assert len(pages(room, limit=1)) == 1


def test_the_timeline_has_pages_too(room):
    number = room.report()["number"]
    for index in range(7):
        room.do("grid.beiyuan", number, "post", text=str(index))
    seqs, after = [], 0
    while after is not None:
        page = room.get("duty.hongqiao", f"events/{number}/timeline/", after=after, limit=3)
        seqs += [entry["seq"] for entry in page["results"]]
        after = page["next"]
    assert seqs == list(range(1, 12))


def test_the_log_has_pages_too(room, monkeypatch):
    monkeypatch.setattr(desk, "LOG_PAGE", 5)
    numbers = [room.report()["number"] for _index in range(4)]
    offsets, after = [], 0
    while after is not None:
        page = room.get("supervisor", "log/", after=after)
        offsets += [entry["offset"] for entry in page["results"]]
        after = page["next"]
    assert offsets == list(range(1, 4 * len(numbers) + 1))


def test_a_log_of_another_epoch_or_too_old_asks_for_a_reload(room, settings):
    room.report()
    position = room.get("supervisor", "desk/")["position"]
    assert room.get("supervisor", "log/", after=0, epoch=position["epoch"])["recovered"]
    for after, epoch in (
        (0, "00000000-0000-0000-0000-000000000000"),
        (position["offset"] + 1, position["epoch"]),
    ):
        answer = room.get("supervisor", "log/", after=after, epoch=epoch)
        assert (answer["recovered"], answer["results"]) == (False, [])
        assert answer["position"] == position
    settings.TAIL_CATCH_UP = 3
    assert not room.get("supervisor", "log/", after=0)["recovered"]


def cursor(*values):
    """A cursor with those values in it."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "broken",
    [
        "x",
        "!!!!",
        "é",
        "\x00",
        "=",
        cursor(),
        cursor("-registered_at"),
        cursor("-registered_at", "yesterday", 5),
        cursor("-registered_at", "2026-11-21T08:00:00+00:00", "5"),
        cursor("-registered_at", "2026-11-21T08:00:00+00:00", None),
        cursor("-registered_at", "2026-11-21T08:00:00", 5),
        cursor("-registered_at", "0001-01-01T00:00:00+14:00", 5),
        cursor("-registered_at", 5, 5),
        cursor("-registered_at", ["2026"], 5),
        cursor("registered_at", "2026-11-21T08:00:00+00:00", 5),
        cursor("priority", "P1", "2026-11-21T08:00:00+00:00", 5),
        cursor({"a": 1}),
        base64.urlsafe_b64encode(b"[" * 6000).decode(),
        base64.urlsafe_b64encode(b"9" * 6000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
    ids=range(20),
)
def test_a_broken_cursor_is_refused(broken, room):
    room.report()
    answer = room.ask("supervisor", "events/", cursor=broken)
    assert answer.status_code == 422
    assert "cursor" in answer.json()["errors"]


@pytest.mark.parametrize("number", [10**30, -(10**30), 2**63, 0])
def test_a_cursor_far_away_is_an_end_not_an_error(number, room):
    room.report()
    far = cursor("-registered_at", "2200-01-01T00:00:00+00:00", number)
    assert len(room.get("supervisor", "events/", cursor=far)["results"]) == 1
    far = cursor("-registered_at", "2000-01-01T00:00:00+00:00", number)
    assert room.get("supervisor", "events/", cursor=far)["results"] == []
