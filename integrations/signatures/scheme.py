"""What a signature scheme must be able to do: let a request in, or refuse it."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

LONGEST_ID = 200


class Refusal(Exception):
    """The request is not let in; the text says why and gives no secret away."""


@dataclass(frozen=True)
class Attempt:
    """What stands at the door. `headers` ignores case; `address` is the client's."""

    source: object
    headers: object
    address: str
    now: datetime

    def secrets(self):
        """The source's secrets that are valid now, newest first; several while they are rotated.

        One query. Raises Refusal when there is none.
        """
        valid = Q(expires_at__isnull=True) | Q(expires_at__gt=self.now)
        found = self.source.secrets.filter(valid).order_by("-pk").values_list("secret", flat=True)
        if not found:
            raise Refusal(_("来源没有有效的密钥。"))
        return list(found)

    def check_time(self, text):
        """Refuse seconds since 1970 that are further from now than the source's clock may be."""
        try:
            stated = datetime.fromtimestamp(int(text), UTC)
        except (ValueError, OverflowError, OSError):
            raise Refusal(_("时间戳无效，应为 1970 年以来的秒数。")) from None
        if abs((stated - self.now).total_seconds()) > self.source.skew_seconds:
            raise Refusal(_("时间戳与本机相差太大：消息过期、被重放，或对方时钟不准。"))

    def id_in(self, name):
        """The delivery's id in a header, "" without one. Raises Refusal for what is no id."""
        value = self.headers.get(name, "")
        if len(value) > LONGEST_ID or not value.isprintable():
            raise Refusal(_("%(header)s 应为最长 200 个可见字符。") % {"header": name})
        return value


def option_of(source, name):
    """One of a source's options, or None, whatever stands there instead of options."""
    return source.options.get(name) if isinstance(source.options, dict) else None


class Scheme:
    """A scheme. `label` is what operators choose it by."""

    label = ""

    def check_headers(self, attempt):
        """Refuse what the headers alone tell, before the body is read. Raises Refusal."""

    def check(self, attempt, body):
        """The delivery's id, or "" where the scheme has none. Raises Refusal."""
        raise NotImplementedError

    def new_secret(self):
        """A fresh secret in the scheme's form, for the operator to hand over.

        Raises NotImplementedError where the scheme has no secrets.
        """
        return secrets.token_urlsafe(32)
