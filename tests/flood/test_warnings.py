"""Warnings as agencies publish them: read, kept, nobody dispatched."""

from datetime import UTC, datetime, timedelta

import pytest

from events.models import Event
from integrations.models import Warning
from tests.flood.alerts import FAR, NS, alert, current
from tests.flood.senders import DATA, SAMPLES, options, push, refused, stands, taken

pytestmark = pytest.mark.django_db
XML = "application/xml"


def read(name):
    """The only warning of a file."""
    taken((DATA / "cap" / name).read_bytes(), XML)
    return Warning.objects.get()


def test_a_dialect_without_namespace_speaks_of_codes_and_colours():
    taken((SAMPLES / "12379_rainstorm.xml").read_bytes(), XML)
    warning = Warning.objects.get()
    assert (warning.name, warning.name_code, warning.colour) == ("暴雨", "11B03", "red")
    assert (warning.severity, warning.here, warning.codes) == ("Extreme", True, ["440104"])
    assert warning.sent == datetime(2026, 6, 1, 3, 30, tzinfo=UTC)
    # Without an end of its own it is good for a day.
    assert warning.expires == warning.sent + timedelta(hours=24)
    assert warning.places[0]["name"] == "越秀区"
    (reference,) = warning.references.all()
    assert (reference.identifier, reference.sender) == ("44010441600000_20260601102000", "")
    assert warning.orphan


def test_a_byte_order_mark_and_a_colour_in_a_parameter():
    warning = read("03_tw_wra_reservoir_discharge.xml")
    assert (warning.name, warning.colour, warning.severity) == ("水庫洩洪", "red", "Moderate")
    assert warning.expires - warning.sent == timedelta(hours=1)
    assert (warning.here, warning.geometry) == (None, None)


def test_an_all_clear_that_references_itself_ends_the_warning():
    warning = read("04_mo_smg_monsoon_update_allclear.xml")
    assert warning.language == "zh-mo"
    assert (warning.all_clear, warning.current, warning.orphan) == (True, False, False)
    ((ring,),) = warning.geometry["coordinates"]
    assert all(113 < lon < 114 and 22 < lat < 23 for lon, lat in ring)
    assert warning.here is False


def test_a_long_update_of_something_that_never_came_is_kept_as_an_orphan():
    warning = read("06_de_dwd_glaze_update.xml")
    assert (warning.orphan, warning.current, warning.here) == (True, True, False)
    assert sum(len(place["geocodes"]) for place in warning.places) > 800
    assert warning.geometry["type"] == "MultiPolygon"


def test_a_cancel_may_have_nothing_to_say():
    warning = read("10_us_ipaws_cancel_signed_no_info.xml")
    assert (warning.kind, warning.current, warning.orphan) == ("Cancel", False, True)


def test_an_outline_that_breaks_off_is_left_out_and_noted():
    warning = read("16_uk_ea_flood_cdata_truncated_polygon.xml")
    assert warning.geometry is None
    assert len(warning.notes) == 1
    assert "..." in warning.notes[0]
    assert warning.description == "description"


def test_what_the_standard_requires_is_required():
    body = (DATA / "cap/18_invalid_missing_scope.xml").read_bytes()
    assert refused(body, XML) == "CAP 缺少必填元素：scope。"
    assert not Warning.objects.exists()


def test_many_alerts_in_one_document_are_as_many_warnings():
    body = (DATA / "cap/20_se_smhi_alerts_wrapper.xml").read_bytes()
    taken(body, XML)
    assert Warning.objects.count() == body.count(b"<alert>")


def test_a_bad_one_among_many_is_put_aside_alone():
    bad = alert().replace("<scope>Public</scope>", "")
    answer = push(f"<alerts>{alert('A', ns='')}{bad}{alert('C', ns='')}</alerts>", XML)
    assert answer.status_code == 422
    assert "scope" in answer.json()["detail"]
    assert current() == ["A", "C"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: one,
        lambda one: one.replace("cap:1.2", "cap:1.1"),
        lambda one: "\ufeff" + one,
        lambda one: (
            one.replace("<", "<cap:").replace("<cap:/", "</cap:").replace(" xmlns", " xmlns:cap")
        ),
        lambda one: f'<?xml version="1.0" encoding="GBK"?>{one}'.encode("gbk"),
        lambda one: (
            '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">'
            "<distributionID>1</distributionID><distributionStatus>Actual</distributionStatus>"
            f"<contentObject><xmlContent><embeddedXMLContent>{one}</embeddedXMLContent>"
            "</xmlContent></contentObject></EDXLDistribution>"
        ),
    ],
    ids=["1.2", "1.1", "BOM", "prefix", "GBK", "EDXL-DE"],
)
def test_it_is_the_same_warning_in_any_wrapper(wrap):
    taken(wrap(alert("W")), XML)
    warning = Warning.objects.get()
    assert (warning.identifier, warning.name, warning.colour) == ("W", "暴雨", "orange")
    assert warning.headline == "广州市气象台发布暴雨橙色预警信号"
    assert current() == ["W"]


def test_the_status_of_a_wrapper_makes_an_exercise_of_what_is_in_it():
    taken(
        "<EDXLDistribution><distributionStatus>Exercise</distributionStatus>"
        f"<contentObject>{alert()}</contentObject></EDXLDistribution>",
        XML,
    )
    assert Warning.objects.get().status == "Exercise"
    assert current() == []


@pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
def test_what_is_not_actual_is_kept_and_never_in_force(status):
    taken(alert(status=status), XML)
    assert Warning.objects.count() == 1
    assert current() == []


def test_a_document_type_is_refused():
    body = f'<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>{alert()}'
    assert "实体" in refused(body.replace("暴雨", "&x;"), XML)
    assert not Warning.objects.exists()


def test_a_warning_ends_by_itself_and_a_source_says_how_long_one_without_an_end_is_good(moment):
    options(warning_hours=2)
    taken(alert("W", expires=None), XML)
    moment.move(hours=1)
    assert current() == ["W"]
    moment.move(hours=2)
    assert current() == []


def test_a_warning_dispatches_nobody():
    taken(alert(severity="Extreme"), XML)
    assert not Event.objects.filter(source="flood").exists()


def test_alarms_and_warnings_know_each_other_whichever_came_first():
    taken(alert("before"), XML)
    taken(alert("elsewhere", area=f"<areaDesc>x</areaDesc><polygon>{FAR}</polygon>"), XML)
    stands(20)
    taken(alert("after"), XML)
    taken(alert("exercise", status="Exercise"), XML)
    event = Event.objects.get(source="flood")
    (alarm,) = event.alarms.all()
    assert {one.identifier for one in alarm.warnings.all()} == {"before", "after"}
    assert [one.event for one in Warning.objects.get(identifier="after").alarms.all()] == [event]


def test_the_namespace_of_the_standard_is_the_one_that_tests_use():
    assert NS.strip() in alert()
