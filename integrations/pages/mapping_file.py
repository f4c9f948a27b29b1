"""Mapping tables as CSV: `table,theirs,ours`, UTF-8 with a mark so that spreadsheets read it."""

import csv
import io

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from integrations.models import Mapping
from integrations.pages.mapping_form import TABLES, known_words, refusal
from integrations.reading.text import decode
from integrations.sources import Unreadable

HEADER = ("table", "theirs", "ours")
HEADERS = {"对照表": "table", "对方的值": "theirs", "我方的值": "ours"}
ROWS_MOST, FAULTS_MOST, LENGTH = 5000, 50, 200
# A spreadsheet would run these as a formula; a ' before them keeps them words.
FORMULA = ("=", "+", "-", "@", "\t")


def written(rows):
    """The bytes of a file of Mapping rows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow([row.table, _guarded(row.theirs), _guarded(row.ours)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read(content):
    """([(table, theirs, ours)], faults): rows of a file, or what is wrong with it, line by line."""
    try:
        text = decode(content).lstrip("\ufeff")
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
    except (Unreadable, csv.Error) as problem:
        return [], [_("文件读不懂：%(problem)s") % {"problem": problem}]
    if len(lines) > ROWS_MOST:
        return [], [_("超过 %(most)s 行。") % {"most": ROWS_MOST}]
    rows, faults = [], []
    for number, line in enumerate(lines, 2):
        found = {HEADERS.get(key, key): (value or "") for key, value in line.items() if key}
        if not all(name in found for name in HEADER):
            return [], [_("第一行应为：table,theirs,ours（对照表,对方的值,我方的值）。")]
        rows.append((number, *(_plain(found[name]) for name in HEADER)))
    faults = _faults(rows)
    return [row[1:] for row in rows], faults[:FAULTS_MOST]


def _faults(rows):
    known = {
        table: known_words(table, [ours for _n, its, _t, ours in rows if its == table])
        for table in TABLES
    }
    faults, seen = [], set()
    for number, table, theirs, ours in rows:
        wrong = _fault(table, theirs, ours, known, seen)
        seen.add((table, theirs))
        if wrong:
            faults.append(_("第 %(number)s 行：%(wrong)s") % {"number": number, "wrong": wrong})
    if not rows:
        faults.append(_("文件里没有数据行。"))
    return faults


def _fault(table, theirs, ours, known, seen):
    if not theirs or not ours:
        return _("有空的格子。")
    if max(len(theirs), len(ours)) > LENGTH:
        return _("超过 %(length)s 字。") % {"length": LENGTH}
    if "*" in theirs[:-1]:
        return _("* 只能放在最后，表示以此开头的所有值。")
    if (table, theirs) in seen:
        return _("“%(word)s”在文件里出现了两次。") % {"word": theirs}
    return refusal(table, ours, known.get(table, {}))


@transaction.atomic
def load(source, rows, user, *, replace=False):
    """Put rows of `read` into the source's table; {added, changed, removed, same}.

    `replace` removes what the file does not have. Every change has its row of history.
    """
    there = {
        (row.table, row.theirs): row
        for row in Mapping.objects.select_for_update().filter(source=source)
    }
    fresh, changed = [], []
    for table, theirs, ours in rows:
        row = there.pop((table, theirs), None)
        if row is None:
            fresh.append(Mapping(source=source, table=table, theirs=theirs, ours=ours))
        elif row.ours != ours:
            row.ours = ours
            changed.append(row)
    removed = list(there.values()) if replace else []
    bulk_create_with_history(fresh, Mapping, default_user=user)
    bulk_update_with_history(changed, Mapping, ["ours"], default_user=user)
    for row in removed:
        row.delete()
    return {
        "added": len(fresh),
        "changed": len(changed),
        "removed": len(removed),
        "same": len(rows) - len(fresh) - len(changed),
    }


def _guarded(word):
    return f"'{word}" if word.startswith((*FORMULA, "'")) else word


def _plain(word):
    word = word.strip()
    return word[1:] if word.startswith("'") else word
