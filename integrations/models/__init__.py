"""Sources and their messages, channels and theirs."""

from integrations.models.act import OperatorAct, Verb
from integrations.models.inbox import ExternalId, InboundItem, InboundMessage, InboundState
from integrations.models.outbox import (
    Channel,
    Contact,
    OutboundMessage,
    OutboundState,
    OutboxCursor,
    Purpose,
)
from integrations.models.source import Mapping, Source, SourceSecret

__all__ = [
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
    "Purpose",
    "Source",
    "SourceSecret",
    "Verb",
]
