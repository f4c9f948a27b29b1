"""What operators do with messages that were put aside: mend, replay, discard."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.problem import Conflict
from events import moment
from integrations import pictures
from integrations.models import InboundMessage, InboundState
from integrations.processing import SECONDS, process
from integrations.reading.text import storable

BATCH = 20


@dataclass(frozen=True)
class Replayed:
    """How far a replay of many has come: go on with `after=last` while there is one."""

    done: int
    kept: int
    last: int | None


def mend(message, content, by):
    """Keep `content` (bytes) as what is read instead of the body; the body stays. The message.

    `by` is the User. Replay it afterwards: what had been applied before is not applied again.
    Raises Conflict when the message is not in quarantine any more.
    """
    with transaction.atomic():
        row = _hold(message)
        row.mended, row.mended_by, row.mended_at = content, by, moment.now()
        row.edition += 1
        row.save(update_fields=["mended", "mended_by", "mended_at", "edition"])
    return row


def replay(message):
    """Process a message in quarantine again; the message with its new state and reason.

    Never makes a second event, however often. A large one is finished by the clock: then `retry_at`
    is now. Raises Conflict when it is not in quarantine.
    """
    row = InboundMessage.objects.select_related("source").get(pk=message.pk)
    _check(row)
    return _again(row)


def replay_all(source, after=0, limit=BATCH):
    """Replay up to `limit` messages of a source's quarantine whose pk is above `after`: Replayed.

    In the order in which they came. One that is not mended by it stays, with its new reason.
    """
    rows = InboundMessage.objects.filter(
        source=source, state=InboundState.QUARANTINED, pk__gt=after
    ).order_by("pk")[:limit]
    states, last = [], None
    for row in list(rows):
        row.source, last = source, row.pk
        states.append(_again(row).state)
    done = sum(state == InboundState.DONE for state in states)
    return Replayed(done, len(states) - done, last)


def discard(message, by, reason):
    """Take a message out of the quarantine for good; it is kept, with the reason and who said so.

    What had been applied of it stays. Raises Conflict when it is not in quarantine.
    """
    with transaction.atomic():
        row = _hold(message)
        row.state, row.processed_at, row.retry_at = InboundState.DISCARDED, moment.now(), None
        said = _("%(reason)s（%(name)s）") % {"reason": reason, "name": by.get_username()}
        row.reason = storable(said, 500)
        row.save(update_fields=["state", "processed_at", "retry_at", "reason"])
        row.awaited.all().delete()
    return row


def _again(row):
    pictures.order_again(row)
    return process(row, SECONDS)


def _hold(message):
    row = InboundMessage.objects.select_for_update().get(pk=message.pk)
    _check(row)
    return row


def _check(row):
    if row.state != InboundState.QUARANTINED:
        raise Conflict(_("来件%(state)s，不在隔离区。") % {"state": InboundState(row.state).label})
