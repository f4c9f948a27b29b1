"""Coming back: exactly what was missed, or an honest no."""

import random
import uuid

DUTY = "duty.hongqiao"
MINE, STREET, DISTRICT = "d:440104001-emergency", "a:440104001", "a:440104"


def test_a_client_receives_exactly_what_it_missed_and_then_ready(screens, ledger):
    before = ledger.position()
    ledger.post(count=5, audience=[MINE])
    ledger.post(count=5, audience=[DISTRICT])
    top = ledger.post(count=5, audience=[MINE])
    screen = screens(DUTY)
    ready = screen.subscribe("desk", position=before)
    missed = [offset for offset in ledger.visible(tokens=[MINE]) if offset > before["offset"]]
    assert ready["recovered"] is True
    assert ready["position"]["offset"] == top
    assert screen.offsets == missed
    assert [message["op"] for message in screen.heard] == ["entry"] * 10 + ["ready"]


def test_who_missed_nothing_is_ready_at_once(screens, ledger):
    screen = screens(DUTY)
    ready = screen.subscribe("desk", position=ledger.position())
    assert ready["recovered"] is True
    assert screen.entries == []


def test_without_a_position_one_starts_now(screens, ledger):
    ledger.post(audience=[MINE])
    screen = screens(DUTY)
    ready = screen.subscribe("desk")
    assert (ready["recovered"], ready["position"]) == (False, ledger.position())
    assert screen.entries == []


def test_another_epoch_cannot_be_resumed(screens, ledger):
    now = ledger.position()
    ledger.post(audience=[MINE])
    screen = screens(DUTY)
    ready = screen.subscribe("desk", position={**now, "epoch": str(uuid.uuid4())})
    assert (ready["recovered"], ready["position"]) == (False, ledger.position())
    assert screen.entries == []


def test_a_position_beyond_the_end_cannot_be_resumed(screens, ledger):
    now = ledger.position()
    screen = screens(DUTY)
    ready = screen.subscribe("desk", position={**now, "offset": now["offset"] + 1})
    assert (ready["recovered"], ready["position"]) == (False, now)


def test_a_position_just_read_is_never_beyond_the_end(screens, ledger):
    screen = screens(DUTY)
    for _time in range(20):
        ledger.post(audience=[MINE])
        assert screen.subscribe("desk", position=ledger.position())["recovered"] is True
    top = ledger.post(audience=[MINE])
    screen.reach(top)
    assert screen.offsets == sorted(set(screen.offsets))


def test_a_topic_added_later_brings_what_it_missed_and_nothing_twice(screens, ledger):
    before = ledger.position()
    screen = screens("supervisor")
    screen.subscribe("area:440104001")
    both = ledger.post(audience=[DISTRICT, STREET])
    other = ledger.post(audience=[DISTRICT, "a:440104002"])
    screen.reach(other)
    screen.subscribe("area:440104002", "area:440104", position=before)
    assert screen.offsets == [both, other]
    top = ledger.post(audience=[DISTRICT, STREET, "a:440104002"])
    assert screen.reach(top).offsets == [both, other, top]


def test_a_topic_may_be_asked_for_again_from_earlier(screens, ledger):
    before = ledger.position()
    first = ledger.post(audience=[MINE])
    screen = screens(DUTY)
    screen.subscribe("desk")
    second = ledger.post(audience=[MINE])
    screen.reach(second)
    screen.subscribe("desk", position=before)
    assert screen.offsets == [second, first]


def test_two_subscriptions_at_once_bring_nothing_twice(screens, ledger):
    before = ledger.position()
    top = ledger.post(count=300, audience=[DISTRICT, STREET])
    screen = screens("supervisor")
    screen.say("subscribe", topics=["area:440104001"], position=before)
    screen.say("subscribe", topics=["area:440104", "desk"], position=before)
    screen.until("ready")
    screen.until("ready")
    assert screen.offsets == list(range(before["offset"] + 1, top + 1))


def test_clients_that_come_and_go_under_load_all_have_the_same_timeline(screens, ledger):
    """No gap and no duplicate between what was missed and what is live."""
    chance = random.Random(7)
    before = ledger.position()
    ledger.begin("post", count=400, audience=[MINE], pause=0.005)
    kept = [[] for _client in range(4)]
    positions = [before] * 4
    for _visit in range(12):
        for client in range(4):
            screen = screens(DUTY)
            ready = screen.subscribe("desk", position=positions[client])
            assert ready["recovered"] is True
            for _message in range(chance.randrange(5)):
                screen.say("ping")
                screen.until("top")
            screen.socket.close()
            kept[client] += screen.offsets
            positions[client] = screen.position
    top = ledger.answer()
    for client in range(4):
        screen = screens(DUTY)
        screen.subscribe("desk", position=positions[client])
        kept[client] += screen.reach(top).offsets
    assert kept == [list(range(before["offset"] + 1, top + 1))] * 4


def test_a_server_that_was_killed_resumes_its_clients(serve, stack, ledger_of):
    from tests.live.screens import Screens

    server = serve()
    screens, ledger = Screens(server, stack), ledger_of(server)
    screen = screens(DUTY)
    screen.subscribe("desk")
    screen.reach(ledger.post(count=3, audience=[MINE]))
    server.kill9()
    top = ledger.post(count=600, audience=[MINE])
    server.restart()
    back = screens(DUTY)
    ready = back.subscribe("desk", position=screen.position)
    assert ready["recovered"] is True
    assert screen.offsets + back.offsets == ledger.visible(tokens=[MINE])
    assert back.position["offset"] == top
