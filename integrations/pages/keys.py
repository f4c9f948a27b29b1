"""The keys that a source signs with: made here, shown once, ended when they are rotated."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import moment
from integrations.models import SourceSecret, Verb
from integrations.pages import audit
from integrations.pages.guard import operator_act, show
from integrations.pages.sources import source_of
from integrations.signatures import Refusal, scheme_of

# How long an old key is good for, so that the other side can change to the new one.
GRACES = {
    "0": (timedelta(), gettext_lazy("立即")),
    "1": (timedelta(days=1), gettext_lazy("24 小时后")),
    "7": (timedelta(days=7), gettext_lazy("7 天后")),
}


@operator_act
def add(request, scope, code):
    """Make a key and show it: the only time that anybody sees it."""
    source = source_of(code)
    try:
        text = scheme_of(source).new_secret()
    except (Refusal, NotImplementedError):
        messages.error(request, _("这种签名方式不用密钥。"))
        return redirect("ops:settings", code=code)
    row = SourceSecret.objects.create(source=source, secret=text)
    audit.note(request.user, Verb.SECRET_ADDED, f"#{row.pk}", source=source)
    return show(
        request,
        scope,
        "ops/source_secret.html",
        "sources",
        source=source,
        secret=text,
        tab="settings",
    )


@operator_act
def expire(request, scope, code, pk):
    """End a key, at once or after a grace."""
    source = source_of(code)
    row = SourceSecret.objects.filter(source=source, pk=pk).first()
    if row is None:
        raise Http404(_("没有这个密钥。"))
    if request.POST.get("after") not in GRACES:
        messages.error(request, _("请选择何时停用。"))
        return redirect("ops:settings", code=code)
    at = moment.now() + GRACES[request.POST["after"]][0]
    if row.expires_at and row.expires_at <= at:
        messages.error(request, _("这个密钥已经停用，或将更早停用。"))
        return redirect("ops:settings", code=code)
    row.expires_at = at
    row.save(update_fields=["expires_at"])
    words = f"{localtime(at):%Y-%m-%d %H:%M}"
    audit.note(request.user, Verb.SECRET_EXPIRED, f"#{pk} · {words}", source=source)
    messages.success(request, _("密钥 #%(pk)s 将于 %(at)s 停用。") % {"pk": pk, "at": words})
    return redirect("ops:settings", code=code)
