"""Sources and their messages, channels and theirs."""

from integrations.models.act import OperatorAct, Verb
from integrations.models.batch import BatchRow, BatchState, BatchUpload, RowState
from integrations.models.flood import Alarm, Reading, Station, StationKind
from integrations.models.inbox import (
    Awaited,
    ExternalId,
    InboundItem,
    InboundMessage,
    InboundState,
    PictureOrder,
)
from integrations.models.open311 import ApiKey, Service, ServiceAttribute, ServiceRequest
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
from integrations.models.warning import Colour, ResponseLevel, Warning, WarningReference

__all__ = [
    "Alarm",
    "ApiKey",
    "Awaited",
    "BatchRow",
    "BatchState",
    "BatchUpload",
    "Channel",
    "Colour",
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
    "Reading",
    "ResponseLevel",
    "RowState",
    "Service",
    "ServiceAttribute",
    "ServiceRequest",
    "Source",
    "SourceSecret",
    "Station",
    "StationKind",
    "Verb",
    "Warning",
    "WarningReference",
]
