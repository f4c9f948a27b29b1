"""The paths of `/api/v1/`."""

from django.urls import path

from dispatch.api import (
    acting,
    attachments,
    desk,
    events,
    limits,
    reference,
    reports,
    sign_in,
    similar,
    stats,
    suggestion,
)

urlpatterns = [
    path("auth/token/", sign_in.token),
    path("me/", sign_in.me),
    path("reports/", reports.report),
    path("desk/", desk.desk, name="api-desk"),
    path("log/", desk.log),
    path("events/", events.events),
    path("events/map/", events.event_map),
    path("events/<event_number:number>/", events.event),
    path("events/<event_number:number>/timeline/", events.event_timeline),
    path("events/<event_number:number>/nearby/", events.event_nearby),
    path("events/<event_number:number>/routing/", events.event_routing),
    path("events/<event_number:number>/similar/", similar.event_similar),
    path("events/<event_number:number>/suggestion/", suggestion.event_suggestion),
    path("events/<event_number:number>/actions/", acting.actions),
    path("events/<event_number:number>/<str:action>/", acting.act),
    path("similar/", similar.similar_here),
    path("attachments/", attachments.upload),
    path("attachments/<uuid:pk>/", attachments.download),
    path("attachments/<uuid:pk>/thumbnail/", attachments.thumbnail),
    path("categories/", reference.categories),
    path("categories/suggest/", suggestion.suggest),
    path("categories/<str:code>/limits/", limits.limits),
    path("areas/", reference.areas),
    path("departments/", reference.departments),
    path("geo/locate/", reference.locate),
    path("stats/today/", stats.today),
]
