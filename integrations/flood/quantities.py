"""What stations measure: names, units and what can be true (data/quantities.csv)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

DATA = Path(__file__).resolve().parent / "data"
DEPTH, STAGE, DEGREE = "depth", "stage", "degree"
CM = 100
NONE = {"无", "否", "0"}


@dataclass(frozen=True)
class Quantity:
    """A quantity; values outside `least`…`most` come from a broken sensor."""

    code: str
    name: str
    unit: str
    decimals: int
    least: float
    most: float

    def possible(self, value):
        """Whether nature allows the value."""
        return self.least <= value <= self.most

    def words(self, value):
        """The value with its unit: 32 cm."""
        return f"{value:.{self.decimals}f} {self.unit}".strip()

    def said(self, value):
        """The value with its name and unit: 积水深度 32 cm."""
        if self.code == DEGREE and value in range(4):
            return degree_name(int(value))
        return f"{self.name} {self.words(value)}"


def table(name):
    """[{column: text}] of integrations/flood/data/<name>.csv."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def quantities():
    """{code: Quantity}."""
    return {
        row["code"]: Quantity(
            row["code"],
            row["name"],
            row["unit"],
            int(row["decimals"]),
            float(row["least"]),
            float(row["most"]),
        )
        for row in table("quantities")
    }


@cache
def degrees():
    """[(word, degree 0…3)] in the order in which they are looked for."""
    return [(row["word"], int(row["degree"])) for row in table("degrees")]


def degree_in(words):
    """0 (no waterlogging) to 3 (severe) as the words say, None when they say nothing of it."""
    if words in NONE:
        return 0
    return next((degree for word, degree in degrees() if word in words), None)


def degree_name(degree):
    """The word for a degree, 0 to 3."""
    return (_("无内涝"), _("轻度内涝"), _("中度内涝"), _("严重内涝"))[degree]
