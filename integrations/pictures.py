"""Pictures that sources send: taken in like any upload, or ordered from an address."""

import io
import uuid

from dispatch import hearsay
from events import attachments, moment
from events.models import AttachmentRole
from integrations.context import check_id, digest_of, main
from integrations.models import PictureOrder


def prepare(picture, context):
    """The id of the new attachment of a picture that came as bytes, else None.

    Raises Waiting, or attachments.Refused for what is no picture.
    """
    context.check_known(picture.external_id)
    if not picture.content:
        return None
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
                "name": picture.name[:200],
                "role": _role(picture.role),
                "next_at": context.change.at,
            },
        )
    return known.event


def _role(role):
    return role if role in AttachmentRole.values else ""
