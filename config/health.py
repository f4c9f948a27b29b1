"""`/healthz` (alive), `/readyz` (fit for traffic), `/metrics` (Prometheus)."""

import secrets

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from dispatch import audit
from dispatch.clock import pulse
from events import moment
from integrations import inbox, outbox


@never_cache
def healthz(request):
    """The process answers."""
    return JsonResponse({"alive": True})


def layer_answers():
    """Whether Redis answers within a second; without Redis the layer is this process itself."""
    if not settings.REDIS_URL:
        return True
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


@never_cache
def readyz(request):
    """200 when the database, the layer and the clock work; else 503 with what does not.

    A clock works when it beats and no step has waited for longer than a minute.
    """
    now = moment.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        clock, letters, audited = pulse(now), outbox.backlog(now), audit.latest(now)
        arrived = inbox.backlog(now)
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    layer = layer_answers()
    ready = clock["alive"] and not clock["backlog"] and layer
    # A channel that is down is somebody else's illness: shown, but this process is fit.
    # Nor does an auditor that stands still, or what it found, make this process unfit.
    return JsonResponse(
        {
            "ready": ready,
            "database": True,
            "layer": layer,
            "clock": clock,
            "audit": audited,
            "inbox": arrived,
            "outbox": letters,
        },
        status=200 if ready else 503,
    )


@never_cache
def metrics(request):
    """Prometheus text; from this machine, or with the bearer token of the settings."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    allowed = (
        secrets.compare_digest(given, token)
        if token
        else request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
        and "HTTP_X_FORWARDED_FOR" not in request.META
    )
    if not allowed:
        return HttpResponseForbidden()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
