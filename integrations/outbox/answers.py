"""Answers to sources: every new entry of an event that a source sent, in the source's own form."""

import copy
import logging
from datetime import timedelta
from traceback import format_tb

from integrations import sources
from integrations.models import OutboundMessage, OutboundState, Purpose, Source
from integrations.outbox.patience import ANSWER

log = logging.getLogger("xianfeng.outbox")


def answers(scene):
    """The new OutboundMessages to the sources of the scene's entries, in their order."""
    codes = {entry.event.source for entry in scene.entries}
    senders = {row.code: row for row in Source.objects.filter(code__in=codes)}
    made = []
    for entry in scene.entries:
        source = senders.get(entry.event.source)
        kind = sources.kinds().get(source.kind) if source else None
        if kind is None or type(kind).answers is sources.Kind.answers:
            continue
        made += _answer(kind, source, entry, scene.at)
    return made


def _answer(kind, source, entry, at):
    message = OutboundMessage(
        key=f"{Purpose.WRITE_BACK}:{source.code}:{entry.event_id}:{entry.pk}",
        purpose=Purpose.WRITE_BACK,
        source=source,
        event=entry.event,
        created_at=at,
        next_at=at,
        expires_at=at + timedelta(seconds=ANSWER.lasts_s),
    )
    try:
        content = kind.answers(source, heard(entry))
    except Exception as error:
        # One entry that a kind cannot put into words must not silence all that follow it.
        log.error(
            "no answer for the source could be written: %s",
            type(error).__name__,
            extra={"fields": {"source": source.code, "entry": entry.pk, "at": trace(error)}},
        )
        message.state, message.ended_at = OutboundState.DEAD, at
        message.reason = f"{type(error).__name__}"
        return [message]
    if content is None:
        return []
    message.content = content
    return [message]


def heard(entry):
    """The entry as the source of its event hears it: what a merged event was told of its main event
    is to the source what its own event went through."""
    if entry.kind != "progressed" or "kind" not in entry.data:
        return entry
    told = copy.copy(entry)
    told.kind, told.data = entry.data["kind"], entry.data.get("data", {})
    return told


def trace(error):
    """Where an error was raised; never its words, which may hold a message's."""
    return "".join(format_tb(error.__traceback__)[-3:])
