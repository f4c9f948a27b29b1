"""A shared token: `Authorization: Bearer …` or `X-Api-Key: …`. Only over HTTPS or a closed line."""

import hmac

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.signatures.scheme import Refusal, Scheme

IDS = ("webhook-id", "idempotency-key")


class Token(Scheme):
    """The token itself comes with every delivery; its id, if any, in one of IDS."""

    label = gettext_lazy("共享令牌")

    def check_headers(self, attempt):
        if not _offered(attempt):
            raise Refusal(_("缺少令牌：需要 Authorization: Bearer 或 X-Api-Key。"))

    def check(self, attempt, body):
        offered = _offered(attempt).encode()
        # All are compared, so that the time taken tells nothing.
        matches = [hmac.compare_digest(secret.encode(), offered) for secret in attempt.secrets()]
        if not any(matches):
            raise Refusal(_("令牌不符。"))
        return next((value for name in IDS if (value := attempt.id_in(name))), "")


def _offered(attempt):
    kind, _blank, value = attempt.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and value.strip():
        return value.strip()
    return attempt.headers.get("X-Api-Key", "").strip()


SCHEME = Token()
