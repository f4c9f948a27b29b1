"""Clients that do not read, logs that change, servers that end."""

import socket

import psutil
import pytest

from tests.live import meters

DUTY, MINE = "duty.hongqiao", "d:440104001-emergency"
LARGE = "x" * 20_000


@pytest.fixture
def stalled(hasty, stack):
    """Opens screens with a tiny receive buffer that read nothing unless they are asked."""

    def open_one():
        wire = stack.enter_context(socket.socket())
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect(("127.0.0.1", hasty.server.port))
        screen = hasty.screens(DUTY, sock=wire, max_queue=1)
        screen.subscribe("desk")
        return screen

    return open_one


def test_a_reader_that_stalls_is_told_to_resume_and_loses_nothing(hasty, stalled):
    before = hasty.ledger.position()["offset"]
    closes = meters.read(hasty.server, "slow_closes_total")
    slow, quick = stalled(), hasty.screens(DUTY, max_queue=None)
    quick.subscribe("desk")
    top = hasty.ledger.post(count=320, audience=[MINE], text=LARGE)
    # The stalled one has read nothing yet, and the other has it all.
    everything = list(range(before + 1, top + 1))
    assert quick.reach(top).offsets == everything
    meters.until(lambda: meters.read(hasty.server, "slow_closes_total") > closes)
    assert slow.code() == 4408
    assert len(slow.offsets) < len(everything)
    back = hasty.screens(DUTY)
    assert back.subscribe("desk", position=slow.position)["recovered"] is True
    assert slow.offsets + back.reach(top).offsets == everything


def test_readers_that_stall_do_not_make_the_server_grow(hasty, stalled):
    quick = hasty.screens(DUTY, max_queue=None)
    quick.subscribe("desk")
    quick.reach(hasty.ledger.post(count=400, audience=[MINE], text=LARGE))
    process = psutil.Process(hasty.server.process.pid)
    before = process.memory_info().rss
    for _screen in range(20):
        stalled()
    quick.reach(hasty.ledger.post(count=320, audience=[MINE], text=LARGE))
    # 20 × 320 × 20 kB would be 128 MB.
    assert process.memory_info().rss - before < 32_000_000


def test_a_slow_reader_that_reads_gets_everything(hasty, stalled):
    before = hasty.ledger.position()["offset"]
    slow = stalled()
    hasty.ledger.begin("post", count=250, audience=[MINE], text=LARGE)
    while len(slow.entries) < 250:
        slow.hear()
    top = hasty.ledger.answer()
    assert slow.offsets == list(range(before + 1, top + 1))


def test_who_was_away_for_too_long_is_told_honestly(hasty):
    before = hasty.ledger.position()
    top = hasty.ledger.post(count=401, audience=[MINE])
    screen = hasty.screens(DUTY)
    ready = screen.subscribe("desk", position=before)
    assert (ready["recovered"], ready["position"]["offset"]) == (False, top)
    assert screen.entries == []


def test_a_quiet_line_has_a_heartbeat(hasty):
    screen = hasty.screens(DUTY)
    screen.subscribe("desk")
    assert screen.until("top")["position"] == hasty.ledger.position()


@pytest.mark.parametrize("epoch", [True, False], ids=["new epoch", "same epoch"])
def test_a_restored_log_sends_every_screen_for_its_snapshot(hasty, epoch):
    old = hasty.ledger.position()
    top = hasty.ledger.post(count=5, audience=[MINE])
    screen = hasty.screens(DUTY)
    screen.subscribe("desk", position=old)
    restored = hasty.ledger.restore(to=top - 2, epoch=epoch)
    screen.until("reset")
    now = hasty.ledger.post(audience=[MINE])
    assert now == top - 1
    screen.entries.clear()
    assert screen.reach(now).offsets == [now]
    late = hasty.screens(DUTY)
    assert late.subscribe("desk", position=restored)["recovered"] is True
    assert late.subscribe("desk", position=old)["recovered"] is not epoch


def test_a_database_that_fails_costs_delay_and_nothing_else(hasty):
    before = hasty.ledger.position()
    screen = hasty.screens(DUTY)
    screen.subscribe("desk")
    failures = meters.read(hasty.server, "read_failures_total")
    hasty.ledger.post(audience=[MINE])
    hasty.ledger.begin("hide", seconds=3)
    late = hasty.screens(DUTY)
    late.say("subscribe", topics=["desk"], position=before)
    hasty.ledger.answer()
    top = hasty.ledger.post(audience=[MINE])
    assert screen.reach(top).offsets == [top - 1, top]
    late.until("ready")
    assert late.reach(top).offsets == [top - 1, top]
    assert meters.read(hasty.server, "read_failures_total") >= failures


def test_entries_that_retention_took_are_not_half_replayed(serve, ledger_of, screens_of):
    server = serve()
    ledger, screens = ledger_of(server), screens_of(server)
    before = ledger.position()
    top = ledger.post(count=10, audience=[MINE])
    ledger.forget(until=top - 5)
    screen = screens(DUTY)
    assert screen.subscribe("desk", position=before)["recovered"] is False
    assert screen.entries == []
    screen = screens(DUTY)
    ready = screen.subscribe("desk", position={**before, "offset": top - 5})
    assert (ready["recovered"], screen.offsets) == (True, list(range(top - 4, top + 1)))


def test_a_server_that_ends_says_so_to_its_sockets(live_server_process, screens_of):
    screen = screens_of(live_server_process)(DUTY)
    screen.subscribe("desk")
    assert live_server_process.stop() == 0
    assert screen.code() == 1012
