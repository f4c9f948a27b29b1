"""What became of an attempt to send something."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Sent; try again; never; nobody knows."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """A verdict with the reason in words.

    `wait_s`: not before so many seconds; `block`: nothing else by this channel before then either.
    `gone`: there is nobody at this address any more, and nothing more is to be sent there.
    """

    verdict: Verdict
    reason: str = ""
    wait_s: float | None = None
    block: bool = False
    gone: bool = False


SENT = Outcome(Verdict.SENT)
