"""`GET tokens/{token}`: the id of the request behind a token."""

import uuid

from django.utils.translation import gettext as _

from integrations.models import InboundMessage
from integrations.open311.faults import Fault


def resolve(source, token):
    """[{service_request_id, token}]; the id is None until there is an event. Raises Fault."""
    try:
        receipt = uuid.UUID(hex=token) if len(token) == 32 else None
    except ValueError:
        receipt = None
    message = (
        InboundMessage.objects.filter(source=source, receipt=receipt)
        .select_related("event")
        .defer("body", "mended")
        .first()
    )
    if receipt is None or message is None:
        raise Fault(_("没有这个 token。"), status=404)
    event = message.event
    return [{"service_request_id": event.number if event else None, "token": token}]
