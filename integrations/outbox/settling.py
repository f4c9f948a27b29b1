"""What became of an attempt, written down: the message, its channel, its recipient, the tallies."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from events import moment
from integrations.models import (
    Channel,
    Contact,
    OutboundMessage,
    OutboundState,
    OutboxTally,
    Purpose,
)
from integrations.outbox.patience import patience
from integrations.outcome import Verdict

STATES = {
    Verdict.SENT: OutboundState.SENT,
    Verdict.FAILED: OutboundState.DEAD,
    Verdict.UNKNOWN: OutboundState.UNKNOWN,
}
# While a channel is to be left alone without being told how long.
BLOCKED_S = 15


def settle(lane, message, outcome):
    """Write the Outcome of an attempt that this process claimed, in one transaction."""
    now = moment.now()
    reason = str(outcome.reason)[:500]
    state, next_at = _after(lane, message, outcome, now)
    with transaction.atomic():
        # Who took too long was given up as unknown meanwhile; now it is known.
        OutboundMessage.objects.filter(
            pk=message.pk,
            claimed_at=message.claimed_at,
            state__in=[OutboundState.SENDING, OutboundState.UNKNOWN],
        ).update(
            state=state,
            reason=reason,
            next_at=next_at,
            ended_at=None if state == OutboundState.PENDING else now,
        )
        if outcome.block and lane.is_channel:
            until = now + timedelta(seconds=outcome.wait_s or BLOCKED_S)
            Channel.objects.filter(pk=lane.owner.pk).update(
                blocked_until=until, blocked_why=reason[:200]
            )
        if outcome.gone and lane.is_channel:
            _switch_off(lane, message, reason)
        count(message.purpose, lane.owner.code, outcome.verdict)


def drop(message, reason):
    """End a claimed message that is not to be sent; it does not count as sent in this minute."""
    OutboundMessage.objects.filter(pk=message.pk, claimed_at=message.claimed_at).update(
        state=OutboundState.DEAD,
        reason=reason,
        next_at=None,
        claimed_at=None,
        ended_at=moment.now(),
    )


def _after(lane, message, outcome, now):
    """(the message's next state, when it is tried again or None)."""
    verdict = outcome.verdict
    if verdict == Verdict.UNKNOWN and lane.kind.idempotent:
        verdict = Verdict.RETRY
    if verdict != Verdict.RETRY:
        return STATES[verdict], None
    pause = patience(message.purpose, message.urgent).pause_s(message.attempts)
    next_at = now + timedelta(seconds=max(pause, outcome.wait_s or 0))
    if message.expires_at and next_at >= message.expires_at:
        return OutboundState.DEAD, None
    return OutboundState.PENDING, next_at


def _switch_off(lane, message, reason):
    """Nobody is there any more: nothing more is sent to that address, until a person says so."""
    if lane.kind.personal:
        Contact.objects.filter(pk=message.recipient_id).update(active=False)
    else:
        Channel.objects.filter(pk=lane.owner.pk).update(active=False, blocked_why=reason[:200])


def count(purpose, name, verdict):
    """Count an attempt for /metrics."""
    tally = OutboxTally.objects.filter(purpose=purpose, name=name, verdict=verdict)
    if not tally.update(count=F("count") + 1):
        OutboxTally.objects.get_or_create(
            purpose=Purpose(purpose), name=name, verdict=verdict, defaults={"count": 0}
        )
        tally.update(count=F("count") + 1)
