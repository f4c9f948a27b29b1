"""The pages people look at: who may open which, and what every page knows about its reader."""

import json
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from dispatch.access import may_follow, scope_of
from dispatch.models import Officer, Role
from geo.models import Area, Road

# The pages of each role; the first is where it starts. The event room is everyone's, per event.
PAGES = {
    Role.GRID_WORKER: ["report", "desk"],
    Role.OFFICER: ["desk", "report"],
    Role.SUPERVISOR: ["wall", "desk", "report"],
    Role.DISPATCHER: ["desk", "wall", "report", "ops:index"],
    Role.AUDITOR: ["wall", "desk", "ops:index"],
    Role.ADMIN: ["admin:index", "ops:index"],
}
LABELS = {
    "report": (_("上报"), "photo"),
    "desk": (_("值班台"), "desk"),
    "wall": (_("指挥大屏"), "wall"),
    "ops:index": (_("对接台"), "link"),
    "admin:index": (_("后台管理"), "settings"),
}
THEMES = {"light", "dark"}
# Shown on the sign-in page of a demo only: the published password and who there is.
DEMO_PASSWORD = "xianfeng-demo"  # noqa: S105 - published, and refused outside demo mode
DEMO_USERNAMES = [
    "grid.beiyuan",
    "duty.hongqiao",
    "police.hongqiao",
    "committee.beiyuan",
    "cityops.hongqiao",
    "dispatcher",
    "supervisor.hongqiao",
    "supervisor",
    "auditor",
    "admin",
]


def pages_of(user, scope):
    """Names of the pages this person may open, the start page first."""
    names = list(PAGES.get(scope.role, []))
    if user.is_staff and "admin:index" not in names:
        names.append("admin:index")
    return names


def reader(user, scope):
    """What a page knows about its reader: {id, username, name, role, department, areas, …}."""
    areas = list(
        Area.objects.current().filter(code__in=scope.areas).order_by("code").values("code", "name")
    )
    department = {"code": scope.department_code, "name": scope.department_name}
    return {
        "id": user.pk,
        "username": user.get_username(),
        "name": scope.name,
        "role": scope.role,
        "role_name": Role(scope.role).label if scope.role else "",
        "department": department,
        "areas": areas,
        "areas_json": json.dumps(areas, ensure_ascii=False),
    }


def context_of(request, scope, **more):
    """The context of a signed-in page."""
    here = request.resolver_match.view_name
    links = [
        {
            "url": reverse(name),
            "label": LABELS[name][0],
            "icon": LABELS[name][1],
            "current": name == here,
        }
        for name in pages_of(request.user, scope)
    ]
    shown = {"me": reader(request.user, scope), "pages": links, "theme": theme(request)}
    return shown | more


def theme(request):
    """The reader's own choice of light or dark, or "" for the system's."""
    choice = request.COOKIES.get("theme", "")
    return choice if choice in THEMES else ""


def page(view):
    """A page for people who are signed in; `view` gets their scope as second argument."""

    @login_required
    @require_safe
    @cache_control(private=True, no_cache=True)
    @wraps(view)
    def guarded(request, **kwargs):
        return view(request, scope_of(request.user), **kwargs)

    return guarded


def check_page(request, scope):
    """Raises PermissionDenied when this role has no such page."""
    if request.resolver_match.view_name not in pages_of(request.user, scope):
        raise PermissionDenied(_("你的角色没有这个页面。"))


@page
def home(request, scope):
    """To the first page of the reader's role."""
    names = pages_of(request.user, scope)
    if not names:
        raise PermissionDenied(_("你的账号还没有分配角色，请联系系统管理员。"))
    return redirect(names[0])


@page
def report(request, scope):
    """The phone page of those who report."""
    check_page(request, scope)
    return render(request, "phone.html", context_of(request, scope))


@page
def desk(request, scope):
    """The duty officer's desk."""
    check_page(request, scope)
    return render(request, "desk.html", context_of(request, scope))


@page
def room(request, scope, number):
    """One event's room; to whom the event is not visible, it does not exist."""
    if not may_follow(scope, number):
        raise Http404(_("没有这个事件，或你无权查看。"))
    return render(request, "room.html", context_of(request, scope, number=number))


@page
def wall(request, scope):
    """The supervisor's wall; always dark."""
    check_page(request, scope)
    return render(request, "wall.html", context_of(request, scope, theme="dark"))


@login_required
@require_safe
@cache_control(private=True, max_age=3600)
def roads(request):
    """The named roads with their centrelines (GeoJSON, WGS-84), for the ground of the map."""
    rows = Road.objects.exclude(line=None).values("name", "line")
    return JsonResponse({"results": list(rows)}, json_dumps_params={"ensure_ascii": False})


def demo_accounts():
    """The demo's accounts as the sign-in page offers them; none outside demo mode."""
    if not settings.DEMO:
        return []
    officers = {
        officer.user.get_username(): officer
        for officer in Officer.objects.filter(user__username__in=DEMO_USERNAMES).select_related(
            "user", "department"
        )
    }
    return [
        {
            "username": name,
            "role": officers[name].get_role_display(),
            "place": officers[name].department.name if officers[name].department else "",
        }
        for name in DEMO_USERNAMES
        if name in officers
    ]


def sign_in_context(request):
    """What the sign-in page shows beside its form."""
    return {
        "theme": theme(request),
        "username": request.POST.get("username", ""),
        "demo_accounts": demo_accounts(),
        "demo_password": DEMO_PASSWORD if settings.DEMO else "",
    }


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """The sign-in page."""

    template_name = "signin.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, **sign_in_context(self.request))


def locked_out(request, response, credentials):
    """After too many failures: the sign-in page again, saying when to come back; 429."""
    context = {
        "locked_minutes": round(float(settings.AXES_COOLOFF_TIME) * 60),
        "next": request.POST.get("next", ""),
        **sign_in_context(request),
    }
    return render(request, "signin.html", context, status=429)


@require_safe
@cache_control(no_cache=True)
def service_worker(request):
    """The service worker, at the root so that it may look after the phone page."""
    response = render(request, "sw.js", content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return response


@require_safe
@cache_control(max_age=3600)
def manifest(request):
    """The web app manifest: how the phone page is installed."""
    return JsonResponse(
        {
            "id": "/report/",
            "name": "越秀先锋",
            "short_name": "先锋",
            "lang": "zh-Hans",
            "start_url": "/report/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f3f5f8",
            "theme_color": "#0f2f5f",
            "icons": [
                {"src": static("icons/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": static("icons/app-192.png"), "sizes": "192x192", "type": "image/png"},
                {
                    "src": static("icons/app-512.png"),
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "any maskable",
                },
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
