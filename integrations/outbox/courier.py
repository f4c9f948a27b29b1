"""The courier: claims a message, sends it outside of any transaction, writes what became of it."""

import logging
from datetime import timedelta
from functools import partial
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from events import moment
from integrations.http import fetch
from integrations.models import Channel, OutboundMessage, OutboundState, Purpose
from integrations.outbox import quiet
from integrations.outbox.answers import trace
from integrations.outbox.lanes import lanes, pending
from integrations.outbox.rights import theirs
from integrations.outbox.settling import drop, settle
from integrations.outcome import Outcome, Verdict

MINUTE = timedelta(seconds=60)
AREAS = ("event__log", "event__street", "event__community")
POLYGONS = ("event__street__polygon", "event__community__polygon")
log = logging.getLogger("xianfeng.outbox")


def deliver(until, run=map):
    """Send what is due on every open lane; the number of messages that were tried."""
    return sum(run(partial(work, until=until), lanes(moment.now())))


def work(lane, until):
    """Send the due messages of a lane until none is left, its limit is reached, it is to be left
    alone, or `until` (`time.monotonic`); at least one. The number of messages that were tried."""
    tried = 0
    with override(settings.LANGUAGE_CODE):
        while message := claim(lane):
            tried += 1
            if reason := objection(lane, message):
                drop(message, reason)
                continue
            outcome = attempt(lane, message)
            settle(lane, message, outcome)
            closed = outcome.gone and not lane.kind.personal
            if outcome.block or closed or monotonic() >= until:
                break
    return tried


def claim(lane):
    """The next message of the lane, now this process's to send; None when there is none, or the
    lane has sent what it may in a minute.

    The conditional UPDATE is the claim: of two couriers one has it.
    """
    while True:
        now = moment.now()
        with transaction.atomic():
            if lane.per_minute and not _has_room(lane, now):
                return None
            pk = _next(lane, now)
            if pk is None:
                return None
            if OutboundMessage.objects.filter(pk=pk, state=OutboundState.PENDING).update(
                state=OutboundState.SENDING, claimed_at=now, attempts=F("attempts") + 1
            ):
                break
    whole = OutboundMessage.objects.select_related("recipient__user", *AREAS).defer(*POLYGONS)
    return whole.get(pk=pk)


def _has_room(lane, now):
    # The lock makes couriers count one after another; it lets others refer to the row.
    channel = Channel.objects.select_for_update(no_key=True).get(pk=lane.owner.pk)
    if not channel.active or (channel.blocked_until and channel.blocked_until > now):
        return False
    since = now - MINUTE
    # A request arrives between the claim and its end; so both count, and what is under way.
    return (
        OutboundMessage.objects.filter(
            Q(claimed_at__gt=since) | Q(ended_at__gt=since) | Q(state=OutboundState.SENDING),
            channel=channel,
            claimed_at__isnull=False,
        ).count()
        < lane.per_minute
    )


def _next(lane, now):
    due = pending(now).filter(**lane.side)
    if not lane.is_channel:
        # A source hears of an event in the order in which it happened.
        earlier = OutboundMessage.objects.filter(
            source=OuterRef("source"),
            event=OuterRef("event"),
            purpose=Purpose.WRITE_BACK,
            state__in=[OutboundState.PENDING, OutboundState.SENDING],
            pk__lt=OuterRef("pk"),
        )
        due = due.exclude(Exists(earlier))
    return due.order_by("-urgent", "next_at", "pk").values_list("pk", flat=True).first()


def attempt(lane, message):
    """The Outcome of sending a claimed message."""
    try:
        return lane.kind.send(lane.owner, message, fetch)
    except Exception as error:
        log.error(
            "sending failed in our own code: %s",
            type(error).__name__,
            extra={"fields": {"lane": lane.owner.code, "message": message.pk, "at": trace(error)}},
        )
        return Outcome(Verdict.UNKNOWN, _("发送程序出错：%s。") % type(error).__name__)


def objection(lane, message):
    """Why the message must not be sent any more, in words, or None."""
    if not lane.is_channel:
        return None
    contact = message.recipient
    if lane.kind.personal and (contact is None or not contact.active):
        return _("联系方式已停用或删除。")
    if message.purpose == Purpose.BUNDLE:
        message.content = quiet.contents(message)
        if message.content is None:
            return _("合并的通知都已与接收人无关。")
        OutboundMessage.objects.filter(pk=message.pk).update(content=message.content)
    if message.purpose == Purpose.NOTICE and not theirs(lane.owner, contact, [message.event]):
        return _("接收人已无权查看该事件。")
    return None
