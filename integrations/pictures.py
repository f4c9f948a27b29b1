"""Pictures that sources send: taken in like any upload, or ordered from an address."""

import io
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from dispatch import hearsay
from events import attachments, moment, timeline
from events.models import AttachmentRole
from integrations import http
from integrations.context import check_id, digest_of, main
from integrations.models import InboundMessage, InboundState, PictureOrder
from integrations.reading.text import storable
from integrations.sources.kind import Unreadable

# Minutes until the next attempt at a picture that could not be had; the last are a day later.
PAUSES = (1, 5, 15, 60, 240, 480, 640)
LEASE = timedelta(minutes=2)
TIMEOUT_S = 20
BATCH = 50
BUSY = 503
LONGEST_URL = 2000


def prepare(picture, context):
    """The id of the new attachment of a picture that came as bytes, else None.

    Raises Waiting, Unreadable, or attachments.Refused for what is no picture.
    """
    if not picture.content:
        if not 0 < len(picture.url) <= LONGEST_URL or not picture.url.isprintable():
            raise Unreadable(_("图片既没有内容，也没有可用的地址。"))
        return None
    context.check_known(picture.external_id)
    return attachments.accept(
        io.BytesIO(picture.content),
        source=context.source.name,
        role=_role(picture.role),
        client_id=uuid.uuid5(context.message.receipt, digest_of(picture)),
        at=moment.now(),
    ).pk


def apply(picture, context, prepared):
    """Bind the attachment to the event, or order the picture; returns the Event."""
    known = context.get(check_id(picture.external_id))
    if not context.is_news(known, picture):
        return known.event
    event = main(known.event)
    if prepared:
        hearsay.attached(context.change, event.number, context.actor, [prepared])
    else:
        PictureOrder.objects.get_or_create(
            message=context.message,
            event=known.event,
            url=picture.url,
            defaults={
                "name": storable(picture.name, 200),
                "role": _role(picture.role),
                "next_at": context.change.at,
            },
        )
    return known.event


def fetch_due(seconds=20.0):
    """Fetch the ordered pictures that are due, for about `seconds`; how many were tried.

    Several clocks may do so at once.
    """
    end, tried = time.monotonic() + seconds, 0
    orders = PictureOrder.objects.filter(next_at__lte=moment.now()).select_related(
        "message__source", "event__merged_into"
    )
    for order in list(orders.order_by("next_at", "pk")[:BATCH]):
        if time.monotonic() >= end:
            break
        if claim(order):
            tried += 1
            _fetch(order)
    return tried


def claim(order):
    """Whether this process may fetch a due picture; another one that looked too may not."""
    return bool(
        PictureOrder.objects.filter(pk=order.pk, next_at=order.next_at).update(
            next_at=moment.now() + LEASE, attempts=F("attempts") + 1
        )
    )


def order_again(message):
    """The pictures of a message that could not be had are tried anew; whether there are any."""
    failed = message.pictures.filter(next_at__isnull=True, attachment__isnull=True)
    return bool(failed.update(next_at=moment.now(), attempts=0, reason=""))


def _fetch(order):
    try:
        attachment = _download(order)
    except http.Refused as fault:
        _give_up(order, str(fault))
    except http.Unreachable as fault:
        _try_later(order, str(fault))
    except attachments.Refused as fault:
        (_try_later if fault.status == BUSY else _give_up)(order, fault.reason)
    else:
        _deliver(order, attachment)


def _download(order):
    answer = http.fetch(
        order.url, timeout=TIMEOUT_S, max_bytes=settings.ATTACHMENT_MAX_BYTES, redirects=3
    )
    if answer.status != 200:
        raise http.NoAnswer(_("对方答复 %(status)s。") % {"status": answer.status})
    return attachments.accept(
        io.BytesIO(answer.body),
        source=order.message.source.name,
        role=order.role,
        client_id=uuid.uuid5(order.message.receipt, f"order:{order.pk}"),
        at=moment.now(),
    )


def _deliver(order, attachment):
    actor = timeline.Actor(None, order.message.source.name)
    with timeline.change() as change:
        hearsay.attached(change, main(order.event).number, actor, [attachment.pk])
        PictureOrder.objects.filter(pk=order.pk).update(
            attachment=attachment, next_at=None, reason=""
        )


def _try_later(order, why):
    if order.attempts >= len(PAUSES):
        _give_up(order, why)
        return
    pause = timedelta(minutes=PAUSES[order.attempts])
    PictureOrder.objects.filter(pk=order.pk).update(
        next_at=moment.now() + pause, reason=storable(why, 500)
    )


def _give_up(order, why):
    """The event stays as it is; the message goes to the operators with the reason."""
    PictureOrder.objects.filter(pk=order.pk).update(next_at=None, reason=storable(why, 500))
    name = order.name or order.url.partition("?")[0]
    reason = _("图片 %(name)s 取不到：%(why)s") % {"name": name, "why": why}
    InboundMessage.objects.filter(pk=order.message_id, state=InboundState.DONE).update(
        state=InboundState.QUARANTINED, reason=storable(reason, 500)
    )


def _role(role):
    return role if role in AttachmentRole.values else ""
