"""Keyset pages: a cursor names the last row seen, so new rows shift nothing."""

import base64
import json
from datetime import UTC

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from dispatch.problem import Invalid

PAGE = 50
MOST = 100
# Order name → (field, descending) from the most significant; the last is unique.
ORDERS = {
    "-registered_at": (("registered_at", True), ("id", True)),
    "registered_at": (("registered_at", False), ("id", False)),
    "priority": (("priority", False), ("registered_at", False), ("id", False)),
}


def size(params):
    """The page size asked for, 1…100."""
    text = params.get("limit") or params.get("page_size") or PAGE
    try:
        wanted = int(text)
    except ValueError:
        wanted = 0
    if wanted < 1:
        raise Invalid(limit=_("每页条数应为 1 至 100。"))
    return min(wanted, MOST)


def page(queryset, params, default="-registered_at"):
    """(rows, next cursor or None) of one page, in the order asked for."""
    order = params.get("order") or default
    if order not in ORDERS:
        raise Invalid(order=_("可用的排序：{orders}").format(orders="、".join(ORDERS)))
    keys = ORDERS[order]
    if cursor := params.get("cursor"):
        queryset = queryset.filter(_after(keys, _decode(cursor, order)))
    count = size(params)
    names = [("-" if descending else "") + field for field, descending in keys]
    rows = list(queryset.order_by(*names)[: count + 1])
    more = len(rows) > count
    rows = rows[:count]
    return rows, _encode(order, rows[-1], keys) if more else None


def _after(keys, values):
    """The rows behind `values`: lexicographic comparison, spelled out."""
    condition = Q(pk__in=[])
    equal = Q()
    for (field, descending), value in zip(keys, values, strict=True):
        condition |= equal & Q(**{f"{field}__{'lt' if descending else 'gt'}": value})
        equal &= Q(**{field: value})
    return condition


def _encode(order, row, keys):
    values = [getattr(row, field) for field, _descending in keys]
    text = json.dumps([order, *(v.isoformat() if hasattr(v, "isoformat") else v for v in values)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor, order):
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, *values = json.loads(text)
        keys = ORDERS[order]
        if made_for != order or len(values) != len(keys):
            raise ValueError
        return [_typed(field, value) for (field, _d), value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise Invalid(cursor=_("翻页标记无效，请从第一页开始。")) from None


def _typed(field, value):
    if field == "registered_at":
        # In UTC, so that a time without a zone or beyond the calendar is refused here.
        parsed = parse_datetime(value)
        if parsed is None or parsed.tzinfo is None:
            raise ValueError
        return parsed.astimezone(UTC)
    if field == "id" and not isinstance(value, int):
        raise ValueError
    return value
