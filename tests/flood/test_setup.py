"""Setting up stations: from a file, or by hand."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from integrations.models import Station
from tests.flood.senders import events, rises, stands, station

pytestmark = pytest.mark.django_db


def test_stations_are_set_up_from_a_file(tmp_path, room):
    stands(88, "70000001")
    file = tmp_path / "stations.csv"
    file.write_text("code,name,kind,lon,lat\n70000001,测试路口,waterlogging,113.2639,23.1283\n")
    call_command("import_stations", str(file), verbosity=0)
    assert (station("70000001").name, station("70000001").warn) == ("测试路口", 15)
    rises(33, code="70000001")
    assert "测试路口" in room.event(events()[0])["text"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,a,waterlogging,113.26,23.12,40,30,10", "解除线"),
        ("1,a,castle,113.26,23.12,15,30,10", "castle"),
        ("1,a,waterlogging,x,23.12,15,30,10", "x"),
        ("1,a,waterlogging,113.26,23.12,15,30,10\n1,b,rain,113.26,23.12,,,", "重复"),
    ],
)
def test_a_file_of_stations_that_cannot_be_names_the_line(tmp_path, row, why):
    file = tmp_path / "stations.csv"
    file.write_text(f"code,name,kind,lon,lat,warn,red,clear\n{row}\n")
    with pytest.raises(CommandError, match=why):
        call_command("import_stations", str(file), verbosity=0)


def form(**changed):
    """What an administrator fills in."""
    one = station("70000001")
    return {
        "source": one.source_id,
        "code": one.code,
        "name": "测试路口",
        "kind": "waterlogging",
        "lon": 113.2639,
        "lat": 23.1283,
        "quantity": "depth",
        "clear": 10,
        "warn": 15,
        "red": 30,
        "step": 5,
        "zero": 0,
        "active": "on",
        **changed,
    }


def test_an_administrator_sets_up_a_station_that_introduced_itself(client, user, room):
    stands(88, "70000001")
    client.force_login(user("admin"), backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get(reverse("admin:integrations_station_changelist"), {"active__exact": 0})
    assert "70000001" in listed.content.decode()
    page = reverse("admin:integrations_station_change", args=[station("70000001").pk])
    refusal = client.post(page, form(clear=40))
    assert "解除线" in refusal.content.decode()
    assert client.post(page, form()).status_code == 302
    assert station("70000001").area.name == "禺山社区"
    # What the station says meanwhile leaves no rows in its history.
    rises(33, 34, code="70000001")
    assert len(events()) == 1
    changes = Station.history.filter(code="70000001")
    assert [row.history_user.username for row in changes] == ["admin"]
