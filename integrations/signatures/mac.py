"""HMAC-SHA256 of the body in hex, as `X-Signature: …` or `X-Hub-Signature-256: sha256=…`.

Options of the source: `signature_header` for another name, `signed_time: true` when the sender also
gives `X-Timestamp` (seconds) and signs `<timestamp>.<body>`. Without it an old delivery can be sent
again by whoever overheard it, and is then answered as the repetition that it is.
"""

import hashlib
import hmac

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.signatures.scheme import Refusal, Scheme, option_of

NAMES = ("X-Signature", "X-Hub-Signature-256")
TIME = "X-Timestamp"


class Mac(Scheme):
    """The body is signed, ids in the headers are not: the body's digest is the delivery's id."""

    label = gettext_lazy("HMAC-SHA256 签名")

    def check_headers(self, attempt):
        if not _offered(attempt):
            raise Refusal(_("缺少签名头。"))
        if option_of(attempt.source, "signed_time"):
            attempt.check_time(attempt.headers.get(TIME, ""))

    def check(self, attempt, body):
        signed = body
        if option_of(attempt.source, "signed_time"):
            signed = attempt.headers[TIME].encode() + b"." + body
        offered = _offered(attempt).encode()
        matches = [
            hmac.compare_digest(
                hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode(), offered
            )
            for secret in attempt.secrets()
        ]
        if not any(matches):
            raise Refusal(_("签名不符。"))
        return ""


def _offered(attempt):
    own = option_of(attempt.source, "signature_header")
    for name in [str(own)] if own else NAMES:
        if value := attempt.headers.get(name, ""):
            return value.strip().removeprefix("sha256=").lower()
    return ""


SCHEME = Mac()
