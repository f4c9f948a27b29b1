"""Entries for other systems: what happened to which event, for channels that carry entries."""

from datetime import timedelta

from events.entry import stamp
from events.kinds import KINDS
from integrations.models import OutboundMessage, Purpose
from integrations.outbox.notices import carries
from integrations.outbox.patience import WEBHOOK
from integrations.outbox.words import room_url

# What people typed: left out unless the channel's option `texts` is on.
TYPED = {"text", "reason", "title", "data"}


def pushes(scene):
    """The new OutboundMessages to channels that carry entries."""
    made = []
    for channel, kind, codes in scene.channels:
        if kind is None or not kind.entries:
            continue
        for entry in scene.entries:
            if not carries(channel, kind, entry.kind):
                continue
            # A channel of some departments hears of what they may see.
            if codes and not any(f"d:{code}" in scene.audience(entry.event) for code in codes):
                continue
            made.append(_message(channel, entry, kind.on(channel, "texts"), scene.at))
    return made


def _message(channel, entry, texts, at):
    return OutboundMessage(
        key=f"{Purpose.WEBHOOK}:{channel.code}:-:{entry.pk}",
        purpose=Purpose.WEBHOOK,
        channel=channel,
        event=entry.event,
        content=content(entry, texts),
        created_at=at,
        next_at=at,
        expires_at=at + timedelta(seconds=WEBHOOK.lasts_s),
    )


def content(entry, texts=False):
    """{type, timestamp, data} of an entry: numbers and codes, no names, no telephones.

    `texts` adds what people typed.
    """
    event = entry.event
    area = event.community or event.street
    data = {name: value for name, value in entry.data.items() if texts or name not in TYPED}
    return {
        "type": f"event.{entry.kind}",
        "timestamp": stamp(entry.at),
        "data": {
            "number": event.number,
            "seq": entry.seq,
            "kind": entry.kind,
            "label": str(KINDS[entry.kind].label),
            "department": entry.actor_department,
            "state": event.state,
            "priority": event.priority,
            "category": event.category.qualified,
            "area": area.code if area else event.log.code,
            "source": event.source,
            "external_id": event.external_id,
            "url": room_url(event),
            "entry": data,
        },
    }
