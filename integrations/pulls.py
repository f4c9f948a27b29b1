"""Sources that do not push are asked, page by page; what they answer goes through the inbox.

The cursor moves in the transaction that keeps the page: after a crash anywhere the same page is
asked for again, and a delivery that is there already is not kept twice.
"""

import logging
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from events import moment
from integrations import http
from integrations.inbox import receive
from integrations.models import InboundState, Source
from integrations.processing import process
from integrations.reading.text import storable
from integrations.sources import Unreadable, kind_of

# Nobody else asks a source that is being asked for so long; a crash delays it by as much.
LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_PAGES = 50
log = logging.getLogger("xianfeng.inbox")


def tick(seconds=20.0):
    """Ask the sources that are due, for about `seconds` in all; how many were asked."""
    end, asked = time.monotonic() + seconds, 0
    for source in list(due()):
        if time.monotonic() >= end:
            break
        if claim(source):
            asked += 1
            ask(source, end)
    return asked


def due():
    """The active sources whose time has come, the longest waiting first."""
    ready = Q(pull_next_at__isnull=True) | Q(pull_next_at__lte=moment.now())
    return Source.objects.filter(ready, active=True, pull_every_s__gt=0).order_by("pull_next_at")


def claim(source):
    """Whether this process may ask the source; of several that looked, one may."""
    unclaimed = Source.objects.filter(pk=source.pk)
    if source.pull_next_at is None:
        unclaimed = unclaimed.filter(pull_next_at__isnull=True)
    else:
        unclaimed = unclaimed.filter(pull_next_at=source.pull_next_at)
    return bool(unclaimed.update(pull_next_at=moment.now() + LEASE))


def ask(source, end=float("inf")):
    """Ask page after page until there is nothing new, or until `end` (time.monotonic).

    What goes wrong is written at the source in words; it is asked again later, each time after a
    longer pause.
    """
    try:
        whole = _pages(source, end)
    except (OperationalError, InterfaceError):
        raise
    except (http.Unreachable, Unreadable) as fault:
        _failed(source, str(fault))
        return
    except Exception as error:
        name = type(error).__name__
        log.error("a pull failed", extra={"fields": {"source": source.code, "error": name}})
        _failed(source, _("拉取时出错（%(error)s）。") % {"error": name})
        return
    pause = timedelta(seconds=source.pull_every_s if whole else 0)
    Source.objects.filter(pk=source.pk).update(
        pull_next_at=moment.now() + pause, pull_error="", pull_failures=0
    )


def _pages(source, end):
    """Whether everything new has been taken."""
    kind = kind_of(source)
    for _page in range(MOST_PAGES):
        deliveries, cursor = kind.pull(source, source.pull_cursor, http.fetch)
        messages = _keep(source, deliveries, cursor)
        for message in messages:
            if message.state == InboundState.RECEIVED:
                process(message)
        if not deliveries:
            return True
        if time.monotonic() >= end:
            return False
    return False


def _keep(source, deliveries, cursor):
    """The new messages of a page; kept together with the cursor that leads to the next one."""
    with transaction.atomic():
        held = Source.objects.select_for_update().values_list("pull_cursor", flat=True)
        if held.get(pk=source.pk) != source.pull_cursor:
            raise Unreadable(_("同时有另一个进程在拉取，已停止本次拉取。"))
        found = [receive(source, delivery) for delivery in deliveries]
        Source.objects.filter(pk=source.pk).update(pull_cursor=cursor)
    source.pull_cursor = cursor
    return [message for message, created in found if created]


def _failed(source, why):
    grown = timedelta(seconds=source.pull_every_s) * 2 ** min(source.pull_failures, 10)
    pause = max(timedelta(seconds=source.pull_every_s), min(grown, LONGEST_PAUSE))
    Source.objects.filter(pk=source.pk).update(
        pull_next_at=moment.now() + pause,
        pull_error=storable(why, 500),
        pull_failures=F("pull_failures") + 1,
    )
