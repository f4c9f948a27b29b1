"""The words of a source that mean nothing here yet, collected from its latest messages."""

from collections import Counter

from django.db.models.functions import Length

from events.models import Category
from integrations.models import InboundMessage, InboundState
from integrations.pages.trial import read

# Messages that are read again, and words that are shown.
LOOKED_AT, SHOWN = 60, 30
# Bytes of a message that is read again.
LONGEST = 200_000


def unmapped(source):
    """[(table, word, in how many messages)], the most frequent first.

    From the last LOOKED_AT messages, whether they are in quarantine or made an unclassified event.
    """
    counts = Counter()
    latest = (
        InboundMessage.objects.filter(
            source=source, state__in=[InboundState.DONE, InboundState.QUARANTINED]
        )
        .annotate(size=Length("body"))
        .filter(size__lt=LONGEST)
        .order_by("-received_at", "-pk")
    )
    for message in latest[:LOOKED_AT]:
        _items, missed, _wrong = read(source, message.content, message.content_type)
        counts.update(set(missed))
    words = [(table, word, count) for (table, word), count in counts.most_common()]
    named = _named({word for _table, word, _count in words})
    return [row for row in words if row[1] not in named][:SHOWN]


def _named(words):
    """Those of `words` that are a class's own name or code: they need no mapping."""
    rows = Category.objects.filter(name__in=words, active=True).values_list("name", flat=True)
    return set(rows)
