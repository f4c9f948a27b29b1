"""A request id on every answer and log line; the client's address behind trusted proxies."""

import contextvars
import logging
import time
import uuid

from django.conf import settings

REQUEST_ID = contextvars.ContextVar("request_id", default="")
log = logging.getLogger("xianfeng.request")


class RequestLog:
    """Logs method, route, status and milliseconds; never bodies, query strings or names."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = REQUEST_ID.set(uuid.uuid4().hex[:12])
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = REQUEST_ID.get()
            match = request.resolver_match
            log.info(
                "request",
                extra={
                    "fields": {
                        "method": request.method,
                        "route": match.route if match else "",
                        "status": response.status_code,
                        "ms": round((time.perf_counter() - started) * 1000, 1),
                    }
                },
            )
            return response
        finally:
            REQUEST_ID.reset(token)


def client_ip(request):
    """The client's address: the hop before our trusted proxies, else the peer's."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXIES and hops[-settings.TRUSTED_PROXIES]:
            return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")
