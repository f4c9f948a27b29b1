"""The inbox: what arrives is kept as it came, once, before anybody looks into it."""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from dispatch.problem import Conflict
from events import moment
from integrations.models import InboundItem, InboundMessage, InboundState
from integrations.reading.text import storable

# A message that nobody has finished by then is work for the clock.
LEASE = timedelta(seconds=60)
REDACTED = "…"
SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "x-api-key"}
MOST_HEADERS, LONGEST_HEADER = 60, 500


def receive(source, delivery, delivery_id=""):
    """(message, created) of a Delivery, committed by the return.

    The same delivery again is the message that is there: known by its id, else by its body. Raises
    Conflict for another body under an id that is used; the first stays.
    """
    digest = hashlib.sha256(delivery.body).hexdigest()
    key = delivery_id or f"sha256:{digest}"
    now = delivery.received_at or moment.now()
    try:
        with transaction.atomic():
            return InboundMessage.objects.create(
                source=source,
                key=key,
                body=delivery.body,
                digest=digest,
                headers=delivery.headers,
                content_type=storable(delivery.content_type, 120),
                received_at=now,
                retry_at=now + LEASE,
            ), True
    except IntegrityError:
        message = InboundMessage.objects.filter(source=source, key=key).first()
        if message is None:
            raise
    if message.digest != digest:
        raise Conflict(
            _("这个消息编号已用于另一条消息，内容不同；保留先到的，后到的未接收。"),
            receipt=str(message.receipt),
        )
    message.source = source
    return message, False


def kept_headers(headers):
    """Request headers as they may be kept: {lower-case name: value}, credentials left out."""
    kept = {}
    for name, value in list(headers.items())[:MOST_HEADERS]:
        name = storable(name, 80).lower()
        kept[name] = REDACTED if name in SECRET_HEADERS else storable(value, LONGEST_HEADER)
    return kept


def numbers(message):
    """The numbers of the events that the message's items made or touched, in order, once each."""
    found = (
        InboundItem.objects.filter(message=message, event__isnull=False)
        .order_by("edition", "index")
        .values_list("event__number", flat=True)
    )
    return list(dict.fromkeys(found))


def backlog(now):
    """{waiting, oldest_s, quarantined}: what no clock has taken up, by how long it is late, and
    what lies in quarantine."""
    late = InboundMessage.objects.filter(retry_at__lte=now).aggregate(
        count=Count("pk"), oldest=Min("retry_at")
    )
    aside = InboundMessage.objects.filter(state=InboundState.QUARANTINED).count()
    oldest = late["oldest"]
    return {
        "waiting": late["count"],
        "oldest_s": round((now - oldest).total_seconds(), 1) if oldest else None,
        "quarantined": aside,
    }
