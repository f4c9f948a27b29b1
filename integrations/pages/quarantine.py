"""The quarantine: messages that could not be read, by source and reason."""

from django.db.models import Count, Min
from django.http import Http404
from django.utils.translation import gettext as _

from integrations.models import InboundMessage, InboundState, Source
from integrations.pages import keyset
from integrations.pages.guard import operator_page, show

# Reasons that the page groups by, the most frequent first.
REASONS = 12
STATES = [InboundState.QUARANTINED, InboundState.DISCARDED, InboundState.RECEIVED]


@operator_page
def index(request, scope):
    """Messages in quarantine (or discarded, or not read yet), newest first."""
    state = request.GET.get("state", InboundState.QUARANTINED)
    if state not in STATES:
        raise Http404(_("没有这种状态。"))
    code, reason = request.GET.get("source", ""), request.GET.get("reason", "")
    rows = InboundMessage.objects.filter(state=state)
    groups = _groups(rows, code)
    if code:
        rows = rows.filter(source__code=code)
    if reason:
        rows = rows.filter(reason=reason)
    page = keyset.page(
        rows.select_related("source", "event").defer("body", "mended", "headers"),
        request.GET.get("cursor", ""),
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
    """[{source code, name, reason, count, since}] of what waits, the largest first."""
    if code:
        rows = rows.filter(source__code=code)
    return list(
        rows.order_by()
        .values("source__code", "source__name", "reason")
        .annotate(count=Count("pk"), since=Min("received_at"))
        .order_by("-count", "source__code", "reason")[:REASONS]
    )


def _query(**filters):
    return {name: value for name, value in filters.items() if value}
