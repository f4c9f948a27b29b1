"""The clock killed again and again while deadlines fall due."""

import random
from collections import Counter

import pytest

from tests.chaos import truth
from tests.chaos.clocks import Clock
from tests.chaos.patience import breathe, until
from tests.chaos.phones import Book, Call, Phone, hang_up, start
from tests.chaos.watchers import Watcher, watch

pytestmark = pytest.mark.chaos

CALLS, KILLS = 40, 4
# A lost person must be answered within 1.2 s and found within 3 s.
LIMITS = """category,stage,condition,closing,value,limit_type,default
emergency.lost-person,respond,,,0.02,urgent_minute,1
emergency.lost-person,handle,,,0.05,urgent_minute,1
"""
STEPS = {
    (stage, percent, kind)
    for stage in ("respond", "handle")
    for percent, kind in ((50, "reminded"), (100, "overdue"), (200, "overdue"))
}


def steps(server):
    """Every step that was done: (event, stage, percent, kind), by the log."""
    with server.client_of("supervisor") as client:
        entries = truth.everything(client)
    return [
        (entry["event"], entry["data"]["stage"], entry["data"]["percent"], entry["kind"])
        for entry in entries
        if entry["kind"] in {"reminded", "overdue"}
    ]


def test_two_clocks_killed_at_work_do_each_step_once(serve, tmp_path):
    server, book, chance = serve(), Book(), random.Random()
    (tmp_path / "limits.csv").write_text(LIMITS)
    server.manage("import_limits", str(tmp_path / "limits.csv"))
    watchers = watch(
        [Watcher(server, "duty.hongqiao", "desk"), Watcher(server, "supervisor", "area:440104")]
    )
    calls = [Call(text=f"走失 {one}", category="emergency.lost-person") for one in range(CALLS)]
    phones = [Phone(book, server, "grid.beiyuan", calls[one::4]) for one in range(4)]
    hang_up(book, start(book, phones))

    total = CALLS * len(STEPS)
    with Clock(server) as one, Clock(server) as other:
        for kill in range(KILLS):
            moment = total * (kill + 1) // (KILLS + 2)
            until(lambda moment=moment: len(steps(server)) >= moment, f"{moment} steps")
            breathe(chance.random() / 20)
            victim = (one, other)[kill % 2]
            victim.kill9()
            victim.start()
        until(lambda: len(steps(server)) >= total, "every step")
    assert server.manage("clock", "--once").strip() == "0"

    numbers = [call.event["number"] for call in calls]
    once = Counter((number, *step) for number in numbers for step in STEPS)
    assert Counter(steps(server)) == once
    truth.check_timelines(server, watchers)
    assert truth.audit(server) == []
    for watcher in watchers:
        watcher.leave()
