"""A storm: as many events as places that are flooded, however many readings there are."""

import io
import json

import pytest
from django.core.management.base import OutputWrapper
from django.test import Client

from config.simulation import storm
from config.simulation.door import Failed
from integrations.models import Alarm, Reading
from tests.flood.senders import events, stands

pytestmark = pytest.mark.django_db


class InProcess:
    """The server's door without a server."""

    def __init__(self):
        self.client = Client()

    def request(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        kind = headers.pop("Content-Type", "application/json")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body)
        answer = self.client.generic(method, path, body or "", kind, headers=headers)
        return answer.status_code, json.loads(answer.content or "null")


def test_every_flooded_place_is_one_event(room):
    out = io.StringIO()
    played = storm.play(InProcess(), OutputWrapper(out), hours=3, interval=120, seed=7)
    assert played.sent["readings"] == 40 * 91
    assert len(played.flooded) == len(events()) == 14
    assert "积水 14 处，事件 14 个" in out.getvalue()
    assert Reading.objects.filter(quantity="depth").count() == 38 * 91
    assert not Alarm.objects.filter(peak__lt=15).exists()
    entries = {number: room.kinds(number) for number in events()}
    # In three hours, of 91 readings each.
    assert max(kinds.count("updated") for kinds in entries.values()) <= 12
    assert sum("receded" in kinds for kinds in entries.values()) >= 6


def test_a_storm_over_newer_readings_is_refused():
    stands(3)
    with pytest.raises(Failed, match="较新的读数"):
        storm.play(InProcess(), OutputWrapper(io.StringIO()), hours=1, interval=60, seed=1)
