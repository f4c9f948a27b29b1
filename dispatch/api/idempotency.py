"""`Idempotency-Key` on POST: the same request sent again is answered, not done again."""

import functools
import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from dispatch.models import IdempotencyKey
from dispatch.problem import Conflict, Invalid
from events import moment

HEADER = "Idempotency-Key"


def idempotent(view):
    """Run `view` once per key and user; key and effect commit together, refusals keep no key."""

    @functools.wraps(view)
    def once(request, *args, **kwargs):
        key = request.headers.get(HEADER, "")
        if not key:
            return view(request, *args, **kwargs)
        if len(key) > 200 or not key.isprintable():
            raise Invalid(**{"Idempotency-Key": _("最长 200 个可见字符。")})
        digest = _digest(request)
        try:
            with transaction.atomic():
                row = IdempotencyKey.objects.create(
                    user=request.user, key=key, digest=digest, created_at=moment.now()
                )
                response = view(request, *args, **kwargs)
                # Kept as text: a JSON column of PostgreSQL would give another order back.
                row.status = response.status_code
                row.body = JSONRenderer().render(response.data).decode()
                row.save(update_fields=["status", "body"])
                return response
        except IntegrityError:
            earlier = _find(request, key)
            if earlier is None:
                raise
            return _replay(earlier, digest)

    return once


def _find(request, key):
    return IdempotencyKey.objects.filter(user=request.user, key=key).first()


def _replay(earlier, digest):
    if earlier.digest != digest:
        raise Conflict(_("这个 Idempotency-Key 已用于另一个请求。"))
    return Response(
        json.loads(earlier.body), earlier.status, headers={"Idempotent-Replayed": "true"}
    )


def _digest(request):
    body = json.dumps(request.data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
