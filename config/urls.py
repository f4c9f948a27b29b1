"""Every door of the house."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health
from dispatch.api.problems import plain


def unknown(request, rest=""):
    """An API path that does not exist."""
    return plain(404, _("没有这个接口。"))


urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/v1/", include("dispatch.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("", include("integrations.urls")),
    re_path(r"^api/(?P<rest>.*)$", unknown),
    path("admin/", admin.site.urls),
    path("", include("dispatch.page_urls")),
]
