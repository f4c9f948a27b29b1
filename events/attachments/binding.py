"""Binding uploads to an event: once, by the one who uploaded them."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from events.attachments.refusal import Refused
from events.models import Attachment


def bind(attachment_ids, event, uploader_id=None, source=""):
    """The uploader's (or sending system's) attachments, now of `event`, in the order of their ids.

    All or none; those that are bound to this event already stay so. Raises Refused for ids that
    are unknown, of somebody else, or of another event.
    """
    ids = list(dict.fromkeys(_uuid(value) for value in attachment_ids))
    if not ids:
        return []
    found = Attachment.objects.filter(
        Q(event__isnull=True) | Q(event=event), pk__in=ids, **origin(uploader_id, source)
    ).in_bulk()
    fresh = [pk for pk, row in found.items() if row.event_id is None]
    unbound = Attachment.objects.filter(pk__in=fresh, event__isnull=True)
    if len(found) < len(ids) or unbound.update(event=event) < len(fresh):
        raise Refused(
            _("有附件不存在、不是您上传的、已过期，或已用于另一个事件。请重新上传后再提交。")
        )
    for row in found.values():
        row.event = event
    return [found[pk] for pk in ids]


def origin(uploader_id, source):
    """The fields that tell whose an attachment is: a person's, or another system's."""
    if uploader_id is None:
        return {"uploader__isnull": True, "source": source}
    return {"uploader_id": uploader_id}


def _uuid(value):
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        raise Refused(_("附件编号不正确。")) from None
