"""How often a key may post, and an address may ask."""

from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from dispatch.api.throttles import Steady
from integrations import rates
from integrations.open311.faults import Fault


class AddressRate(Steady, SimpleRateThrottle):
    """What anybody may ask without a key; also how often an address may try keys."""

    scope = "public"

    def get_cache_key(self, request, view):
        """By the client's address."""
        return self.cache_format % {"scope": "open311", "ident": self.get_ident(request)}


def check_address(request):
    """Refuse an address that asks too often. Raises Fault: 429."""
    throttle = AddressRate()
    if not throttle.allow_request(request, None):
        raise _too_often(int(throttle.wait() or 0) + 1)


def check_key(key):
    """Refuse a key that posts too often, from whichever address. Raises Fault: 429."""
    if seconds := rates.wait(f"open311:{key.pk}", key.per_minute):
        raise _too_often(seconds)


def _too_often(seconds):
    return Fault(
        _("请求太频繁，请 %(seconds)d 秒后再试。") % {"seconds": seconds},
        status=429,
        headers={"Retry-After": str(seconds)},
    )
