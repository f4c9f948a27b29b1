"""Who hears what."""

import uuid

import pytest

from tests import BEIYUAN

DUTY, OTHER, AUDITOR = "duty.hongqiao", "police.hongqiao", "auditor"
DEPARTMENT = "d:440104001-emergency"


@pytest.fixture
def event(module_server):
    """Reports at 北园; returns what the reporter is answered."""

    def send():
        body = {
            "client_id": str(uuid.uuid4()),
            "text": "北园酒家门口井盖缺失",
            "location": {**BEIYUAN, "crs": "WGS84"},
        }
        with module_server.client_of("grid.beiyuan") as phone:
            answer = phone.post("/api/v1/reports/", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return send


def test_the_responsible_hear_of_a_report_in_order_and_with_its_shape(screens, event):
    screen = screens(DUTY)
    screen.subscribe("desk")
    made = event()
    first = screen.until("entry")
    while (last := screen.until("entry"))["entry"]["kind"] != "dispatched":
        pass
    assert first["entry"]["event"] == made["number"]
    assert [m["entry"]["seq"] for m in screen.entries] == list(range(1, last["entry"]["seq"] + 1))
    assert last["entry"]["changes"]["state"] == "registered"
    assert f"event:{made['number']}" in first["topics"]


def test_another_department_hears_nothing(screens, ledger):
    mine, theirs = screens(DUTY), screens(OTHER)
    for screen in (mine, theirs):
        screen.subscribe("desk")
    top = ledger.post(audience=[DEPARTMENT])
    assert mine.reach(top).offsets == [top]
    assert theirs.reach(top).entries == []


def test_a_topic_shows_only_its_own_entries(screens, ledger):
    screen = screens("supervisor")
    screen.subscribe("area:440104002")
    ledger.post(audience=["a:440104", "a:440104001"])
    top = ledger.post(audience=["a:440104", "a:440104002"])
    assert screen.reach(top).offsets == [top]


def test_an_entry_under_several_topics_comes_once(screens, ledger):
    screen = screens("supervisor")
    screen.subscribe("desk", "area:440104", "area:440104001")
    top = ledger.post(audience=["a:440104", "a:440104001"])
    assert screen.reach(top).offsets == [top]


def test_the_topics_of_others_are_denied_and_the_rest_works(screens, ledger):
    screen = screens(DUTY)
    ledger.post(audience=["a:440104"], event="YX-SECRET")
    asked = ["area:440104001", "group:440104001-police", "event:YX-SECRET", "event:no", "song"]
    screen.subscribe(*asked, "desk")
    assert [message["topic"] for message in screen.ops("denied")] == asked
    top = ledger.post(audience=[DEPARTMENT])
    assert screen.reach(top).offsets == [top]


def test_an_event_shows_to_whom_may_see_it(screens, event, ledger):
    number = event()["number"]
    screen = screens(DUTY)
    screen.subscribe(f"event:{number}")
    seen = ledger.post(audience=["a:440104", DEPARTMENT], event=number)
    ledger.post(audience=["a:440104"], event=number)
    top = ledger.post(audience=[DEPARTMENT], event="YX-2")
    assert screen.reach(top).offsets == [seen]


def test_after_unsubscribing_a_topic_is_silent(screens, ledger):
    screen = screens("supervisor")
    screen.subscribe("area:440104001", "area:440104002")
    screen.say("unsubscribe", topics=["area:440104001"])
    screen.reach(0)
    ledger.post(audience=["a:440104", "a:440104001"])
    top = ledger.post(audience=["a:440104", "a:440104002"])
    assert screen.reach(top).offsets == [top]


def test_who_loses_an_event_is_told_to_drop_it_and_the_others_are_not(screens, event):
    made = event()
    number = made["number"]
    topic = f"event:{number}"
    loser, witness, third = screens(DUTY), screens("supervisor"), screens("duty.liuhua")
    loser.subscribe("desk", topic)
    witness.subscribe("desk", topic)
    third.subscribe("desk")
    with screens.server.client_of(DUTY) as office:
        answer = office.post(
            f"/api/v1/events/{number}/transfer/",
            json={"department": "440104005-emergency", "reason": "属流花街道"},
        )
    assert answer.status_code == 200, answer.text
    assert loser.until("denied")["topic"] == topic
    top = witness.until("entry")["offset"]
    assert witness.reach(top).ops("denied") == []
    assert third.until("entry")["entry"]["event"] == number
    assert third.ops("denied") == []
    assert loser.ops("denied") == [{"op": "denied", "topic": topic}]


def test_who_lost_an_event_hears_no_more_of_it(screens, ledger, event):
    number = event()["number"]
    screen = screens(DUTY)
    screen.subscribe(f"event:{number}")
    ledger.post(audience=["a:440104"], leavers=[DEPARTMENT], event=number)
    assert screen.until("denied")["topic"] == f"event:{number}"
    top = ledger.post(audience=["a:440104", DEPARTMENT], event=number)
    assert screen.reach(top).entries == []


def test_a_leaver_who_was_away_is_told_and_reads_nothing_of_what_was_lost(screens, ledger):
    before = ledger.position()
    ledger.post(audience=["a:440104", DEPARTMENT], event="YX-GONE")
    ledger.post(audience=["a:440104"], leavers=[DEPARTMENT], event="YX-GONE")
    screen = screens(DUTY)
    screen.subscribe("desk", position=before)
    assert [message["op"] for message in screen.heard] == ["denied", "ready"]


def test_an_auditor_of_the_district_hears_all(screens, ledger):
    screen = screens(AUDITOR)
    before = screen.subscribe("desk")["position"]["offset"]
    top = ledger.post(count=20, audience=["a:440104", DEPARTMENT])
    assert screen.reach(top).offsets == list(range(before + 1, top + 1))
