"""Tables that people and systems export: CSV in any usual encoding, and Excel workbooks.

A workbook is a compressed archive: what it holds is measured before it is opened.
"""

import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from integrations.reading.text import decode
from integrations.sources.kind import Unreadable

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 2_000
# The header may stand below a title and a date.
HEADER_WITHIN = 10
DELIMITERS = ",\t;|，"
# Spreadsheets keep a number from being one as ="0123" or with a ' before it.
AS_TEXT = re.compile(r'^="(.*)"$|^\'(?=\d)')
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Table:
    """A header, and rows as (line number in the file, {column: cell}); empty rows left out."""

    header: list
    rows: list


def is_workbook(body):
    """Whether the bytes are an Excel file. Raises Unreadable for the old format."""
    if body.startswith(OLD_EXCEL):
        raise Unreadable(_("旧版 Excel（.xls）无法读取，请另存为 .xlsx 或 CSV。"))
    return body.startswith(ZIP)


def records(body, content_type="", encoding="utf-8"):
    """The rows of a table as dicts. Raises Unreadable."""
    return [row for _line, row in table(body, content_type, encoding).rows]


def table(body, content_type="", encoding="utf-8"):
    """The Table in a CSV file or in a workbook's first sheet that has one. Raises Unreadable."""
    if is_workbook(body):
        return _workbook(body)
    lines = _csv(decode(body, content_type, encoding).lstrip("\ufeff"))
    found = _table(lines)
    if found is None:
        raise Unreadable(_("无法识别格式：不是 XML、JSON，也不是带表头的表格。"))
    return found


def _csv(text):
    """(line number, cells) of the lines of a CSV text. Raises Unreadable."""
    if "\0" in text:
        raise Unreadable(_("无法识别格式：内容是二进制数据。"))
    head = "\n".join(text.splitlines()[:HEADER_WITHIN])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count))
    try:
        for cells in reader:
            yield reader.line_num, [_csv_cell(cell) for cell in cells]
    except csv.Error as error:
        raise Unreadable(
            _("CSV 第 %(line)s 行格式有误：%(error)s。") % {"line": reader.line_num, "error": error}
        ) from None


def _csv_cell(text):
    text = text.strip()
    match = AS_TEXT.match(text)
    return (match[1] if match[1] is not None else text[1:]) if match else text


def _workbook(body):
    _measure(body)
    try:
        with warnings.catch_warnings():
            # Of styles and extensions that other programs left out.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible" and (found := _table(_sheet(sheet))):
                    return found
    except Unreadable:
        raise
    # The archive is anybody's: what is wrong in it comes as whatever the library met first.
    except Exception as error:
        raise Unreadable(
            _("Excel 文件损坏或无法读取（%(error)s）。") % {"error": type(error).__name__}
        ) from None
    raise Unreadable(_("Excel 文件里没有带表头的表格。"))


def _measure(body):
    """Refuse an archive that unpacks to more than a table can be."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(body)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise Unreadable(_("Excel 文件损坏或无法读取。")) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(_("Excel 文件展开后过大，请拆分后再传。"))


def _sheet(sheet):
    # What a sheet says of its own size may be wrong.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MAX_ROWS + HEADER_WITHIN + 1, max_col=MAX_COLUMNS)
    for number, cells in enumerate(rows, 1):
        yield number, [_cell(cell.value) for cell in cells]


def _cell(value):
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value).strip()


def _table(lines):
    """The Table whose header is the widest of the first lines, or None without one."""
    lines = iter(lines)
    head = list(islice(lines, HEADER_WITHIN))
    widths = [len(set(filter(None, cells))) for _number, cells in head]
    if not widths or max(widths) < 2:
        return None
    start = next(i for i, width in enumerate(widths) if width >= max(2, 0.7 * max(widths)))
    header = [cell[:80] for cell in head[start][1][:MAX_COLUMNS]]
    rows = []
    for number, cells in chain(head[start + 1 :], lines):
        if not any(cells):
            continue
        if len(rows) == MAX_ROWS:
            raise Unreadable(_("表格超过 %(rows)s 行，请拆分后再传。") % {"rows": MAX_ROWS})
        row = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        rows.append((number, row))
    return Table([name for name in header if name], rows)
