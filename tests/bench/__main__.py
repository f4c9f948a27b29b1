"""`python -m tests.bench [--quick] [intake|fanout|locating …]`: measure and write the docs."""

import argparse
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from django.utils.timezone import localtime  # noqa: E402 - after the settings

from tests.bench import fanout, intake, locating, measure, suggesting, sweeping  # noqa: E402 - after the settings

PARTS = {
    "intake": (
        intake.run,
        "Report accepted: authentication, checks, placing, routing, all rows, commit",
        """Floor: a raw psycopg transaction that writes the same rows from as many connections.
PostgreSQL with fsync on; load from a process of its own on the same machine.""",
    ),
    "fanout": (
        fanout.run,
        "Fan-out of one change to many screens",
        """Floor: `websockets` broadcasting a text of the same size. Stock: daphne, one Channels
consumer per socket, `group_send` over the Redis pub/sub layer. CPU of the serving process only.""",
    ),
    "locating": (
        locating.run,
        "Point → community",
        """Floor: shapely's STRtree query with the same polygons. Random points in the district.""",
    ),
    "sweeping": (
        sweeping.run,
        "Deadlines that are due at once: told, in the timeline, by one clock",
        """`python -m tests.bench sweeping`. Floor: one UPDATE each by the driver of the database,
each committed by itself; PostgreSQL with fsync on, SQLite as it is run, where a commit waits for no
disk. Times of the wall clock; ratio is time over time.""",
    ),
    "suggesting": (
        suggesting.run,
        "Suggesting a class for a text",
        """`python -m tests.bench suggesting`. The model is made of the class tables and the words
of the street (events/data); no message (tests/suggestion/data) is in it. Its form was chosen with
them in view: the cross-validated line says what that choice is worth on those it did not see.""",
    ),
}
HEAD = """`make bench` on {day}, {machine}. Each table compares ways that ran interleaved in one
run: read the ratios, the machine is noisy. Figures are medians of the rounds."""
PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"


def main():
    """Run the parts asked for; the whole run writes docs/benchmarks.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--quick", action="store_true", help="short, noisy, writes nothing")
    options = parser.parse_args()
    chosen = options.parts or list(PARTS)
    text = [
        "# Benchmarks",
        "",
        HEAD.format(day=f"{localtime():%Y-%m-%d}", machine=measure.machine()),
    ]
    for name in chosen:
        run, title, about = PARTS[name]
        print(f"{title} …", flush=True)
        table = run(options.quick)
        print(table, flush=True)
        text += ["", f"## {title}", "", about, "", table]
    if not options.quick and chosen == list(PARTS):
        PAGE.write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
