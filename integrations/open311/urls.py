"""Addresses of GeoReport v2: a resource and a format. A slash at the end is no fault."""

from django.urls import re_path

from integrations.open311 import views

app_name = "open311"
FORM = r"\.(?P<form>[^/.]+)/?$"
urlpatterns = [
    re_path(rf"^discovery{FORM}", views.discovery, name="discovery"),
    re_path(rf"^services{FORM}", views.services, name="services"),
    re_path(rf"^services/(?P<code>[^/]+){FORM}", views.definition, name="definition"),
    re_path(rf"^requests{FORM}", views.requests, name="requests"),
    re_path(rf"^requests/(?P<number>[^/]+){FORM}", views.one_request, name="request"),
    re_path(rf"^tokens/(?P<token>[^/]+){FORM}", views.token, name="token"),
    re_path(rf"^(?P<rest>[\s\S]*){FORM}", views.nothing),
    re_path(r"^(?P<rest>[\s\S]*)$", views.nothing, {"form": "xml"}),
]
