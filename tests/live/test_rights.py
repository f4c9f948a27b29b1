"""Rights that end while a socket is open."""

import pytest

from tests.live.test_door import cookie


def department(name):
    return f"d:440104{name}-emergency"


def test_who_changes_departments_hears_of_the_new_ones_events_only(hasty):
    screen = hasty.screens("duty.beijing")
    screen.subscribe("desk")
    hasty.ledger.move(username="duty.beijing", department="440104004-emergency")
    screen.until("reset")
    hasty.ledger.post(audience=[department("003")])
    top = hasty.ledger.post(audience=[department("004")])
    assert screen.reach(top).offsets == [top]


def test_a_topic_that_is_lost_with_the_department_is_denied(hasty):
    screen = hasty.screens("duty.liurong")
    screen.subscribe("desk", "group:440104004-emergency")
    hasty.ledger.move(username="duty.liurong", department="440104003-emergency")
    assert screen.until("denied")["topic"] == "group:440104004-emergency"
    assert screen.until("reset")


def test_an_event_that_is_lost_with_the_department_is_denied(hasty):
    screen = hasty.screens("supervisor.beijing")
    body = {
        "text": "井盖缺失",
        "address": "北京路",
        "client_id": "1d2f6c3e-0d5b-4a86-9be0-000000000001",
    }
    with hasty.server.client_of("dispatcher") as desk:
        made = desk.post("/api/v1/reports/", json=body)
    assert made.status_code == 201, made.text
    topic = f"event:{made.json()['number']}"
    hasty.ledger.move(username="supervisor.beijing", areas=["440104"])
    screen.until("reset")
    screen.subscribe(topic)
    hasty.ledger.move(username="supervisor.beijing", areas=["440104022"])
    assert screen.until("denied")["topic"] == topic


def test_who_loses_every_right_is_shown_out(hasty):
    screen = hasty.screens("duty.guangta")
    screen.subscribe("desk")
    hasty.ledger.move(username="duty.guangta", role="admin")
    assert screen.code() == 4403


def test_others_do_not_notice(hasty):
    screen = hasty.screens("duty.renmin")
    screen.subscribe("desk")
    hasty.ledger.move(username="duty.dongshan", role="admin")
    top = hasty.ledger.post(audience=[department("010")])
    assert screen.reach(top).ops("reset", "denied") == []
    assert screen.offsets == [top]


def test_a_dismissed_person_is_shown_out(hasty):
    screen = hasty.screens("duty.nonglin")
    screen.subscribe("desk")
    hasty.ledger.dismiss(username="duty.nonglin")
    assert screen.code() == 4401


def test_a_revoked_token_closes_its_sockets(hasty):
    screen = hasty.screens("duty.meihuacun")
    screen.subscribe("desk")
    hasty.ledger.revoke(username="duty.meihuacun")
    assert screen.code() == 4401


@pytest.fixture
def seated(hasty):
    """A signed-in page of a person: (screen, session key)."""

    def sit(username):
        key = hasty.ledger.session(username=username)
        screen = hasty.screens(origin=hasty.server.url, additional_headers=cookie(key))
        screen.subscribe("desk")
        return screen, key

    return sit


def test_signing_out_closes_the_socket_of_that_session_only(hasty, seated):
    left, key = seated("duty.huanghuagang")
    stayed, _key = seated("duty.huanghuagang")
    hasty.ledger.sign_out(key=key)
    assert left.code() == 4401
    top = hasty.ledger.post(audience=[department("014")])
    assert stayed.reach(top).offsets == [top]


def test_a_new_password_closes_the_sockets_of_old_sessions(hasty, seated):
    screen, _key = seated("duty.huale")
    hasty.ledger.change_password(username="duty.huale")
    assert screen.code() == 4401
