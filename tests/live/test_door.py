"""Who may open a live socket."""

import socket

import pytest
from websockets.exceptions import InvalidStatus

DUTY = "duty.hongqiao"


def own(server):
    """The origin of the server's own pages."""
    return server.url


def cookie(key):
    """The header of a signed-in browser."""
    return {"Cookie": f"sessionid={key}"}


def test_a_page_of_ours_is_let_in_by_its_session(screens, module_server, ledger):
    key = ledger.session(username=DUTY)
    screen = screens(origin=own(module_server), additional_headers=cookie(key))
    assert screen.subscribe("desk")["recovered"] is False
    assert screen.ops("denied", "error") == []


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://127.0.0.1:1", "http://127.0.0.1.evil.example", "null", "x"],
)
def test_a_page_of_another_site_is_refused_at_the_door(screens, ledger, origin):
    key = ledger.session(username=DUTY)
    with pytest.raises(InvalidStatus) as refused:
        screens(origin=origin, additional_headers=cookie(key))
    assert refused.value.response.status_code in {400, 403}


def test_a_token_does_not_help_a_page_of_another_site(screens):
    with pytest.raises(InvalidStatus):
        screens(DUTY, origin="https://evil.example")


def test_a_cookie_without_an_origin_does_not_count(screens, ledger):
    screen = screens(additional_headers=cookie(ledger.session(username=DUTY)))
    screen.say("subscribe", topics=["desk"], position=None)
    assert screen.hear()["op"] == "error"


def test_an_unknown_host_is_refused(screens, module_server, stack):
    wire = stack.enter_context(socket.create_connection(("127.0.0.1", module_server.port)))
    with pytest.raises(InvalidStatus) as refused:
        screens(DUTY, url="ws://evil.example/ws/v1/live/", sock=wire)
    assert refused.value.response.status_code == 403


def test_another_path_is_refused(module_server, screens):
    with pytest.raises(InvalidStatus) as refused:
        screens(url=module_server.live_url + "other")
    assert refused.value.response.status_code == 403


def test_an_app_is_let_in_by_its_token(screens):
    assert screens(DUTY).subscribe("desk")["op"] == "ready"


def test_a_token_that_nobody_issued_is_turned_away(screens):
    assert screens(token="nobody's").code() == 4401


def test_a_token_that_has_ended_is_turned_away(screens, ledger):
    assert screens(token=ledger.token(username=DUTY, minutes=-1)).code() == 4401


def test_a_page_whose_session_has_ended_is_turned_away(screens, module_server, ledger):
    key = ledger.session(username=DUTY)
    ledger.sign_out(key=key)
    screen = screens(origin=own(module_server), additional_headers=cookie(key))
    assert screen.code() == 4401


def test_who_says_nothing_is_turned_away(screens):
    screen = screens()
    assert screen.code() == 4401
    assert screen.heard == []


def test_who_may_see_no_event_is_told_so(screens):
    assert screens("admin").code() == 4403


def test_a_page_may_sign_in_by_token_too(screens, module_server):
    screen = screens(DUTY, origin=own(module_server))
    assert screen.subscribe("desk")["op"] == "ready"


def test_nobody_changes_who_they_are_once_they_follow_something(screens, module_server):
    screen = screens(DUTY)
    screen.subscribe("desk")
    screen.say("auth", token=module_server.token("dispatcher"))
    assert screen.hear()["op"] == "error"
