"""How much came in, waits and failed: what the overview and the navigation show."""

from datetime import UTC, timedelta
from itertools import chain

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import TruncHour
from django.utils import timezone

from events import moment
from integrations.models import (
    Channel,
    InboundMessage,
    InboundState,
    OperatorAct,
    OutboundMessage,
    OutboundState,
    Source,
    Verb,
)

FAILED = [OutboundState.DEAD, OutboundState.UNKNOWN]
HOURS = 24


def waiting():
    """{quarantined, received, failed}: what waits for people, and for the clock. Two queries."""
    inbound = InboundMessage.objects.filter(
        state__in=[InboundState.RECEIVED, InboundState.QUARANTINED]
    ).aggregate(
        quarantined=Count("pk", filter=Q(state=InboundState.QUARANTINED)),
        received=Count("pk", filter=Q(state=InboundState.RECEIVED)),
    )
    return inbound | {"failed": wanted().count()}


def wanted():
    """OutboundMessages that failed or of which nobody knows, but for those given up since."""
    given_up = OperatorAct.objects.filter(
        outbound=OuterRef("pk"), verb=Verb.GAVE_UP, at__gte=OuterRef("ended_at")
    )
    return OutboundMessage.objects.filter(state__in=FAILED).filter(~Exists(given_up))


def backlog():
    """{state: (how many, since when)} of messages that are not at their end yet."""
    inbound = (
        InboundMessage.objects.filter(state__in=[InboundState.RECEIVED, InboundState.QUARANTINED])
        .order_by()
        .values("state")
        .annotate(count=Count("pk"), since=Min("received_at"))
    )
    going = OutboundMessage.objects.filter(state__in=[OutboundState.PENDING, OutboundState.SENDING])
    outbound = [
        rows.order_by().values("state").annotate(count=Count("pk"), since=Min("created_at"))
        for rows in (going, wanted())
    ]
    rows = chain(inbound, *outbound)
    return {row["state"]: (row["count"], row["since"]) for row in rows}


def today():
    """The first moment of the local day."""
    return timezone.localtime(moment.now()).replace(hour=0, minute=0, second=0, microsecond=0)


def sources():
    """All sources with what stands beside them: `last_at`, `today` {state: n}, `hours`.

    `hours` are HOURS pairs [all, quarantined], the present hour last. Two queries, however many
    sources and messages.
    """
    newest = InboundMessage.objects.filter(source=OuterRef("pk")).order_by("-received_at")
    rows = list(Source.objects.annotate(last_at=Subquery(newest.values("received_at")[:1])))
    by_pk = {row.pk: row for row in rows}
    for row in rows:
        row.today, row.hours = {}, [[0, 0] for _hour in range(HOURS)]
    # Midnight is never more than HOURS ago, and begins an hour.
    start = today()
    first = moment.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    for pk, hour, state, count in (
        InboundMessage.objects.filter(source__in=by_pk, received_at__gte=first)
        .order_by()
        .values_list("source_id", TruncHour("received_at", tzinfo=UTC), "state")
        .annotate(count=Count("pk"))
    ):
        row = by_pk[pk]
        if hour >= start:
            row.today[state] = row.today.get(state, 0) + count
        pair = row.hours[int((hour - first).total_seconds() // 3600)]
        pair[0] += count
        pair[1] += count if state == InboundState.QUARANTINED else 0
    return rows


def channels():
    """All channels with `sent` and `failed` today and `waiting` now. Two queries."""
    start = today()
    rows = list(Channel.objects.prefetch_related("departments"))
    counts = dict.fromkeys(row.pk for row in rows)
    for found in (
        OutboundMessage.objects.filter(channel__in=counts)
        .filter(Q(ended_at__gte=start) | Q(state=OutboundState.PENDING))
        .order_by()
        .values("channel")
        .annotate(
            sent=Count("pk", filter=Q(state=OutboundState.SENT)),
            failed=Count("pk", filter=Q(state__in=FAILED)),
            waiting=Count("pk", filter=Q(state=OutboundState.PENDING)),
        )
    ):
        counts[found["channel"]] = found
    for row in rows:
        found = counts[row.pk] or {}
        row.sent, row.failed, row.waiting = (
            found.get(name, 0) for name in ("sent", "failed", "waiting")
        )
    return rows
