"""What a delivery can hold. Every kind of source translates into items and nothing else.

An item knows how it is applied: a subclass of `Item` with an `apply` of its own may be added by any
kind (flood control does so). The inbox calls, for each item of a message in turn,

    prepared = item.prepare(context)         outside any transaction
    with timeline.change() as context.change:
        item.apply(context, prepared)        and, in the same transaction, notes that it is done

so that an item is applied once, whatever crashes and however often the message comes. An item that
cannot be applied leaves nothing behind and stops no other item of its message.
"""

from dataclasses import dataclass
from datetime import datetime

from dispatch import hearsay
from events.report import Report
from integrations import incidents, pictures


class Item:
    """One thing that a delivery says. Subclasses are frozen dataclasses of plain values."""

    def prepare(self, context):
        """What takes long and need not be undone (placing, decoding a picture); for `apply`.

        No transaction is open: what is written here stays, so it must bear being done again.
        """

    def apply(self, context, prepared):
        """Do it inside the open transaction; returns the Event that it made or touched, or None.

        `context` is integrations/context.py's: `change` (timeline.Change) to record entries with,
        `source`, `message`, `actor`, and the ids by which the source knows events. The functions of
        dispatch that write inside a given change: intake.enter, hearsay.*, Case.lock. Finish a case
        once. Raises Waiting for an event that has not come yet, Unreadable or dispatch's Problem
        for what cannot be accepted, both with words for the operator; IntegrityError makes the
        inbox begin the transaction again, once.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Incident(Item):
    """An event of the source's. The same `report.external_id` again is an update of that event.

    `also` are further ids by which the source may name it; `said_at` when the source said so.
    Without any id the content is the id: the same report again is the same event.
    """

    report: Report
    said_at: datetime | None = None
    also: tuple = ()

    def prepare(self, context):
        return incidents.prepare(self, context)

    def apply(self, context, prepared):
        return incidents.apply(self, context, prepared)


@dataclass(frozen=True)
class Progress(Item):
    """Something that the source says about an event that it has sent."""

    external_id: str
    text: str
    said_at: datetime | None = None

    def apply(self, context, prepared):
        return context.tell(self, hearsay.updated, self.text)


@dataclass(frozen=True)
class Withdrawal(Item):
    """The source has cancelled its event: a question to the room, never a silent deletion."""

    external_id: str
    reason: str
    said_at: datetime | None = None

    def apply(self, context, prepared):
        return context.tell(self, hearsay.withdrawal_asked, self.reason)


@dataclass(frozen=True)
class Decision(Item):
    """The source's answer to a return (退单): granted or refused."""

    external_id: str
    granted: bool
    text: str = ""
    said_at: datetime | None = None

    def apply(self, context, prepared):
        return context.tell(self, hearsay.return_decided, self.granted, self.text)


@dataclass(frozen=True)
class Rating(Item):
    """What the citizen says afterwards: satisfied and solved, each True, False or None."""

    external_id: str
    satisfied: bool | None
    solved: bool | None
    text: str = ""
    said_at: datetime | None = None

    def apply(self, context, prepared):
        return context.tell(self, hearsay.rated, self.satisfied, self.solved, self.text)


@dataclass(frozen=True)
class Picture(Item):
    """A picture of an event, as bytes or as an address from which it is fetched later."""

    external_id: str
    name: str
    content: bytes = b""
    url: str = ""
    role: str = ""

    def prepare(self, context):
        return pictures.prepare(self, context)

    def apply(self, context, prepared):
        return pictures.apply(self, context, prepared)
