"""Quiet: what is too much for one recipient in a minute goes out as one message.

Urgent notices are never among it. Whether a notice goes alone is decided where it is made, in one
transaction with it, so that no courier can be faster.
"""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from integrations.models import OutboundMessage, OutboundState, Purpose
from integrations.outbox import words
from integrations.outbox.patience import CALM
from integrations.outbox.rights import theirs

# So many go alone in a minute; the others wait for so many seconds and go together.
ALONE = 5
WINDOW = timedelta(seconds=60)
GATHER = timedelta(seconds=30)
# Lines of a bundle; what is beyond is counted.
LINES = 8
AREAS = ("event__log", "event__street", "event__community")
POLYGONS = ("event__street__polygon", "event__community__polygon")


def quieten(rows, at):
    """Put those of the new notices into bundles that are too many; `rows` are not yet saved."""
    places = {}
    for row in rows:
        if row.purpose == Purpose.NOTICE and not row.urgent:
            places.setdefault((row.channel_id, row.recipient_id), []).append(row)
    if not places:
        return
    lately = _lately(places, at)
    crowded = {}
    for place, waiting in places.items():
        if more := waiting[max(0, ALONE - lately.get(place, 0)) :]:
            crowded[place] = more
    if not crowded:
        return
    bundles = _open(crowded)
    for place, waiting in crowded.items():
        bundle = bundles.get(place) or _begin(waiting[0], at)
        for row in waiting:
            row.state, row.bundled_in, row.next_at = OutboundState.BUNDLED, bundle, None


def _lately(places, at):
    """{place: how many notices wait there alone, or were made or went out in the last minute}."""
    waits = Q(state__in=[OutboundState.PENDING, OutboundState.SENDING])
    found = (
        OutboundMessage.objects.filter(
            waits | Q(created_at__gt=at - WINDOW) | Q(ended_at__gt=at - WINDOW),
            purpose=Purpose.NOTICE,
            urgent=False,
            channel__in={channel for channel, _recipient in places},
            created_at__gt=at - timedelta(seconds=CALM.lasts_s),
        )
        .exclude(state=OutboundState.BUNDLED)
        .values_list("channel_id", "recipient_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {(channel, recipient): count for channel, recipient, count in found}


def _open(places):
    """{place: the bundle there that nobody has begun to send}, locked until the commit."""
    found = OutboundMessage.objects.filter(
        purpose=Purpose.BUNDLE,
        state=OutboundState.PENDING,
        channel__in={channel for channel, _recipient in places},
    )
    rows = found.select_for_update().order_by("pk")
    return {(row.channel_id, row.recipient_id): row for row in rows}


def _begin(first, at):
    bundle, _made = OutboundMessage.objects.get_or_create(
        key=first.key.replace(Purpose.NOTICE, Purpose.BUNDLE, 1),
        defaults={
            "purpose": Purpose.BUNDLE,
            "channel": first.channel,
            "recipient": first.recipient,
            "created_at": at,
            "next_at": at + GATHER,
            "expires_at": at + timedelta(seconds=CALM.lasts_s),
        },
    )
    return bundle


def contents(bundle):
    """The Notice's fields of a bundle, of the events that its recipient may see now; None if there
    is none of them."""
    parts = bundle.bundles.select_related(*AREAS).defer(*POLYGONS).order_by("pk")
    kept = theirs(bundle.channel, bundle.recipient, [row.event for row in parts])
    rows = [row for row in parts if row.event_id in kept]
    if not rows:
        return None
    lines = [f"· {row.content['title']} {row.content['number']}" for row in rows[:LINES]]
    if len(rows) > LINES:
        lines.append(_("……另有 {count} 条").format(count=len(rows) - LINES))
    events = {row.event_id for row in rows}
    return {
        "title": _("{count} 条新通知，涉及 {events} 个事件").format(
            count=len(rows), events=len(events)
        ),
        "text": "\n".join(lines),
        "url": words.site_url(),
        "number": "",
        "urgent": False,
    }
