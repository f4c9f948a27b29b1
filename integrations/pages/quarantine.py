"""The quarantine: messages that could not be read, by source and reason."""

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _

from integrations.models import InboundMessage, InboundState, Source
from integrations.pages import keyset
from integrations.pages.asking import asked
from integrations.pages.guard import operator_page, show

# Reasons that are shown of each source, and that are counted at all, the commonest first.
REASONS, MOST = 6, 1000
STATES = [InboundState.QUARANTINED, InboundState.DISCARDED, InboundState.RECEIVED]


@operator_page
def index(request, scope):
    """Messages in quarantine (or discarded, or not read yet), newest first."""
    state = asked(request, "state", InboundState.QUARANTINED)
    if state not in STATES:
        raise Http404(_("没有这种状态。"))
    code, reason = asked(request, "source"), asked(request, "reason")
    rows = InboundMessage.objects.filter(state=state)
    groups = _groups(rows, code)
    if code:
        rows = rows.filter(source__code=code)
    if reason:
        rows = rows.filter(reason=reason)
    page = keyset.page(
        rows.select_related("source", "event").defer("body", "mended", "headers"),
        asked(request, "cursor"),
        by="received_at",
    )
    return show(
        request,
        scope,
        "ops/quarantine.html",
        "quarantine",
        page=page,
        states=[(value, value.label) for value in STATES],
        state=state,
        sources=Source.objects.order_by("code"),
        code=code,
        reason=reason,
        groups=groups,
        filtered=bool(code or reason),
        query=_query(state=state, source=code, reason=reason),
    )


def _groups(rows, code):
    """[{code, name, count, reasons: [{reason, count}]}] of each source; its commonest reasons."""
    if code:
        rows = rows.filter(source__code=code)
    found = {}
    for row in (
        rows.order_by()
        .values("source__code", "source__name", "reason")
        .annotate(count=Count("pk"))
        .order_by("-count", "reason")[:MOST]
    ):
        group = found.setdefault(
            row["source__code"],
            {
                "code": row["source__code"],
                "name": row["source__name"],
                "count": 0,
                "reasons": [],
            },
        )
        group["count"] += row["count"]
        group["reasons"].append({"reason": row["reason"], "count": row["count"]})
    for group in found.values():
        del group["reasons"][REASONS:]
    return list(found.values())


def _query(**filters):
    return {name: value for name, value in filters.items() if value}
