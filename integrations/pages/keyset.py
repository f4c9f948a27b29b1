"""Pages of long lists: the cursor names the last row seen, so new rows shift nothing."""

from dataclasses import dataclass
from datetime import UTC

from django.db.models import Q
from django.http import Http404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Rows, and the cursor of the page after them, or ""."""

    rows: list
    next: str = ""


def page(queryset, cursor="", *, by):
    """The Page of `queryset`, newest first by the time field `by`, then by id.

    Raises Http404 for a cursor that no page gave.
    """
    size = PAGE
    if cursor:
        at, pk = _read(cursor)
        queryset = queryset.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": pk}))
    rows = list(queryset.order_by(f"-{by}", "-pk")[: size + 1])
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    return Page(rows[:size], f"{getattr(last, by).astimezone(UTC).isoformat()}~{last.pk}")


def _read(cursor):
    text, _mark, pk = cursor.partition("~")
    try:
        at = parse_datetime(text)
        if at is None or at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC), int(pk)
    except (ValueError, OverflowError):
        raise Http404(_("翻页标记无效，请从第一页开始。")) from None
