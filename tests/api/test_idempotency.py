"""`Idempotency-Key`: the same request again is answered, not done again."""

import pytest

from dispatch.models import IdempotencyKey
from events.models import Event
from tests.room import sample

pytestmark = pytest.mark.django_db


def keyed(room, path, body, key="k-1", who="grid.beiyuan"):
    return room.send(who, path, body, HTTP_IDEMPOTENCY_KEY=key)


def test_the_same_request_gets_the_identical_answer(room):
    body = sample()
    first, again = keyed(room, "reports/", body), keyed(room, "reports/", body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Event.objects.count() == 1


def test_an_action_is_done_once_and_answered_as_it_was(room):
    number = room.report()["number"]
    path = f"events/{number}/post/"
    first = keyed(room, path, {"text": "到了"})
    room.do("duty.hongqiao", number, "claim")
    again = keyed(room, path, {"text": "到了"})
    assert again.json() == first.json()
    assert room.kinds(number).count("posted") == 1


@pytest.mark.parametrize("how", ["body", "path"])
def test_a_key_is_for_one_request_only(how, room):
    one, other = room.report()["number"], room.report()["number"]
    keyed(room, f"events/{one}/post/", {"text": "甲"})
    answer = (
        keyed(room, f"events/{one}/post/", {"text": "乙"})
        if how == "body"
        else keyed(room, f"events/{other}/post/", {"text": "甲"})
    )
    assert answer.status_code == 409
    assert "Idempotency-Key" in answer.json()["detail"]
    assert "posted" not in room.kinds(other)
    assert room.kinds(one).count("posted") == 1


def test_keys_of_two_people_do_not_meet(room):
    number = room.report()["number"]
    for who in ("grid.beiyuan", "duty.hongqiao"):
        answer = keyed(room, f"events/{number}/post/", {"text": "收到"}, who=who)
        assert "Idempotent-Replayed" not in answer
    assert room.kinds(number).count("posted") == 2


def test_a_refusal_keeps_no_key(room):
    number = room.report()["number"]
    path = f"events/{number}/complete/"
    assert keyed(room, path, {}, who="duty.hongqiao").status_code == 409
    assert not IdempotencyKey.objects.exists()
    room.do("duty.hongqiao", number, "claim")
    assert keyed(room, path, {}, who="duty.hongqiao").status_code == 200


@pytest.mark.parametrize("key", ["k" * 201, "a\tb", "\x01"])
def test_a_key_that_cannot_be_kept_is_refused(key, room):
    answer = keyed(room, "reports/", sample(), key=key)
    assert answer.status_code == 422
    assert not Event.objects.exists()


def test_a_long_key_is_kept(room):
    body = sample()
    first = keyed(room, "reports/", body, key="k" * 200)
    assert keyed(room, "reports/", body, key="k" * 200).json() == first.json()
