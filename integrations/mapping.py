"""What a source's words mean here: exact words, then the longest beginning (`01*`)."""

import csv

from django.utils.translation import gettext as _

from integrations.models import Mapping

COLUMNS = ("table", "theirs", "ours")
TABLES = ("category", "department", "priority", "stage")


class MappingError(ValueError):
    """A table of mappings that cannot be read; the text names the line."""


def translate(source, table, word):
    """Our value of the source's `word` in a table, or "" when there is none.

    The source's mappings are read once for each Source object: one query.
    """
    word = str(word or "").strip()
    ours = look_up(source, table, word)
    if word and not ours:
        source.__dict__.setdefault("missed", {})[table, word] = None
    return ours


def look_up(source, table, word):
    """Like `translate`, but a word without a meaning is not noted: there are others to try."""
    if ours := exactly(source, table, word):
        return ours
    _exact, prefixes = _words(source).get(table, ({}, {}))
    for length in range(min(len(word), max(map(len, prefixes), default=0)), -1, -1):
        if word and word[:length] in prefixes:
            return prefixes[word[:length]]
    return ""


def exactly(source, table, word):
    """Our value of just that word, whatever begins like it; "" when there is none, not noted."""
    exact, _prefixes = _words(source).get(table, ({}, {}))
    return exact.get(word, "")


def missed(source):
    """[(table, word)] that `translate` had no meaning for since this Source object was read, in
    the order in which they were asked for."""
    return list(source.__dict__.get("missed", ()))


def read(lines):
    """[(table, theirs, ours)] of CSV lines under the header `table,theirs,ours`.

    Raises MappingError, also for a word that stands there twice.
    """
    rows = csv.DictReader(line.removeprefix("\ufeff") for line in lines)
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise MappingError(_("表头应为 table,theirs,ours。"))
    found = {}
    for cells in rows:
        table, theirs, ours = ((cells[name] or "").strip() for name in COLUMNS)
        if not (table or theirs or ours):
            continue
        if table not in TABLES or not theirs or not ours or (table, theirs) in found:
            raise MappingError(
                _("第 %(line)s 行有误：对照表须为 %(tables)s 之一，两边的值都要填，且不能重复。")
                % {"line": rows.line_num, "tables": "、".join(TABLES)}
            )
        found[table, theirs] = ours
    return [(table, theirs, ours) for (table, theirs), ours in found.items()]


def load(source, rows):
    """Write rows of `read` for a source; a word that is there already takes the new meaning."""
    Mapping.objects.bulk_create(
        [Mapping(source=source, table=t, theirs=theirs, ours=ours) for t, theirs, ours in rows],
        update_conflicts=True,
        unique_fields=["source", "table", "theirs"],
        update_fields=["ours"],
    )


def _words(source):
    """{table: ({word: ours}, {beginning: ours})}, kept on the Source object."""
    if "words" not in source.__dict__:
        words = source.__dict__["words"] = {}
        rows = source.mappings.values_list("table", "theirs", "ours") if source.pk else ()
        for table, theirs, ours in rows:
            exact, prefixes = words.setdefault(table, ({}, {}))
            if theirs.endswith("*"):
                prefixes[theirs[:-1]] = ours
            else:
                exact[theirs] = ours
    return source.__dict__["words"]
