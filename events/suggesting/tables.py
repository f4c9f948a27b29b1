"""What the model is made of: the names of the classes, and what people on the street call them."""

from dataclasses import dataclass
from pathlib import Path

from events import categories

DATA = Path(__file__).resolve().parent.parent / "data"
SCHEMES = ("emergency", "event", "component", "hotline")
WORDS = DATA / "street_words.csv"
# Classes that say nothing are never suggested.
MUTE = "其他"


@dataclass(frozen=True)
class Class:
    """A class that can be suggested: `branch` is the code of its group, `above` the names over it.

    `words` are what people say; `asks` those of them after which one always asks whether it is
    this urgent class.
    """

    code: str
    name: str
    branch: str
    above: tuple
    words: tuple = ()
    asks: tuple = ()


def classes():
    """Every class of the tables in events/data that can be suggested. Raises CategoryError for
    street words of a class that cannot."""
    said = street_words()
    found = []
    for scheme in SCHEMES:
        # A scheme that no district has: its codes are those of a first import.
        rows = categories.read(DATA / f"{scheme}_categories.csv", "suggesting")
        found += _leaves(scheme, rows, said)
    if said:
        raise categories.CategoryError(f"{WORDS.name}: {', '.join(said)}")
    return found


def street_words():
    """{class code: (words, words that ask)} as the table has them."""
    found = {}
    for _line, cells in categories.table(WORDS):
        words, asks = (
            tuple(word for word in cells[column].split("、") if word)
            for column in ("words", "asks")
        )
        found[cells["code"]] = tuple(dict.fromkeys(words + asks)), asks
    return found


def _leaves(scheme, rows, said):
    by_code = {row.code: row for row in rows}
    parents = {row.parent for row in rows}
    for row in rows:
        if row.code in parents or row.name == MUTE or row.attributes.get("unclassified"):
            continue
        above = []
        up = by_code.get(row.parent)
        while up is not None and up.code != categories.ROOT:
            above.append(up)
            up = by_code.get(up.parent)
        code = f"{scheme}.{row.code}"
        yield Class(
            code,
            row.name,
            f"{scheme}.{above[-1].code}",
            tuple(up.name for up in reversed(above)),
            *said.pop(code, ()),
        )
