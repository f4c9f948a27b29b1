"""What the live tail counts for /metrics."""

from prometheus_client import Counter, Gauge, Histogram

SCREENS = Gauge("xianfeng_tail_screens", "Open sockets that follow a log in this process")
DELIVERIES = Counter("xianfeng_tail_deliveries", "Entries handed to sockets")
ENTRIES = Counter("xianfeng_tail_entries", "Entries read, by what told of them", ["found"])
LAG = Histogram(
    "xianfeng_tail_lag_seconds",
    "From an entry's time to the last socket's",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60),
)
READ_FAILURES = Counter("xianfeng_tail_read_failures", "Reads of the log that failed")
HINT_FAILURES = Counter("xianfeng_tail_hint_failures", "Hints the channel layer did not take")
LAYER_FAILURES = Counter("xianfeng_tail_layer_failures", "Lost subscriptions to the channel layer")
RESUMES = Counter("xianfeng_tail_resumes", "Subscriptions with a position", ["recovered"])
SLOW_CLOSES = Counter("xianfeng_tail_slow_closes", "Sockets closed because they did not read")
RESETS = Counter("xianfeng_tail_resets", "Logs whose past changed: every socket reloads")
