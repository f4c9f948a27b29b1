"""What a kind of source must be able to do: translate, and answer in its own form."""

from dataclasses import dataclass, field
from datetime import datetime


class Unreadable(Exception):
    """A message that cannot be read or mapped; the text says what is wrong and where."""


@dataclass(frozen=True)
class Delivery:
    """What a kind translates: the bytes, what the door was told of them, and when they came."""

    body: bytes
    content_type: str = ""
    headers: dict = field(default_factory=dict)
    received_at: datetime | None = None


class Kind:
    """A kind of source. Translation is pure: it reads the delivery and the source's mappings, and
    touches nothing.

    `idempotent`: the same answer twice is once for the source, so it may be sent again when nobody
    knows whether it arrived. `columns`: what the columns of an uploaded table mean, (label, names)
    each; a kind without any takes none.
    """

    label = ""
    idempotent = False
    columns = ()

    def read(self, source, delivery):
        """The items of a delivery, in the order in which they apply (integrations/items.py).

        `source` is the Source with its crs, axes, time zone, encoding and mappings
        (integrations/mapping.py). Raises Unreadable.
        """
        raise NotImplementedError

    def receipt(self, source, message):
        """(status, content type, bytes) of an answer in the source's own form, or None for ours."""

    def pull(self, source, cursor, fetch):
        """([Delivery…], next cursor) from a source that does not push; one page a call.

        `cursor` is JSON, {} at first. `fetch(url, **options)` is integrations/http.py's, guarded.
        An empty list means that there is nothing new.
        """
        raise NotImplementedError

    def answers(self, source, entry):
        """What the source is to be told of a timeline entry of its event: content (JSON), or None.

        `entry` is a TimelineEntry with its event. When that event was merged into another, the
        main event's entries come too, `entry.event` still being the event that the source sent.
        """

    def send(self, source, message, fetch):
        """Send an OutboundMessage of `answers` to the source; an Outcome (integrations/outcome.py).

        Never raises for what the other side does.
        """
        raise NotImplementedError
