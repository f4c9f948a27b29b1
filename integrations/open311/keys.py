"""The api_key of a post."""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from events import moment
from integrations.models import ApiKey
from integrations.open311 import rates
from integrations.open311.faults import Fault

TEXT = re.compile(r"[!-~]{8,200}")


def key_of(text):
    """The ApiKey that is good now, or None."""
    if not TEXT.fullmatch(text or ""):
        return None
    return (
        ApiKey.objects.filter(digest=ApiKey.digest_of(text), active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=moment.now()))
        .first()
    )


def check(request, text):
    """The ApiKey of a post, within its rate. Raises Fault: 403, or 429.

    Wrong keys are counted by address, so that nobody can try many.
    """
    key = key_of(text)
    if key is None:
        rates.check_address(request)
        raise Fault(_("api_key 无效或已停用。") if text else _("缺少 api_key。"), status=403)
    rates.check_key(key)
    return key
