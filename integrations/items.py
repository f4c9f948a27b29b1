"""What a delivery can hold. Every kind of source translates into these and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from events.report import Report


@dataclass(frozen=True)
class Incident:
    """An event of the source's. The same `report.external_id` again is an update of that event.

    `also` are further ids by which the source may name it; `said_at` when the source said so.
    """

    report: Report
    said_at: datetime | None = None
    also: tuple = ()


@dataclass(frozen=True)
class Progress:
    """Something that the source says about an event that it has sent."""

    external_id: str
    text: str
    said_at: datetime | None = None


@dataclass(frozen=True)
class Withdrawal:
    """The source has cancelled its event: a question to the room, never a silent deletion."""

    external_id: str
    reason: str
    said_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """The source's answer to a return (退单): granted or refused."""

    external_id: str
    granted: bool
    text: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True)
class Rating:
    """What the citizen says afterwards: satisfied and solved, each True, False or None."""

    external_id: str
    satisfied: bool | None
    solved: bool | None
    text: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True)
class Picture:
    """A picture of an event, as bytes or as an address from which it is fetched later."""

    external_id: str
    name: str
    content: bytes = b""
    url: str = ""
    role: str = ""
