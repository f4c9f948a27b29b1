"""Deadlines: thousands due in the same second, against one UPDATE each."""

import json

from tests.bench import measure
from tests.bench.product import Stack


def run(quick):
    """The table of the clock's sweep in Markdown."""
    count, rounds = (1_000, 1) if quick else (10_000, 3)
    rows = []
    with Stack() as stack:
        rows.append(row("PostgreSQL", stack, count, rounds))
        stack.environment |= {"DATABASE_URL": "", "REDIS_URL": ""}
        stack.python("manage.py", "migrate", "--verbosity", "0")
        stack.python("manage.py", "demo", "--verbosity", "0")
        rows.append(row("SQLite", stack, count, rounds))
    header = ["database", "due at once", "told/s", "floor UPDATE/s", "ratio", "CPU µs/deadline"]
    return measure.table(header, rows)


def row(name, stack, count, rounds):
    """One database: each round over deadlines of its own."""
    arguments = ("-m", "tests.bench.due", str(count))
    found = [json.loads(stack.python(*arguments)) for _one in range(rounds)]
    sweep, floor, cpu = (
        measure.median([one[key] for one in found]) for key in ("sweep", "floor", "cpu")
    )
    return [
        name,
        count,
        f"{count / sweep:.0f}",
        f"{count / floor:.0f}",
        f"{sweep / floor:.2f}",
        f"{cpu * 1e6 / count:.0f}",
    ]
