"""Who is let in, with how much, how often. What is not let in leaves a count and a reason, no row.

Anybody could fill a disk with what is kept before the signature is looked at; see
docs/decisions/0009-refused-deliveries.md.
"""

from axes.helpers import get_client_ip_address
from django.db.models import F
from django.http import UnreadablePostError
from django.utils.translation import gettext as _

from dispatch.api.problems import plain
from events import moment
from integrations import meters, rates
from integrations.models import Source
from integrations.signatures import Attempt, Refusal, scheme_of

# So many refusals a minute and address are noted at the source; what is more gets an answer only.
NOTED_PER_MINUTE = 60
RETRY_AFTER_S = 5


class NotAdmitted(Exception):
    """The request is not let in; `response` says why."""

    def __init__(self, response):
        super().__init__(response.status_code)
        self.response = response


def admit(request, source):
    """(body, delivery id) of a request that the source has signed, within its limits.

    Raises NotAdmitted: 401, 411, 413, 415 or 429.
    """
    address = get_client_ip_address(request) or ""
    attempt = Attempt(source, request.headers, address, moment.now())
    try:
        scheme = scheme_of(source)
        scheme.check_headers(attempt)
        body = _read(request, source.max_bytes)
        delivery_id = scheme.check(attempt, body)
    except Refusal as refusal:
        raise _refused(source, address, 401, str(refusal)) from None
    except _Unfit as unfit:
        raise _refused(source, address, unfit.status, str(unfit)) from None
    if seconds := rates.wait(f"feed:{source.pk}", source.per_minute):
        meters.REFUSED.labels(429).inc()
        detail = _("发送太频繁，请稍后重发；消息没有接收。")
        raise NotAdmitted(later(429, detail, seconds))
    return body, delivery_id


def later(status, detail, seconds):
    """A problem response that says after how many seconds to try again."""
    response = plain(status, detail)
    response["Retry-After"] = str(seconds)
    return response


class _Unfit(Exception):
    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = status


def _read(request, limit):
    """The body, never more than `limit` bytes of it."""
    too_large = _Unfit(413, _("消息超过 %(bytes)s 字节，没有接收。") % {"bytes": limit})
    if request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise _Unfit(415, _("不接受压缩的消息，请不要使用 Content-Encoding。"))
    stated = request.headers.get("Content-Length") or ""
    if stated.isdecimal() and int(stated[:20]) > limit:
        raise too_large
    try:
        body = request.read(limit + 1)
    except (UnreadablePostError, OSError):
        raise _Unfit(400, _("消息没有传完，没有接收。")) from None
    if len(body) > limit:
        raise too_large
    if not body and not stated and request.headers.get("Transfer-Encoding"):
        raise _Unfit(411, _("需要 Content-Length。"))
    return body


def _refused(source, address, status, why):
    meters.REFUSED.labels(status).inc()
    if rates.wait(f"refused:{address}", NOTED_PER_MINUTE):
        return NotAdmitted(later(429, _("尝试太频繁，请稍后再试。"), rates.WINDOW_S))
    Source.objects.filter(pk=source.pk).update(
        refused=F("refused") + 1, refused_at=moment.now(), refused_why=why[:200]
    )
    response = plain(status, why)
    if status == 401:
        response["WWW-Authenticate"] = source.scheme
    return NotAdmitted(response)
