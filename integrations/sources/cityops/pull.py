"""Pulling tasks by the key of the centre's table, and their pictures afterwards."""

import json
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from integrations.http import Unreachable
from integrations.reading.document import document
from integrations.reading.records import records
from integrations.sources.cityops.task import NUMBER
from integrations.sources.kind import Delivery, Unreadable

PAGE = 100
# Pictures are asked for a few at a time, and not for ever: a case without one is normal.
PICTURES_AT_ONCE, PICTURE_TRIES, PICTURES_WAITING = 5, 6, 1000


def page(source, cursor, fetch):
    """([Delivery…], next cursor): a page of tasks with a TASKID after the cursor's, each a delivery
    of its own; when there is none, the pictures of tasks that came before.

    `cursor` is {after: TASKID, pictures: [[TASKNUM, failures so far]…]}. Rows up to the cursor are
    left out, should the other side not page. Raises Unreadable, and Unreachable when the tasks
    cannot be had; that a picture cannot is only noted.
    """
    rows = _tasks(source, cursor.get("after"), fetch)
    waiting = list(cursor.get("pictures", ()))
    if not rows:
        deliveries, waiting = _pictures(source, waiting, fetch)
        return deliveries, {**cursor, "pictures": waiting}
    if source.options.get("picture_url"):
        known = {number for number, _failures in waiting}
        numbers = dict.fromkeys(fields.get(*NUMBER) for fields in rows)
        waiting += [[number, 0] for number in numbers if number and number not in known]
    after = max((_key(fields) for fields in rows), key=_order)
    deliveries = [_delivery(fields.record) for fields in rows]
    return deliveries, {"after": after, "pictures": waiting[-PICTURES_WAITING:]}


def _tasks(source, after, fetch):
    url = source.options.get("url")
    if not url:
        raise Unreadable(_("来源没有设置拉取地址（url）。"))
    asked = {"limit": source.options.get("page", PAGE)}
    if after is not None:
        asked["after"] = after
    found = _asked(source, url, asked, fetch)
    return [
        fields
        for fields in records(found, lambda fields: fields.any("TASKID"))
        if after is None or _order(_key(fields)) > _order(after)
    ]


def _pictures(source, waiting, fetch):
    deliveries, later = [], []
    for number, failures in waiting[:PICTURES_AT_ONCE]:
        try:
            found = _asked(source, source.options.get("picture_url"), {"tasknum": number}, fetch)
        except (Unreachable, Unreadable):
            found = []
        files = records(found, lambda fields: fields.any("Content", "Url", "Path"))
        items = [fields.record for fields in files]
        if items:
            deliveries.append(_delivery({"TaskNum": number, "attachment": {"item": items}}))
        elif failures + 1 < PICTURE_TRIES:
            later.append([number, failures + 1])
    # Those that have none yet go to the end, so that they keep no other waiting.
    return deliveries, waiting[PICTURES_AT_ONCE:] + later


def _asked(source, url, asked, fetch):
    """The data at an address. Raises Unreachable, Unreadable."""
    headers = dict(source.options.get("headers", {}))
    answer = fetch(
        f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}",
        headers=headers,
        max_bytes=source.max_bytes,
    )
    if answer.status == 404:
        return []
    if not 200 <= answer.status < 300:
        raise Unreachable(_("对方答复 HTTP %s。") % answer.status)
    if not answer.body.strip():
        return []
    return document(source, Delivery(answer.body, answer.content_type))


def _delivery(record):
    body = json.dumps(record, ensure_ascii=False, sort_keys=True).encode()
    return Delivery(body, "application/json")


def _key(fields):
    return fields.get("TASKID")


def _order(key):
    """Keys are numbers; should one not be, it comes after those."""
    return (0, int(key), "") if str(key).isdecimal() else (1, 0, str(key))
