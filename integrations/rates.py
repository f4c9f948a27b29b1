"""How many a minute: counted together in the shared cache, alone while it is away."""

import logging
import time

from django.core.cache import caches
from redis.exceptions import RedisError

from events import moment

AWAY_SECONDS = 5
WINDOW_S = 60
log = logging.getLogger("xianfeng.inbox")


class _Shared:
    away_until = float("-inf")


def wait(name, per_minute):
    """Count one of `name`; whole seconds until there is room again, 0 when there is room now."""
    window, passed = divmod(int(moment.now().timestamp()), WINDOW_S)
    return WINDOW_S - passed if _count(f"rate:{name}:{window}") > per_minute else 0


def _count(key):
    if time.monotonic() >= _Shared.away_until:
        try:
            return _count_in(caches["default"], key)
        except RedisError as error:
            _Shared.away_until = time.monotonic() + AWAY_SECONDS
            log.warning("each process counts its own deliveries: %s", type(error).__name__)
    return _count_in(caches["local"], key)


def _count_in(cache, key):
    cache.add(key, 0, 2 * WINDOW_S)
    try:
        return cache.incr(key)
    except ValueError:
        # The key went between the two: the count begins anew.
        cache.add(key, 1, 2 * WINDOW_S)
        return 1
