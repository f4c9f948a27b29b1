"""Photos, voices and videos of an event: accepted, cleaned, bound, swept."""

from events.attachments.binding import bind
from events.attachments.leftovers import sweep, withdraw
from events.attachments.refusal import Refused
from events.attachments.shape import as_json
from events.attachments.upload import accept, too_large

__all__ = ["Refused", "accept", "as_json", "bind", "sweep", "too_large", "withdraw"]
