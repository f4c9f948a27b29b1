"""The paths of `/api/v1/flood/`."""

from django.urls import path

from integrations.flood import api

urlpatterns = [
    path("", api.flood),
    path("events/<event_number:number>/curve/", api.curve),
]
