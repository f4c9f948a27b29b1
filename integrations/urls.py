"""Addresses of the doors for other systems, and of the operators' pages."""

from django.urls import include, path

urlpatterns = [
    path("open311/v2/", include("integrations.open311.urls")),
]
