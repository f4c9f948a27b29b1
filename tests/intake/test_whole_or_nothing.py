"""A change and its history are one: where one fails, neither is there, and nobody is told."""

import socket

import jsonschema
import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import override_settings

from dispatch import clock
from dispatch.models import Assignment, Deadline, IdempotencyKey, PauseRequest
from events import timeline
from events.models import Attachment, Event, Log, TimelineEntry
from tests.actions.cases import CASES, situation
from tests.room import EMERGENCY, lead, sample

TABLES = (Event, Assignment, Deadline, PauseRequest, TimelineEntry, Attachment, Log)


def everything():
    """All rows that an action may write."""
    return [sorted(table.objects.values_list(), key=str) for table in TABLES]


@pytest.fixture
def hints(monkeypatch):
    """The hints that were sent."""
    sent = []
    monkeypatch.setattr(timeline, "hint", lambda log, top: sent.append((log, top)))
    return sent


def fail(*args, **kwargs):
    raise DatabaseError("the disk is full")


FAULTS = {
    "entries": ("bulk_create", TimelineEntry.objects),
    "offsets": ("_advance", timeline),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("action", CASES)
def test_no_change_without_its_history(
    action, fault, room, user, hints, monkeypatch, django_capture_on_commit_callbacks
):
    case = situation(action, room, user)
    name, owner = FAULTS[fault]
    room.client(case.who).raise_request_exception = False
    before = everything()
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(owner, name, fail)
        assert room.act(case.who, case.number, action, **case.body).status_code == 500
    assert everything() == before
    assert hints == []
    with django_capture_on_commit_callbacks(execute=True):
        room.do(case.who, case.number, action, **case.body)
    assert len(hints) == 1
    assert everything() != before


@pytest.mark.django_db
def test_no_event_without_its_history(room, hints, monkeypatch, django_capture_on_commit_callbacks):
    room.client("grid.beiyuan").raise_request_exception = False
    before = everything()
    body = sample()
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(TimelineEntry.objects, "bulk_create", fail)
        assert room.send("grid.beiyuan", "reports/", body).status_code == 500
    assert (everything(), hints) == (before, [])
    assert room.send("grid.beiyuan", "reports/", body).status_code == 201


@pytest.mark.django_db
def test_a_broken_key_does_not_keep_a_change(room, monkeypatch):
    room.client("grid.beiyuan").raise_request_exception = False
    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(IdempotencyKey, "save", fail)
        answer = room.send("grid.beiyuan", "reports/", sample(), HTTP_IDEMPOTENCY_KEY="k")
        assert answer.status_code == 500
    assert everything() == before
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_an_entry_that_does_not_fit_its_kind_stops_the_change(room):
    number = room.report()["number"]
    before = everything()

    def rename():
        with timeline.change() as change:
            (event,) = timeline.lock(number)
            event.title = "改了"
            event.save()
            change.record(event, "returned", reason=5)

    with pytest.raises(jsonschema.ValidationError):
        rename()
    assert everything() == before


@pytest.mark.django_db
def test_a_busy_database_is_told_and_nothing_is_half_done(room, monkeypatch):
    def busy(*args):
        raise OperationalError("database is locked")

    number = room.report()["number"]
    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(timeline, "_advance", busy)
        answer = room.act("duty.hongqiao", number, "claim")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "没有改动" in answer.json()["detail"]
    assert everything() == before


@pytest.mark.usefixtures("committed")
def test_reports_are_routed_and_worked_on_when_every_other_part_is_down(room, monkeypatch):
    with connection.cursor():
        pass
    reached = []

    def unreachable(self, address, **options):
        reached.append(address)
        raise OSError("the network is down")

    down = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}
    down["CONFIG"] = {"hosts": ["redis://127.0.0.1:1/0"]}
    room.client("grid.beiyuan"), room.client("duty.hongqiao"), room.client("supervisor")
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    monkeypatch.setattr(socket, "create_connection", unreachable)
    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    with override_settings(CHANNEL_LAYERS={"default": down}, XIANFENG_GEOCODER="nominatim"):
        event = room.report(address="小北路202号")
        assert lead(event) == EMERGENCY
        room.do("duty.hongqiao", event["number"], "claim")
        event = room.do("duty.hongqiao", event["number"], "complete")
        assert event["state"] == "handled"
        clock.tick()
    assert lead(room.event(event["number"])) == EMERGENCY
