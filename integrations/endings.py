"""How the processing of a message ends: finished, put aside with the reasons, or put off."""

from datetime import timedelta

from django.utils.translation import gettext as _

from events import moment
from integrations import meters
from integrations.models import Awaited, ExternalId, InboundMessage, InboundState
from integrations.reading.text import storable

# An event that is spoken of before it comes is waited for that long.
WAIT = timedelta(hours=24)
WAIT_STEP = timedelta(minutes=10)


def finish(context):
    """All of the message is done; the message."""
    _write(context, state=InboundState.DONE, reason="", retry_at=None)
    return context.message


def put_aside(context, found, awaited=()):
    """Put the message aside with the reasons; one that waits is tried again by itself."""
    message, now = context.message, moment.now()
    only_waits = bool(awaited) and len(awaited) == len(found)
    waits = only_waits and now < message.received_at + WAIT
    if only_waits and not waits:
        found = [*found, _("已等待 24 小时，不再自动重试。")]
    if message.state == InboundState.QUARANTINED:
        message.awaited.exclude(value__in=awaited).delete()
    if awaited:
        Awaited.objects.bulk_create(
            [Awaited(message=message, value=value) for value in dict.fromkeys(awaited)],
            ignore_conflicts=True,
        )
    # The event may have come between the look and the note that somebody waits for it.
    came = ExternalId.objects.filter(source=message.source, value__in=awaited).exists()
    _write(
        context,
        state=InboundState.QUARANTINED,
        reason=storable(" ".join(found), 500),
        retry_at=now if came else now + WAIT_STEP if waits else None,
    )
    return message


def put_off(context, step, **fields):
    """Leave what is not done yet to the clock, `step` from now; the message."""
    _write(context, state=context.message.state, retry_at=moment.now() + step, **fields)
    return context.message


def _write(context, **fields):
    """Write how it ended, unless the message has ended or was mended meanwhile."""
    message = context.message
    if message.state == InboundState.QUARANTINED and fields["state"] == InboundState.DONE:
        message.awaited.all().delete()
    if message.event_id is None and (event := _first_event(context)):
        fields["event"] = event
    fields["processed_at"] = moment.now()
    written = (
        InboundMessage.objects.filter(pk=message.pk, edition=message.edition)
        .exclude(state__in=[InboundState.DONE, InboundState.DISCARDED])
        .update(**fields)
    )
    if written:
        for name, value in fields.items():
            setattr(message, name, value)
        meters.MESSAGES.labels(fields["state"]).inc()


def _first_event(context):
    """The event of the message's first item that has one, whoever applied it."""
    if not context.message.attempts:
        return context.events[0] if context.events else None
    items = context.message.items.filter(event__isnull=False).select_related("event")
    first = items.order_by("edition", "index").first()
    return first.event if first else None
