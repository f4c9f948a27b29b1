"""What the inbox counts for /metrics."""

from prometheus_client import Counter

MESSAGES = Counter("xianfeng_inbox_messages", "Processed deliveries, by how it ended", ["end"])
REFUSED = Counter(
    "xianfeng_inbox_refused", "Deliveries that were not let in, by status", ["status"]
)
