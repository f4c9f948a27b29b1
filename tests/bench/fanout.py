"""Fan-out: one change to a hundred and a thousand screens, in CPU per delivery."""

import json
import subprocess
import sys
from contextlib import contextmanager

from tests.bench import measure
from tests.bench.load import body
from tests.bench.product import ROOT, Stack, call, cpu_of, token
from tests.servers import free_port

SCREENS = (100, 1000)
# Seconds between two messages: a busy room, not a flood that would batch.
PAUSE = 0.25


@contextmanager
def talk(stack, *arguments):
    """A child that is told things on its input; yields it after its `ready`."""
    child = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=stack.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = child.stdout.readline().strip()
        if line != "ready":
            raise RuntimeError(f"{arguments}: {line}")
        yield child
    finally:
        child.stdin.close()
        child.terminate()
        child.wait(30)
        child.stdout.close()


def tell(child, line):
    """Write a line to a child."""
    child.stdin.write(f"{line}\n")
    child.stdin.flush()


def round_of(server, screens, speaker, count, order):
    """(µs of the server's CPU per delivery, seconds until the last screen had the last)."""
    many = screens.count
    with cpu_of(server.pid) as used:
        tell(screens, count)
        screens.stdout.readline()  # go
        tell(speaker, order)
        seconds = float(screens.stdout.readline())
    return used["cpu"] * 1e6 / (count * many), seconds - (count - 1) * PAUSE


def run(quick):
    """The table of fan-out in Markdown."""
    count, rounds = (4, 1) if quick else (20, 3)
    rows = []
    with Stack() as stack, stack.daphne() as (daphne, url):
        dispatcher = token(url, "dispatcher")
        event = call(url, "/api/v1/reports/", json.loads(body()), token(url, "grid.beiyuan"))
        with talk(stack, "tests.bench.announce", "hub", event["number"]) as writer:
            size = entry_size(stack, url, dispatcher, writer, event["number"])
            stock_port, floor_port = free_port(), free_port()
            application = ["daphne", "-b", "127.0.0.1", "-p", str(stock_port)]
            with (
                talk(stack, "tests.bench.broadcast", str(floor_port)) as floor,
                talk(stack, "tests.bench.announce", "stock", str(size)) as sender,
                stack.process(
                    "-m", *application, "tests.bench.stock:application", port=stock_port
                ) as stock,
            ):
                listeners = {
                    "hub": (daphne, writer, url.replace("http", "ws") + "/ws/v1/live/"),
                    "floor": (floor, floor, f"ws://127.0.0.1:{floor_port}/"),
                    "stock": (stock, sender, f"ws://127.0.0.1:{stock_port}/ws/"),
                }
                for many in SCREENS:
                    rows.append(compare(stack, listeners, dispatcher, many, count, rounds, size))
    return measure.table(
        [
            "screens",
            "hub µs/delivery",
            "broadcast µs/delivery",
            "ratio",
            "stock group_send µs/delivery",
            "hub : stock",
            "hub: last screen ms",
            "KiB/socket",
        ],
        rows,
    )


def entry_size(stack, url, dispatcher, writer, number):
    """Bytes of the text that a screen gets for one message."""
    from websockets.sync.client import connect

    with connect(url.replace("http", "ws") + "/ws/v1/live/", compression=None) as socket:
        socket.send(json.dumps({"op": "auth", "token": dispatcher}))
        socket.send(json.dumps({"op": "subscribe", "topics": ["area:440104"], "position": None}))
        while json.loads(socket.recv(30))["op"] != "ready":
            pass
        tell(writer, "1 0")
        while json.loads(text := socket.recv(30))["op"] != "entry":
            pass
    return len(text.encode())


def compare(stack, listeners, dispatcher, many, count, rounds, size):
    """One row: the three ways, interleaved."""
    cpu = {name: [] for name in listeners}
    last = []
    memory = None
    for _round in range(rounds):
        for name, (server, speaker, address) in listeners.items():
            extra = [dispatcher, "area:440104"] if name == "hub" else []
            before = measure.memory_kib(server.pid)
            with talk(stack, "tests.bench.screens", address, str(many), *extra) as screens:
                screens.count = many
                if name == "hub" and memory is None:
                    memory = (measure.memory_kib(server.pid) - before) / many
                order = f"{count} {PAUSE} {size}" if name == "floor" else f"{count} {PAUSE}"
                used, delay = round_of(server, screens, speaker, count, order)
                cpu[name].append(used)
                if name == "hub":
                    last.append(delay)
    hub, floor, stock = (measure.median(cpu[name]) for name in ("hub", "floor", "stock"))
    return [
        many,
        f"{hub:.0f}",
        f"{floor:.0f}",
        f"{hub / floor:.1f}",
        f"{stock:.0f}",
        f"{hub / stock:.2f}",
        f"{measure.median(last) * 1000:.0f}",
        f"{memory:.0f}",
    ]
