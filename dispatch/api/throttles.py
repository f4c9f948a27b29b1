"""Rate limits per person (or address), by door; the rates are settings.

All processes count together in Redis. While it is away each counts for itself: no request is
refused, or held up for long, because of it.
"""

import logging
import time

from django.core.cache import caches
from redis.exceptions import RedisError
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

# How long a process counts for itself before it asks Redis again.
AWAY_SECONDS = 5
log = logging.getLogger("xianfeng.api")


class Steady:
    """A throttle that does not need the shared cache."""

    away_until = float("-inf")

    def allow_request(self, request, view):
        """Whether the request is within its rate."""
        if time.monotonic() >= Steady.away_until:
            try:
                return super().allow_request(request, view)
            except RedisError as error:
                Steady.away_until = time.monotonic() + AWAY_SECONDS
                log.warning("each process counts its own requests: %s", type(error).__name__)
        self.cache = caches["local"]
        return super().allow_request(request, view)


class ReportRate(Steady, UserRateThrottle):
    """Reports."""

    scope = "report"


class ActionRate(Steady, UserRateThrottle):
    """Actions on events."""

    scope = "action"


class UploadRate(Steady, UserRateThrottle):
    """Attachments."""

    scope = "upload"


class TokenRate(Steady, AnonRateThrottle):
    """Sign-ins by token."""

    scope = "token"
