"""Reading events: list, map, detail, timeline, nearby, routing."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from dispatch.access import access_events
from dispatch.api import paging, shapes
from dispatch.api.filters import EventFilter, filtered
from dispatch.api.request import scope_of
from dispatch.problem import Invalid, NotFound
from dispatch.shape import event_json, with_parts
from events import timeline
from events.entry import entry_json, stamp
from events.models import Log
from geo.models import Place
from geo.nearby import nearby as places_near

FILTERS = [
    OpenApiParameter(name, OpenApiTypes.STR, description=(method.__doc__ or "").strip())
    for name, field in EventFilter.base_filters.items()
    if (method := getattr(EventFilter, field.method))
]
PAGES = [
    OpenApiParameter("cursor", OpenApiTypes.STR),
    OpenApiParameter("limit", OpenApiTypes.INT, description="1…100"),
]
ORDER = OpenApiParameter("order", OpenApiTypes.STR, enum=list(paging.ORDERS))
# A map shows at most this many points; beyond it the list pages.
MAP_LIMIT = 5000


@extend_schema(
    operation_id="events_list",
    parameters=[*FILTERS, *PAGES, ORDER],
    responses=shapes.EventPage,
)
@api_view(["GET"])
def events(request):
    """The events that I may see, newest first."""
    queryset = filtered(request, access_events(scope_of(request)))
    rows, following = paging.page(with_parts(queryset), request.query_params)
    return Response({"results": [event_json(row) for row in rows], "next": following})


@extend_schema(parameters=FILTERS, responses=OpenApiTypes.OBJECT)
@api_view(["GET"])
def event_map(request):
    """The same events as GeoJSON points (RFC 7946, WGS-84)."""
    rows = (
        filtered(request, access_events(scope_of(request)))
        .filter(lon__isnull=False)
        .order_by("-registered_at", "-id")
        .values_list(
            "number", "lon", "lat", "state", "priority", "title", "registered_at", "street__code"
        )[: MAP_LIMIT + 1]
    )
    features = [
        {
            "type": "Feature",
            "id": number,
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {
                "number": number,
                "state": state,
                "priority": priority,
                "title": title,
                "registered_at": stamp(at),
                "street": street,
            },
        }
        for number, lon, lat, state, priority, title, at, street in rows
    ]
    return Response(
        {
            "type": "FeatureCollection",
            "features": features[:MAP_LIMIT],
            "truncated": len(features) > MAP_LIMIT,
        }
    )


def access_event(scope, number, *, parts=False):
    """The event with that number if this person may see it; raises NotFound."""
    queryset = access_events(scope).filter(number=number)
    event = (with_parts(queryset) if parts else queryset.select_related("log")).first()
    if event is None:
        raise NotFound(_("没有这个事件，或你无权查看。"))
    return event


@extend_schema(responses={200: shapes.EventDetailShape, 404: shapes.ProblemShape})
@api_view(["GET"])
def event(request, number):
    """One event, with the log position from which its entries follow."""
    scope = scope_of(request)
    # Positions are read before the rows: an entry may come twice, none can be missed.
    positions = {
        pk: timeline.Position(str(epoch), top)
        for pk, epoch, top in Log.objects.values_list("pk", "epoch", "top")
    }
    found = access_event(scope, number, parts=True)
    return Response({**event_json(found), "position": positions[found.log_id].as_json()})


@extend_schema(
    parameters=[OpenApiParameter("after", OpenApiTypes.INT), PAGES[1]], responses=shapes.EntryPage
)
@api_view(["GET"])
def event_timeline(request, number):
    """The entries after `after` (a seq), oldest first; `next` is the `after` of the next page."""
    found = access_event(scope_of(request), number)
    after = whole(request.query_params, "after", 0)
    count = paging.size(request.query_params)
    rows = timeline.entries_after(found.pk, after, count + 1)
    more = len(rows) > count
    rows = rows[:count]
    return Response(
        {
            "results": [entry_json(row, found.number) for row in rows],
            "next": str(rows[-1].seq) if more else None,
        }
    )


def whole(params, name, default):
    """A parameter that is a whole number ≥ 0; raises Invalid."""
    text = params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid(**{name: _("应为不小于 0 的整数。")})
    return int(text)


@extend_schema(
    parameters=[
        OpenApiParameter("kind", OpenApiTypes.STR),
        OpenApiParameter("radius_m", OpenApiTypes.INT, description="metres, at most 5000"),
    ],
    responses=shapes.PlacesShape,
)
@api_view(["GET"])
def event_nearby(request, number):
    """Places around the event, nearest first, by geodesic metres."""
    found = access_event(scope_of(request), number)
    radius = min(whole(request.query_params, "radius_m", 500), 5000)
    kind = request.query_params.get("kind") or None
    if kind and kind not in Place.Kind.values:
        raise Invalid(
            kind=_("没有这类地点；可用：{kinds}").format(kinds="、".join(Place.Kind.values))
        )
    if found.lon is None:
        return Response({"results": []})
    return Response(
        {
            "results": [
                {
                    "name": place.name,
                    "kind": place.kind,
                    "location": {"lon": place.lon, "lat": place.lat},
                    "distance_m": round(distance, 1),
                    "attributes": place.attributes,
                }
                for place, distance in places_near(found.lon, found.lat, kind, radius)
            ]
        }
    )


@extend_schema(responses=OpenApiTypes.OBJECT)
@api_view(["GET"])
def event_routing(request, number):
    """Why it went there: the rules considered, which matched, which were used."""
    return Response(access_event(scope_of(request), number).routing_trace)
