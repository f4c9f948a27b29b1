"""`POST requests`: checked, kept, made an event; the same again is answered, not done again."""

import hashlib
import uuid
from contextlib import suppress
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from events import attachments, moment
from integrations import inbox, processing
from integrations.models import ApiKey, InboundMessage, InboundState
from integrations.open311 import asked, body, keys, submission
from integrations.open311.door import check_jurisdiction
from integrations.open311.faults import Fault
from integrations.sources.kind import Delivery

# Without an Idempotency-Key, the same content from the same key within this time is a repetition.
REPETITION = timedelta(minutes=10)
HEADER = "Idempotency-Key"


def post(request, source):
    """[what GeoReport answers to a post]. Raises Fault, and then nothing was kept.

    The checked form is kept first, in a transaction of its own. Should the work on it not come to
    its end, the answer is a token, and the clock does the rest.
    """
    fields, answers, media = body.read(request)
    check_jurisdiction(source, fields.get("jurisdiction_id"))
    key = keys.check(request, fields.get("api_key", ""))
    wanted = submission.check(fields, answers)
    digest = wanted.digest(media)
    name = name_of(key, digest, request.headers.get(HEADER, ""))
    # Decoding a file takes long: a repetition does not get so far.
    message = earlier(source, name, digest) if media else None
    message = message or keep(source, key, wanted, digest, name, media)
    finish(message)
    return [answer(message, key, wanted)]


def name_of(key, digest, idempotency_key):
    """The beginning of the message's key in the inbox, and the whole of it when the client named
    its post. Raises Fault."""
    if not idempotency_key:
        return f"{key.pk}:content:{digest}:"
    if len(idempotency_key) > 200 or not idempotency_key.isprintable():
        raise Fault(_("Idempotency-Key 最长 200 个可见字符。"))
    return f"{key.pk}:named:{hashlib.sha256(idempotency_key.encode()).hexdigest()}"


def earlier(source, name, digest):
    """The message that this post repeats, or None. Raises Fault for another content under the same
    Idempotency-Key."""
    messages = InboundMessage.objects.filter(source=source)
    if not name.endswith(":"):
        message = messages.filter(key=name).first()
        if message and asked.digest_of(message.body) != digest:
            raise Fault(_("这个 Idempotency-Key 已用于另一个请求，未作改动。"), code=409)
        return message
    recent = messages.filter(received_at__gt=moment.now() - REPETITION)
    return recent.filter(key__startswith=name).order_by("-pk").first()


def keep(source, key, wanted, digest, name, media):
    """The message of a new post, with its files; of two equal ones at once, both get the first."""
    files = receive(media, source)
    with transaction.atomic():
        # Posts of one key go through here one by one, so that none is kept twice.
        ApiKey.objects.select_for_update().get(pk=key.pk)
        message = earlier(source, name, digest)
        if message is None:
            content = asked.write(key, digest, wanted, files)
            delivery = Delivery(content, asked.CONTENT_TYPE, received_at=moment.now())
            unique = f"{name}{uuid.uuid4().hex}" if name.endswith(":") else name
            return inbox.receive(source, delivery, unique)[0]
    discard(files)
    return message


def receive(media, source):
    """The files as Attachments, all or none. Raises Fault with what to do about a bad one."""
    files = []
    try:
        for upload in media:
            files.append(attachments.accept(upload, source=source.name, at=moment.now()))
    except attachments.Refused as refused:
        discard(files)
        status = refused.status if refused.status == 503 else 400
        raise Fault(f"media：{refused.reason}", status=status, code=refused.status) from None
    return files


def discard(files):
    """Delete files that no event will have."""
    for file in files:
        attachments.withdraw(file)


def finish(message):
    """Make the event, unless that is done; a database that is busy leaves it to the clock."""
    if message.state != InboundState.RECEIVED:
        return
    with suppress(InterfaceError, OperationalError):
        processing.process(message, processing.SECONDS)
    if message.event_id is None:
        # Somebody else may have been at it at the same time.
        message.refresh_from_db()


def answer(message, key, wanted):
    """The id, or a token where the key asks for one or there is no event yet; never both."""
    event = message.event
    if event is None or key.tokens:
        known = {"token": message.receipt.hex}
    else:
        known = {"service_request_id": event.number}
    return {
        **known,
        "service_notice": wanted.service.notice or None,
        "account_id": wanted.fields.get("account_id"),
    }
