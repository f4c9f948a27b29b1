"""What waits and what failed, for the health page and the metrics."""

from datetime import timedelta

from django.db import DatabaseError
from django.db.models import Count, Min
from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from events import moment
from integrations.models import OutboundMessage, OutboundState, OutboxTally

DAY = timedelta(days=1)


def backlog(now):
    """{pending, oldest_s, dead}: messages that wait, the age of the oldest, and how many failed in
    the last day."""
    waiting = OutboundMessage.objects.filter(state=OutboundState.PENDING).aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    dead = OutboundMessage.objects.filter(state=OutboundState.DEAD, created_at__gt=now - DAY)
    oldest = waiting["oldest"]
    return {
        "pending": waiting["count"],
        "oldest_s": round((now - oldest).total_seconds(), 1) if oldest else None,
        "dead": dead.count(),
    }


class Meter:
    """Counts of all processes together, read from the database when somebody looks."""

    def describe(self):
        """Nothing is read before somebody looks."""
        return []

    def collect(self):
        """Attempts by purpose, channel or source, and verdict; what waits. Empty without a
        database."""
        try:
            rows = list(OutboxTally.objects.values_list("purpose", "name", "verdict", "count"))
            now = backlog(moment.now())
        except DatabaseError:
            return
        attempts = CounterMetricFamily(
            "xianfeng_outbox_attempts",
            "Messages that were tried, by what became of them",
            labels=["purpose", "lane", "verdict"],
        )
        for purpose, name, verdict, count in rows:
            attempts.add_metric([purpose, name, verdict], count)
        yield attempts
        yield GaugeMetricFamily(
            "xianfeng_outbox_pending", "Messages that wait", value=now["pending"]
        )
        yield GaugeMetricFamily(
            "xianfeng_outbox_oldest_seconds",
            "Age of the oldest message that waits",
            value=now["oldest_s"] or 0,
        )


REGISTRY.register(Meter())
