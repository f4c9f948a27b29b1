"""What no courier looks at: messages whose time is over, of dead processes, or sent long ago."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from events import moment
from integrations import channels, sources
from integrations.models import OutboundMessage, OutboundState

# Who has been sending for so long is dead: no request takes a tenth of it.
LOST = timedelta(minutes=5)
BATCH = 500


def sweep():
    """End what has expired. What a dead process was sending is unknown, and waits for a person;
    where twice is once for the other side it is sent again."""
    now = moment.now()
    waiting = OutboundMessage.objects.filter(state=OutboundState.PENDING, expires_at__lte=now)
    _end(waiting, OutboundState.DEAD, _("期限内没有送达。"), now)
    lost = OutboundMessage.objects.filter(state=OutboundState.SENDING, claimed_at__lt=now - LOST)
    _doubt(lost, _("发送中断，不知是否送达；请确认后重发或放弃。"), now)
    _forget(now - timedelta(days=settings.OUTBOX_DAYS))


def _forget(before):
    """Delete a batch of what arrived so long ago; what failed stays until a person has seen it."""
    old = OutboundMessage.objects.filter(
        state__in=[OutboundState.SENT, OutboundState.BUNDLED], created_at__lt=before
    )
    rows = list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    if rows:
        OutboundMessage.objects.filter(pk__in=rows).delete()


def doubt_all():
    """After a backup was restored: what waits in it may have gone out since, so a person decides.

    Returns how many. No process may be sending meanwhile.
    """
    waiting = OutboundMessage.objects.filter(
        state__in=[OutboundState.PENDING, OutboundState.SENDING]
    )
    reason = _("系统已从备份恢复，不知此前是否送达；请确认后重发或放弃。")
    return _doubt(waiting, reason, moment.now())


def _doubt(messages, reason, now):
    if not messages.exists():
        return 0
    twice = Q(channel__kind__in=_idempotent(channels)) | Q(source__kind__in=_idempotent(sources))
    messages.filter(twice).update(state=OutboundState.PENDING, next_at=now)
    ended = 0
    while count := _end(messages.exclude(twice), OutboundState.UNKNOWN, reason, now):
        ended += count
    return ended


def _idempotent(folder):
    return [name for name, kind in folder.kinds().items() if kind.idempotent]


def _end(messages, state, reason, now):
    rows = list(messages.order_by("pk").values_list("pk", "state", "reason")[:BATCH])
    for pk, before, last in rows:
        # What was wrong the last time helps who reads it.
        OutboundMessage.objects.filter(pk=pk, state=before).update(
            state=state, reason=f"{reason}{last}"[:500], ended_at=now, next_at=None
        )
    return len(rows)
