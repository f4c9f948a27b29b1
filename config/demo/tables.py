"""Reading the demo district's small CSV files."""

import csv
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


def rows(name):
    """[{column: text}] of config/demo/data/<name>.csv."""
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
