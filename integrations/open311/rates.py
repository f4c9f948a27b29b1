"""How often a key may post, and an address may ask."""

from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from dispatch.api.throttles import Steady
from integrations.open311.faults import Fault


class AddressRate(Steady, SimpleRateThrottle):
    """What anybody may ask without a key; also how often an address may try keys."""

    scope = "public"

    def get_cache_key(self, request, view):
        """By the client's address."""
        return self.cache_format % {"scope": "open311", "ident": self.get_ident(request)}


class KeyRate(Steady, SimpleRateThrottle):
    """Posts by a key, whichever address they come from."""

    def __init__(self, key):
        self.key, self.rate = key, f"{key.per_minute}/min"
        super().__init__()

    def get_cache_key(self, request, view):
        """By the key."""
        return self.cache_format % {"scope": "open311-key", "ident": self.key.pk}


def check(throttle, request):
    """Refuse with 429 when it is too often. Raises Fault."""
    if throttle.allow_request(request, None):
        return
    wait = int(throttle.wait() or 0) + 1
    raise Fault(
        _("请求太频繁，请 %(wait)d 秒后再试。") % {"wait": wait},
        status=429,
        headers={"Retry-After": str(wait)},
    )
