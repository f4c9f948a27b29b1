"""Addresses of the doors for other systems, and of the operators' pages."""

from django.urls import include, path, re_path

from integrations import door, push

urlpatterns = [
    re_path(r"^feeds/(?P<code>[-\w]{1,40})/?$", door.feed, name="feed"),
    re_path(
        r"^feeds/(?P<code>[-\w]{1,40})/events/(?P<external_id>[^\x00]{1,200}?)/?$",
        door.stage,
        name="feed-event",
    ),
    re_path(r"^feeds/(?P<rest>.*)$", door.unknown),
    path("api/v1/flood/", include("integrations.flood.urls")),
    path("api/v1/push/", push.subscription, name="push"),
    path("api/v1/push/<int:pk>/", push.hinted, name="push-hint"),
    path("ops/", include("integrations.pages.urls")),
    path("open311/v2/", include("integrations.open311.urls")),
]
