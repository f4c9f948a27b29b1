"""Who may open the operators' pages, who may act there, and what every page knows."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from dispatch.access import scope_of
from dispatch.models import Role
from dispatch.pages import context_of
from integrations.pages import figures

SEES = {Role.ADMIN, Role.DISPATCHER, Role.AUDITOR}
ACTS = {Role.ADMIN, Role.DISPATCHER}
# (section, address, label, icon, which figure stands beside it)
SECTIONS = [
    ("index", "ops:index", _("总览"), "desk", ""),
    ("sources", "ops:sources", _("来源"), "link", ""),
    ("quarantine", "ops:quarantine", _("隔离区"), "inbox", "quarantined"),
    ("outbox", "ops:outbox", _("去件"), "outbox", "failed"),
    ("channels", "ops:channels", _("通道"), "send", ""),
    ("batches", "ops:batches", _("批量导入"), "attach", ""),
    ("acts", "ops:acts", _("操作记录"), "list", ""),
]


def operator_page(view):
    """A page for operators and auditors; `view` gets their scope as second argument.

    Nothing of it is kept by a browser: messages hold what citizens said.
    """
    return _guarded(view, SEES, require_safe)


def operator_act(view):
    """A POST by an operator; `view` gets the scope as second argument."""
    return _guarded(view, ACTS, require_POST)


def _guarded(view, roles, method):
    @method
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def guarded(request, **kwargs):
        scope = scope_of(request.user)
        if scope.role not in SEES:
            raise PermissionDenied(_("对接台只对系统管理员、派遣员和审计开放。"))
        if scope.role not in roles:
            raise PermissionDenied(_("审计只能查看，不能操作。"))
        return view(request, scope, **kwargs)

    @wraps(guarded)
    def signed_in(request, **kwargs):
        if request.htmx and not request.user.is_authenticated:
            # A fragment cannot show the sign-in page: the whole window goes there.
            return HttpResponseClientRedirect(resolve_url("login"))
        return login_required(guarded)(request, **kwargs)

    return signed_in


def may_act(scope):
    """Whether this person may change anything here."""
    return scope.role in ACTS


def may_follow_events(scope):
    """Whether this person has events to open; an administrator has none."""
    return scope.role != Role.ADMIN


def show(request, scope, template, section, *, status=200, **context):
    """The page `template` under the navigation, `section` marked in it."""
    counts = figures.waiting()
    sections = [
        {
            "name": name,
            "url": resolve_url(url),
            "label": label,
            "icon": icon,
            "count": counts.get(figure, 0),
            "current": name == section,
        }
        for name, url, label, icon, figure in SECTIONS
    ]
    shared = {
        "sections": sections,
        "may_act": may_act(scope),
        "may_follow_events": may_follow_events(scope),
    }
    context = context_of(request, scope, **shared, **context)
    return render(request, template, context, status=status)
