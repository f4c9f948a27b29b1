"""The outbox: what the timeline says becomes messages, once, and each is sent until it arrives."""

from time import monotonic

from integrations.outbox.backlog import backlog
from integrations.outbox.courier import deliver
from integrations.outbox.hand import give_up, resend, try_out
from integrations.outbox.reader import read
from integrations.outbox.sweeping import doubt_all, sweep

__all__ = [
    "backlog",
    "deliver",
    "doubt_all",
    "give_up",
    "read",
    "resend",
    "sweep",
    "tick",
    "try_out",
]

# How long one tick may go on; what is left waits for the next.
BUDGET_S = 3.0


def tick(run=map, budget_s=None):
    """Read what is new and send what is due; the number of messages that were tried.

    Ends within `budget_s` seconds (BUDGET_S) and one request. `run(function, lanes)` may work on
    the lanes at the same time (integrations/outbox/crew.py), so that a slow one holds up none of
    the others.
    """
    until = monotonic() + (BUDGET_S if budget_s is None else budget_s)
    read(until)
    sweep()
    return deliver(until, run)
