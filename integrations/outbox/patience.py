"""How often and how long a message is tried."""

from dataclasses import dataclass
from random import Random

from integrations.models import Purpose

MINUTE, HOUR, DAY = 60, 3600, 86400
# Pauses differ by chance, so that what failed together does not come back together. Seed it in
# tests.
dice = Random()  # noqa: S311 - nothing secret


@dataclass(frozen=True)
class Patience:
    """Pauses between attempts (the last one repeats) and how long it makes sense; seconds."""

    pauses_s: tuple
    lasts_s: int

    def pause_s(self, attempts):
        """The pause after so many attempts, a fifth shorter or longer."""
        pause = self.pauses_s[min(attempts, len(self.pauses_s)) - 1]
        return pause * dice.uniform(0.8, 1.2)


# An alarm helps at once or not at all; by then the clock has told the next one up.
URGENT = Patience((5, 10, 20, 30, MINUTE), 30 * MINUTE)
CALM = Patience((30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE), 6 * HOUR)
ANSWER = Patience((30, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR), 5 * DAY)
# The schedule that Standard Webhooks recommends.
WEBHOOK = Patience(
    (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY), 5 * DAY
)


def patience(purpose, urgent=False):
    """The Patience with a message of that purpose."""
    if purpose == Purpose.WRITE_BACK:
        return ANSWER
    if purpose == Purpose.WEBHOOK:
        return WEBHOOK
    return URGENT if urgent else CALM
