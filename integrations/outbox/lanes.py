"""Lanes: the ways out, each a channel or a source that has messages to send."""

from dataclasses import dataclass

from django.db.models import Count, F, Min, Q

from integrations import channels, sources
from integrations.models import Channel, OutboundMessage, OutboundState, Source


@dataclass(frozen=True)
class Lane:
    """One way out. `owner` is a Channel or a Source, `kind` its Kind."""

    owner: object
    kind: object

    @property
    def is_channel(self):
        """Whether it leads to people or systems by a channel, else back to a source."""
        return isinstance(self.owner, Channel)

    @property
    def side(self):
        """What selects the messages of the lane."""
        return {"channel" if self.is_channel else "source": self.owner}

    @property
    def per_minute(self):
        """How many may go out in a minute; 0 is any number."""
        return (self.owner.per_minute or self.kind.per_minute) if self.is_channel else 0


def pending(now):
    """The messages that are due now."""
    return OutboundMessage.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        state=OutboundState.PENDING,
        next_at__lte=now,
    )


def lanes(now):
    """The open Lanes with due messages: those with urgent ones first, then who waits longest."""
    due = (
        pending(now)
        .values_list("channel_id", "source_id")
        .annotate(alarms=Count("pk", filter=Q(urgent=True)), since=Min("next_at"))
        .order_by(F("alarms").desc(), "since")
    )
    due = [(channel_id, source_id) for channel_id, source_id, _alarms, _since in due]
    open_channels = Channel.objects.filter(
        Q(blocked_until__isnull=True) | Q(blocked_until__lte=now), active=True
    ).in_bulk([pk for pk, _source in due if pk])
    open_sources = Source.objects.filter(active=True).in_bulk([pk for _channel, pk in due if pk])
    found = []
    for channel_id, source_id in due:
        owner = open_channels.get(channel_id) or open_sources.get(source_id)
        known = channels.kinds() if channel_id else sources.kinds()
        if owner and owner.kind in known:
            found.append(Lane(owner, known[owner.kind]))
    return found
