"""Intake: from the request to the commit, against a raw transaction of the same rows."""

import json

from tests.bench import measure
from tests.bench.load import body
from tests.bench.product import Stack, call, cpu_of, token

CONNECTIONS = (1, 8, 32)


def run(quick):
    """The table of intake in Markdown."""
    seconds, rounds = (2, 1) if quick else (5, 3)
    rows = []
    with Stack() as stack, stack.wsgi() as wsgi, stack.daphne() as daphne:
        key = token(wsgi[1], "grid.beiyuan")
        for url in (wsgi[1], daphne[1]):
            for _warm in range(20):
                call(url, "/api/v1/reports/", json.loads(body()), key)
        for connections in CONNECTIONS:
            rates = {"floor": [], "wsgi": [], "daphne": []}
            cpu = {"wsgi": [], "daphne": []}
            tails = {"wsgi": [], "daphne": []}
            for _round in range(rounds):
                floor = json.loads(
                    stack.python(
                        "-m",
                        "tests.bench.floor",
                        stack.postgres.url,
                        str(connections),
                        str(seconds),
                    )
                )
                rates["floor"].append(floor["done"] / seconds)
                for name, (process, url) in (("wsgi", wsgi), ("daphne", daphne)):
                    with cpu_of(process.pid) as used:
                        seen = json.loads(
                            stack.python(
                                "-m", "tests.bench.load", url, key, str(connections), str(seconds)
                            )
                        )
                    if seen["failed"]:
                        raise RuntimeError(f"{name}: {seen['failed']} failed: {seen['why']}")
                    rates[name].append(seen["done"] / seconds)
                    cpu[name].append(used["cpu"] * 1000 / seen["done"])
                    tails[name].append(seen["p99"] / seen["p50"])
            floor = measure.median(rates["floor"])
            for name in ("wsgi", "daphne"):
                rate = measure.median(rates[name])
                rows.append(
                    [
                        connections,
                        "gunicorn, 2 × 16 threads" if name == "wsgi" else "daphne",
                        f"{rate:.0f}",
                        f"{floor:.0f}",
                        f"{rate / floor:.3f}",
                        f"{measure.median(cpu[name]):.1f}",
                        f"{measure.median(tails[name]):.1f}",
                    ]
                )
    return measure.table(
        ["connections", "through", "reports/s", "floor tx/s", "ratio", "CPU ms/report", "p99/p50"],
        rows,
    )
