"""The same report many times at once, and many reports at once."""

import pytest

from events.models import Event, Log
from tests.room import at_once, sample

pytestmark = pytest.mark.usefixtures("committed")


def test_twenty_identical_reports_at_once_are_one_event(room):
    body = sample()
    room.client("grid.beiyuan")
    answers = at_once([lambda: room.send("grid.beiyuan", "reports/", body)] * 20)
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Event.objects.count() == 1


def test_many_reports_at_once_leave_a_log_without_gaps(room):
    people = ("grid.beiyuan", "duty.hongqiao", "dispatcher", "police.hongqiao")
    for who in people:
        room.client(who)
    answers = at_once([lambda who=who: room.send(who, "reports/", sample()) for who in people * 8])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 32
    log = Log.objects.get(code="440104")
    offsets = list(log.entries.order_by("offset").values_list("offset", flat=True))
    assert offsets == list(range(1, log.top + 1))


def test_a_key_used_many_times_at_once_is_done_once(room):
    body = sample()
    room.client("grid.beiyuan")
    answers = at_once(
        [
            lambda: room.send(
                "grid.beiyuan", "reports/", body, HTTP_IDEMPOTENCY_KEY="one and the same"
            )
        ]
        * 12
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 11
    assert Event.objects.count() == 1
