"""Pulling from a GeoReport server, round by round, what has changed since the last round.

The standard lets us ask by when a request was made only, so a round looks through the last 90 days
page by page and takes what its `updated_datetime` says is new; a server that understands
`updated_after` is asked for just that. A server that knows no pages gives everything at once: then
the next page is the same again, and the round is over.

The cursor is {since: the newest updated_datetime of the rounds before, page: where this round is,
newest: of this round, first: the first id of the page before, over: whether the round has ended}.
"""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from events import moment
from integrations.http import Unreachable
from integrations.models import ExternalId
from integrations.reading.times import parse_or_none
from integrations.sources.georeport.request import ID, closed, requests_of
from integrations.sources.kind import Delivery, Unreadable

PAGE_SIZE = 100
# Pages without news are turned so often in one call; what follows waits for the next.
PAGES_A_CALL = 20
# Before every request. One that carries no time is new each time; the inbox knows its content.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def page(source, cursor, fetch):
    """([Delivery…], next cursor): the next requests with news, each a delivery of its own.

    An empty list means that a round has ended. Raises Unreachable and Unreadable.
    """
    if cursor.get("over"):
        return [], {"since": cursor["since"]}
    for _turn in range(PAGES_A_CALL):
        rows = _rows(source, cursor, fetch)
        again = bool(rows) and rows[0].get(ID) == cursor.get("first")
        fresh = [] if again else _fresh(source, rows, _time(cursor.get("since")))
        over = again or len(rows) < _size(source)
        cursor = _onward(source, cursor, [] if again else rows, over)
        if fresh:
            return [_delivery(fields) for fields in fresh], cursor
        if over:
            return [], {"since": cursor["since"]}
    return [], cursor


def _rows(source, cursor, fetch):
    url = str(source.options.get("url", "")).rstrip("/")
    if not url:
        raise Unreadable(_("来源没有设置拉取地址（url）。"))
    form = "xml" if source.options.get("format") == "xml" else "json"
    asked = {"page": cursor.get("page", 1), "page_size": _size(source)}
    for name in ("jurisdiction_id", "api_key"):
        if value := source.options.get(name):
            asked[name] = value
    if source.options.get("updated_after") and cursor.get("since"):
        asked["updated_after"] = cursor["since"]
    answer = fetch(f"{url}/requests.{form}?{urlencode(asked)}", max_bytes=source.max_bytes)
    if answer.status != 200:
        raise Unreachable(_("对方答复 HTTP %s。") % answer.status)
    return requests_of(source, Delivery(answer.body, answer.content_type))


def _size(source):
    return int(source.options.get("page_size") or PAGE_SIZE)


def _fresh(source, rows, since):
    """The rows that were updated at `since` or later, but for what had ended there before we ever
    heard of it: nobody is to be sent to that."""
    fresh = [fields for fields in rows if (_updated(source, fields) or since) >= since]
    ended = {fields.get(ID) for fields in fresh if closed(fields)}
    known = set(
        ExternalId.objects.filter(source=source, value__in=ended).values_list("value", flat=True)
    )
    return [fields for fields in fresh if fields.get(ID) not in ended - known]


def _onward(source, cursor, rows, over):
    """The cursor behind these rows; a new round begins behind the last of them."""
    times = [time for fields in rows if (time := _updated(source, fields))]
    newest = max([*times, _time(cursor.get("newest")), _time(cursor.get("since"))])
    if over:
        # A clock that runs ahead there must not hide what comes here later.
        return {"since": _text(min(newest, moment.now())), "over": True}
    return {
        "since": cursor.get("since"),
        "page": cursor.get("page", 1) + 1,
        "newest": _text(newest),
        "first": rows[0].get(ID),
    }


def _updated(source, fields):
    return parse_or_none(
        fields.get("updated_datetime") or fields.get("requested_datetime"), source.time_zone
    )


def _time(text):
    return datetime.fromisoformat(text) if text else NEVER


def _text(time):
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _delivery(fields):
    body = json.dumps(fields.record, ensure_ascii=False, sort_keys=True).encode()
    return Delivery(body, "application/json")
