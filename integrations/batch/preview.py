"""What a person sees of a table before it is taken in."""

import json
from dataclasses import dataclass, field

from integrations.reading import sheet
from integrations.reading.records import key
from integrations.sources import Unreadable, kind_of
from integrations.sources.kind import Delivery

SHOWN = 20


@dataclass(frozen=True)
class Column:
    """A column of the file, and what it means to the source's kind; "" when it means nothing."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Row:
    """A row as the preview shows it: line in the file, cells in the order of the columns, the items
    (integrations/items.py) that it would become, or why it cannot be read."""

    line: int
    cells: list
    items: list = field(default_factory=list)
    error: str = ""


@dataclass(frozen=True)
class Preview:
    """What a person confirms: the columns, the first rows, how many rows there are in all."""

    columns: list
    rows: list
    total: int

    @property
    def errors(self):
        """How many of the rows that are shown cannot be read."""
        return sum(bool(row.error) for row in self.rows)


def preview(upload, rows=SHOWN):
    """The Preview of an upload with its first rows. Stores nothing; a few queries a row."""
    return preview_of(upload.source, table_of(upload), rows)


def preview_of(source, table, rows=SHOWN):
    """The Preview of a sheet.Table as if `source` had sent it."""
    kind = kind_of(source)
    columns = [Column(name, _meaning(kind, name)) for name in table.header]
    shown = []
    for line, cells in table.rows[:rows]:
        values = [cells.get(name, "") for name in table.header]
        try:
            shown.append(Row(line, values, list(kind.read(source, delivery_of(cells)))))
        except Unreadable as problem:
            shown.append(Row(line, values, error=str(problem)))
    return Preview(columns, shown, len(table.rows))


def table_of(upload):
    """The sheet.Table of an upload's file. Raises Unreadable."""
    return sheet.table(bytes(upload.body), "", upload.source.encoding)


def delivery_of(cells):
    """The Delivery that a row is: its cells as JSON, the same whatever the file's format."""
    body = json.dumps(cells, ensure_ascii=False).encode()
    return Delivery(body, "application/json")


def _meaning(kind, name):
    wanted = key(name)
    for label, names in kind.columns:
        if wanted in {key(each) for each in names}:
            return str(label)
    return ""
