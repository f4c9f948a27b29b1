"""The first page: whether all of it runs, and what waits for a person."""

from dispatch.clock import pulse
from events import moment
from integrations.models import InboundMessage, InboundState
from integrations.pages import figures
from integrations.pages.guard import operator_page, show
from integrations.pages.sources import kind_label
from integrations.pages.sparkline import sparkline

LATEST = 6


@operator_page
def index(request, scope):
    """Clock, backlog, quarantine, dead letters, and every source."""
    now = moment.now()
    backlog = figures.backlog()
    sources = figures.sources()
    for row in sources:
        row.spark = sparkline(row.hours)
        row.kind_label = kind_label(row.kind)
    quarantined = (
        InboundMessage.objects.filter(state=InboundState.QUARANTINED)
        .defer("body", "mended", "headers")
        .select_related("source")
        .order_by("-received_at", "-pk")[:LATEST]
    )
    failed = (
        figures.wanted()
        .select_related("channel", "source", "event")
        .order_by("-created_at", "-pk")[:LATEST]
    )
    return show(
        request,
        scope,
        "ops/index.html",
        "index",
        now=now,
        clock=pulse(now),
        backlog=backlog,
        sources=sources,
        blocked=[
            row for row in figures.channels() if row.blocked_until and row.blocked_until > now
        ],
        quarantined=quarantined,
        failed=failed,
    )
