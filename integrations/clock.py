"""What the clock does for other systems, beside the service clocks and never before them."""

from integrations import batch, outbox, pictures, processing, pulls
from integrations.flood import clock as flood

# Each goes round in a thread of its own: a source that does not answer delays no notice.
ROUNDS = {
    "inbox": processing.finish_leftovers,
    "pulls": pulls.tick,
    "pictures": pictures.fetch_due,
    "batches": batch.tick,
    "flood": flood.tick,
    "courier": outbox.tick,
}


def tick():
    """One round of everything, in turn."""
    for go in ROUNDS.values():
        go()
