"""Sources and their messages, channels and theirs."""

from integrations.models.act import OperatorAct, Verb
from integrations.models.inbox import (
    Awaited,
    ExternalId,
    InboundItem,
    InboundMessage,
    InboundState,
    PictureOrder,
)
from integrations.models.outbox import (
    Channel,
    Contact,
    OutboundMessage,
    OutboundState,
    OutboxCursor,
    OutboxTally,
    Purpose,
)
from integrations.models.source import Mapping, Source, SourceSecret

__all__ = [
    "Awaited",
    "Channel",
    "Contact",
    "ExternalId",
    "InboundItem",
    "InboundMessage",
    "InboundState",
    "Mapping",
    "OperatorAct",
    "OutboundMessage",
    "OutboundState",
    "OutboxCursor",
    "OutboxTally",
    "PictureOrder",
    "Purpose",
    "Source",
    "SourceSecret",
    "Verb",
]
