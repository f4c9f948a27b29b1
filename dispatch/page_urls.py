"""Addresses of the pages people look at."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from dispatch import audit_page, pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("accounts/login/", pages.SignIn.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("report/", pages.report, name="report"),
    path("desk/", pages.desk, name="desk"),
    path("events/<event_number:number>/", pages.room, name="room"),
    path("wall/", pages.wall, name="wall"),
    path("audit/", audit_page.show, name="audit"),
    path("map/roads.json", pages.roads, name="roads"),
    path("sw.js", pages.service_worker, name="service-worker"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
]
