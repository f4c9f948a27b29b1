"""What goes over the wire: each message encoded once (docs/live.schema.json)."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.utils import translation

from events import moment
from events.entry import entry_json, stamp
from events.models import Log, TimelineEntry
from events.timeline import Position

# The kinds of access tokens that are also topics.
TOPIC_OF = {"a": "area", "d": "group"}


def encode(message):
    """JSON text without spaces, Chinese as it is."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def topics_of(tokens):
    """The topics that access tokens stand for, in a steady order."""
    return [f"{TOPIC_OF[token[0]]}:{token[2:]}" for token in sorted(tokens) if token[0] in TOPIC_OF]


def ready(position, recovered):
    """The answer to a subscription."""
    return encode({"op": "ready", "position": position.as_json(), "recovered": recovered})


def top(position):
    """The heartbeat: nothing up to `position` is outstanding."""
    return encode({"op": "top", "position": position.as_json(), "now": stamp(moment.now())})


def denied(topic):
    """A topic that is not, or no longer, this person's."""
    return encode({"op": "denied", "topic": topic})


RESET = encode({"op": "reset"})


def here(event, people):
    """Who has the event open; people are dicts of name, department, typing."""
    return encode({"op": "here", "event": event, "people": people})


def error(detail):
    """What was wrong with the client's message."""
    return encode({"op": "error", "detail": str(detail)})


@dataclass(frozen=True, slots=True)
class Encoded:
    """An entry as the hub keeps it: who may see it, where it shows, and its text.

    `reach` are its topics and those of the leavers; `denied` is what leavers are told.
    """

    offset: int
    at: object
    event_topic: str
    reach: tuple
    audience: frozenset
    leavers: frozenset
    text: str
    denied: str


@dataclass(frozen=True, slots=True)
class Tail:
    """A log's present end, and the entries that were asked for."""

    position: Position
    access_version: int
    entries: tuple = ()


def read_end(log_id):
    """The log's end alone. Raises Log.DoesNotExist."""
    epoch, offset, version = Log.objects.values_list("epoch", "top", "access_version").get(
        pk=log_id
    )
    return Tail(Position(str(epoch), offset), version)


def read_after(log_id, offset, limit):
    """The log's end, and up to `limit` entries after `offset`, oldest first."""
    end = read_end(log_id)
    if end.position.offset <= offset:
        return end
    return Tail(end.position, end.access_version, _read(log_id, offset, offset + limit))


def read_between(log_id, after, until):
    """The entries with after < offset <= until, oldest first."""
    return _read(log_id, after, until)


def _read(log_id, after, until):
    rows = (
        TimelineEntry.objects.filter(log_id=log_id, offset__gt=after, offset__lte=until)
        .annotate(number=F("event__number"))
        .order_by("offset")
    )
    with translation.override(settings.LANGUAGE_CODE):
        return tuple(_encoded(row) for row in rows)


def _encoded(row):
    event_topic = f"event:{row.number}"
    topics = [*topics_of(row.audience), event_topic, "desk"]
    return Encoded(
        offset=row.offset,
        at=row.at,
        event_topic=event_topic,
        reach=tuple(dict.fromkeys([*topics, *topics_of(row.leavers)])),
        audience=frozenset(row.audience),
        leavers=frozenset(row.leavers) - frozenset(row.audience),
        text=encode(
            {
                "op": "entry",
                "offset": row.offset,
                "topics": topics,
                "entry": entry_json(row, row.number),
            }
        ),
        denied=denied(event_topic),
    )
