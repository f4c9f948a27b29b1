"""Which classes may be one and the same trouble: families, with how near and how long."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from events import categories

TABLE = Path(__file__).resolve().parent / "data" / "related.csv"
DEFAULT = "default"


@dataclass(frozen=True)
class Family:
    """Classes (qualified codes) whose reports may mean the same.

    `radius_m` in metres; `window` between two reports; `closed` is how long after its end an event
    may still be the answer to a new report.
    """

    code: str
    name: str
    radius_m: float
    window: timedelta
    closed: timedelta
    classes: frozenset


@cache
def families():
    """{code: Family} of the table. Raises CategoryError for a class in two families."""
    found, owner = {}, {}
    for line, cells in categories.table(TABLE):
        family = Family(
            cells["family"],
            cells["name"],
            float(cells["radius_m"]),
            timedelta(hours=float(cells["hours"])),
            timedelta(hours=float(cells["closed_hours"])),
            frozenset(cells["classes"].split()),
        )
        found[family.code] = family
        for code in family.classes:
            if owner.setdefault(code, family.code) != family.code:
                raise categories.CategoryError(f"{TABLE.name}:{line}: {code}")
    return found


@cache
def _owners():
    return {code: family for family in families().values() for code in family.classes}


def family_of(code):
    """The Family of a class; the one of everything else when no line names it."""
    return _owners().get(code) or families()[DEFAULT]
