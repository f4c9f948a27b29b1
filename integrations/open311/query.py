"""`GET requests`: which ones are asked for."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from events import moment
from integrations.models.open311 import CODE
from integrations.open311.faults import Fault

SPAN = timedelta(days=90)
MOST = 1000
# Beyond this many pages of a thousand nobody reads; a narrower range of dates is cheaper for both.
LAST_PAGE = 1000
NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")
# W3C date and time: a year, a month, a day, or a time with its zone.
W3C = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2}))?)?)?"
)
STATUSES = {"open", "closed"}


@dataclass(frozen=True)
class Query:
    """What is asked for. `numbers` overrides everything else; no `codes` are all services."""

    numbers: tuple = ()
    codes: tuple | None = None
    statuses: frozenset = frozenset()
    start: datetime | None = None
    end: datetime | None = None
    page: int = 1
    page_size: int = MOST


def read(params):
    """The Query of a query string. Raises Fault with everything that is wrong."""
    if numbers := _words(params, "service_request_id"):
        if len(numbers) > MOST:
            raise Fault(_("service_request_id 一次最多 %(most)d 个。") % {"most": MOST})
        return Query(numbers=tuple(numbers))
    wrong = []
    statuses = frozenset(word.lower() for word in _words(params, "status"))
    if not statuses <= STATUSES:
        wrong.append(_("status 应为 open 或 closed。"))
    start, end = (_moment(params, name, wrong) for name in ("start_date", "end_date"))
    start, end = _span(start, end, wrong)
    page = _number(params, "page", 1, LAST_PAGE, wrong)
    page_size = _number(params, "page_size", MOST, None, wrong)
    if wrong:
        raise Fault(*wrong)
    codes = _words(params, "service_code")
    codes = tuple(filter(CODE.regex.match, codes)) if codes else None
    return Query((), codes, statuses, start, end, page, min(page_size, MOST))


def _words(params, name):
    """The words of a parameter that may stand several times, or hold commas."""
    words = [word.strip() for text in params.getlist(name) for word in text.split(",")]
    return list(dict.fromkeys(word for word in words if word))


def _moment(params, name, wrong):
    # A plus sign that nobody escaped has become a blank.
    text = params.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        year, month, day, time = W3C.fullmatch(text).groups()
        if time:
            return datetime.fromisoformat(text).astimezone(UTC)
        return datetime(int(year), int(month or 1), int(day or 1), tzinfo=get_default_timezone())
    except (AttributeError, ValueError, OverflowError):
        wrong.append(
            _("%(name)s 应为 W3C 时间并带时区，例如 2026-11-21T00:00:00Z。") % {"name": name}
        )
        return None


def _span(start, end, wrong):
    """The range: 90 days from the one end that is given, the last 90 days without any."""
    if start and end:
        if end < start:
            wrong.append(_("end_date 早于 start_date。"))
        elif end - start > SPAN:
            wrong.append(_("start_date 到 end_date 不能超过 90 天。"))
        return start, end
    try:
        if start:
            return start, start + SPAN
        end = end or moment.now()
        return end - SPAN, end
    except OverflowError:
        wrong.append(_("日期超出范围。"))
        return None, None


def _number(params, name, otherwise, most, wrong):
    text = params.get(name, "").strip()
    if not text:
        return otherwise
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= (most or int(text)):
        wrong.append(_("%(name)s 应为正整数。") % {"name": name})
        return otherwise
    return int(text)
