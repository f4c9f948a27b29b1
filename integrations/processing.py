"""Processing a message: translated, applied item by item, finished; again and again if need be.

A crash anywhere leaves a message with work to do, and items that are done or not, never half: an
item and the note that it is done commit together. Whoever runs it again does the rest.
"""

import logging
import time
from datetime import timedelta

from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import F
from django.utils.translation import gettext as _

from events import moment, timeline
from integrations import endings, faults
from integrations.context import Context, Waiting, digest_of
from integrations.inbox import LEASE, receive
from integrations.models import Awaited, InboundItem, InboundMessage, InboundState
from integrations.sources import kind_of
from integrations.sources.kind import Delivery

# A sender waits this long at most for a large delivery; the clock does the rest.
SECONDS = 10.0
BUSY_STEP = timedelta(seconds=10)
# A message that was begun so often and never finished is a matter for people.
MOST_ATTEMPTS = 10
BATCH = 50
# What has waited for an event is told in the request that brought it, up to so many messages.
WOKEN_AT_ONCE = 10
log = logging.getLogger("xianfeng.inbox")


def deliver(source, delivery, delivery_id="", seconds=None):
    """(message, created): a Delivery received and processed, as every door does it.

    Raises OperationalError when it could not be kept. Once it is kept there is no error: what could
    not be finished now is finished by the clock. Raises Conflict like inbox.receive.
    """
    message, created = receive(source, delivery, delivery_id)
    if created:
        try:
            process(message, SECONDS if seconds is None else seconds)
        except (OperationalError, InterfaceError) as error:
            log.warning("a message is left to the clock: %s", type(error).__name__)
    return message, created


def process(message, seconds=None):
    """Apply what of a message has not been applied, write how it ended, return the message.

    After `seconds` the rest is left to the clock. Raises OperationalError when the database is
    away: the message is work to do then, and stays so.
    """
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    context = Context(message.source, message)
    found, awaited = [], []
    try:
        with faults.in_words(message):
            items = translate(message)
    except faults.Fault as fault:
        return endings.put_aside(context, [str(fault)])
    done, applied = _done(message), 0
    for index, item in enumerate(items):
        digest = digest_of(item)
        if index in done or digest in done:
            continue
        if applied and time.monotonic() >= end:
            return endings.put_off(context, timedelta(), attempts=0)
        try:
            with faults.in_words(message):
                _apply(context, index, item, digest)
            applied += 1
        except Waiting as fault:
            awaited.append(fault.external_id)
            found.append(_place(index, items, fault))
        except faults.Busy:
            return endings.put_off(context, BUSY_STEP)
        except faults.Fault as fault:
            found.append(_place(index, items, fault))
    if found:
        endings.put_aside(context, found, awaited)
    else:
        endings.finish(context)
    _wake(context)
    return message


def translate(message):
    """The items of a message's content. Raises Unreadable, or what the kind failed with."""
    delivery = Delivery(message.content, message.content_type, message.headers, message.received_at)
    return list(kind_of(message.source).read(message.source, delivery))


def finish_leftovers(seconds=5.0):
    """Go on with messages that nobody finished, and with those that waited; how many were begun.

    Several clocks may do so at once. Ends after about `seconds`.
    """
    end, begun = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        due = list(
            InboundMessage.objects.select_related("source")
            .filter(retry_at__lte=moment.now())
            .order_by("retry_at", "pk")[:BATCH]
        )
        for message in due:
            if time.monotonic() >= end:
                break
            if claim(message):
                begun += 1
                _go_on(message, max(end - time.monotonic(), 1))
        if not due:
            break
    return begun


def claim(message):
    """Whether this process may go on with a due message; another one that looked too may not."""
    now = moment.now()
    claimed = InboundMessage.objects.filter(pk=message.pk, retry_at=message.retry_at).update(
        retry_at=now + LEASE, attempts=F("attempts") + 1
    )
    message.attempts += 1
    return bool(claimed)


def _go_on(message, seconds):
    if message.state == InboundState.RECEIVED and message.attempts > MOST_ATTEMPTS:
        text = _("处理了 %(count)s 次都没有完成，请人工查看。") % {"count": MOST_ATTEMPTS}
        endings.put_aside(Context(message.source, message), [text])
    else:
        process(message, seconds)


def _done(message):
    """What has been applied: indices of this edition, digests of those before it was mended."""
    if not message.attempts and message.state == InboundState.RECEIVED:
        return set()
    rows = message.items.values_list("edition", "index", "digest")
    return {index if edition == message.edition else digest for edition, index, digest in rows}


def _apply(context, index, item, digest):
    prepared = item.prepare(context)
    try:
        _apply_once(context, index, item, digest, prepared)
    except IntegrityError:
        # Somebody else has just applied this item, or brought the same event: now it is there.
        if index not in _done(context.message):
            _apply_once(context, index, item, digest, prepared)


def _apply_once(context, index, item, digest, prepared):
    message = context.message
    with timeline.change() as change:
        context.change = change
        # The row is held: nobody mends or discards the message, or applies its items, meanwhile.
        held = InboundMessage.objects.select_for_update().filter(
            pk=message.pk, edition=message.edition
        )
        if not list(held.exclude(state=InboundState.DISCARDED).values_list("pk")):
            raise faults.Fault(_("来件已被修改或弃置。"))
        event = item.apply(context, prepared)
        InboundItem.objects.create(
            message=message, edition=message.edition, index=index, digest=digest, event=event
        )
    if event is not None:
        context.events.append(event)


def _wake(context):
    """What has waited for an id that came with this message goes on."""
    if not context.learned:
        return
    awaited = Awaited.objects.filter(message__source=context.source, value__in=context.learned)
    waiting = InboundMessage.objects.filter(
        pk__in=list(awaited.values_list("message_id", flat=True)), state=InboundState.QUARANTINED
    )
    if not waiting.query.is_empty() and waiting.update(retry_at=moment.now()):
        woken = waiting.select_related("source").order_by("received_at", "pk")
        for message in list(woken[:WOKEN_AT_ONCE]):
            if claim(message):
                process(message)


def _place(index, items, fault):
    if len(items) == 1:
        return str(fault)
    return _("第 %(number)s 项：%(fault)s") % {"number": index + 1, "fault": fault}
