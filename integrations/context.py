"""What an item is applied with: who says it, in which change, about which of our events."""

import hashlib
from dataclasses import dataclass, field, fields

from django.db.models import Q
from django.utils.translation import gettext as _

from events.entry import stamp
from events.models import Event
from events.timeline import Actor, Change
from integrations.models import ExternalId, InboundMessage, Source
from integrations.reading.text import storable
from integrations.sources.kind import Unreadable

ID_LENGTH = 120
# Of each type of item the newest digests are remembered.
SEEN = 50
DIGEST_LENGTH = 16
LONGEST = 20_000


class Waiting(Exception):
    """The item is about an event that has not come yet; it is tried again when that comes."""

    def __init__(self, external_id):
        super().__init__(_("事件未到：%(id)s。") % {"id": external_id})
        self.external_id = external_id


@dataclass
class Context:
    """One message's context; `change` is set while an item is applied.

    `events` are those that its items made or touched, `learned` the ids that came with them.
    """

    source: Source
    message: InboundMessage
    change: Change | None = None
    actor: Actor = field(init=False)
    events: list = field(default_factory=list)
    learned: list = field(default_factory=list)

    def __post_init__(self):
        self.actor = Actor(None, self.source.name)

    def find(self, value):
        """The ExternalId of the source's id, locked until the commit, or None. Raises Unreadable
        for what cannot be an id."""
        rows = ExternalId.objects.select_for_update(of=("self",)).select_related(
            "event__merged_into"
        )
        known = rows.filter(source=self.source, value=check_id(value)).first()
        if known:
            return known
        event = self._own(value).first()
        return self.learn(event, value) if event else None

    def get(self, value):
        """Like `find`; raises Waiting when there is no such event yet."""
        known = self.find(value)
        if known is None:
            raise Waiting(value)
        return known

    def check_known(self, value):
        """Raises Waiting when there is no such event yet; needs no transaction."""
        known = ExternalId.objects.filter(source=self.source, value=check_id(value))
        if not known.exists() and not self._own(value).exists():
            raise Waiting(value)

    def _own(self, value):
        """The source's events by the id they came with, or by the number that we answered."""
        named = Q(external_id=value) | Q(number=value)
        return Event.objects.filter(named, source=self.source.code)

    def learn(self, event, value, item=None):
        """The new ExternalId of an event, with the item that it came by, if any, as said.

        Raises IntegrityError when an event has it already.
        """
        known = ExternalId(source=self.source, value=check_id(value), event=event)
        if item is not None:
            _note(known, item)
        known.save(force_insert=True)
        self.learned.append(value)
        return known

    def learn_also(self, event, values, known=None):
        """Further ids of an event; one that the source uses for another event stays there."""
        fresh = {value for value in values if value and not (known and value == known.value)}
        if fresh:
            rows = ExternalId.objects.filter(source=self.source, value__in=fresh)
            fresh -= set(rows.values_list("value", flat=True))
        for value in sorted(fresh):
            self.learn(event, value)

    def is_news(self, known, item):
        """Whether the source has not said this before, nor anything newer of this type.

        It has from now on: the row `known` is written.
        """
        said = known.said.get(type(item).__name__, {})
        at, said_at = said.get("at") or "", getattr(item, "said_at", None)
        if said_at and stamp(said_at) < at:
            return False
        # The same words at a later time are news; without a time, or at the same, a repetition.
        if _short(item) in said.get("seen", []) and (said_at is None or stamp(said_at) == at):
            return False
        _note(known, item)
        known.save(update_fields=["said", "said_at"])
        return True

    def tell(self, item, say, *what):
        """Let a function of hearsay say it in the room where the event is handled; the Event.

        An event that was merged is handled in its main event. Raises Waiting.
        """
        known = self.get(item.external_id)
        if self.is_news(known, item):
            what = [storable(one, LONGEST) if isinstance(one, str) else one for one in what]
            say(self.change, main(known.event).number, self.actor, *what)
        return known.event


def _note(known, item):
    """Remember in `known` that the source has said `item`."""
    said_at, said = getattr(item, "said_at", None), known.said.get(type(item).__name__, {})
    digest = _short(item)
    seen = [old for old in said.get("seen", []) if old != digest]
    known.said[type(item).__name__] = {
        "at": stamp(said_at) or said.get("at") or "",
        "seen": [*seen, digest][-SEEN:],
    }
    if said_at:
        known.said_at = max(known.said_at or said_at, said_at)


def _short(item):
    return digest_of(item)[:DIGEST_LENGTH]


def main(event):
    """The event in which `event` is handled: itself, or the one that it was merged into."""
    while event.merged_into_id:
        event = event.merged_into
    return event


def check_id(value):
    """The id, if it can be one; raises Unreadable."""
    if not value or len(value) > ID_LENGTH or not value.isprintable():
        raise Unreadable(
            _("编号无效（1 到 %(length)s 个可见字符）：%(id)s。")
            % {"length": ID_LENGTH, "id": str(value)[:40]}
        )
    return value


def digest_of(item):
    """SHA-256 of an item's content, without when it was said."""
    content = [(f.name, getattr(item, f.name)) for f in fields(item) if f.name != "said_at"]
    return hashlib.sha256(repr((type(item).__name__, content)).encode()).hexdigest()
