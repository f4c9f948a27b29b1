"""What may be the same event, and what class a text may mean: advice, for people to decide."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from dispatch import placing, similar
from dispatch.api import advice, fields, shapes
from dispatch.api.events import access_event
from dispatch.api.request import body_of, scope_of
from dispatch.problem import Invalid
from dispatch.shape import event_json, named, with_parts
from events import categories, moment
from events.entry import stamp
from events.models import Category, Event


@extend_schema(responses={200: advice.SimilarPage, 404: shapes.ProblemShape})
@api_view(["GET"])
def event_similar(request, number):
    """Events that may be the same as this one, the likeliest first: merge candidates.

    Open ones of the same or a related class, near in place and time, and (`recently_closed`) those
    that were closed shortly before. Only what I may see.
    """
    scope = scope_of(request)
    subject = similar.Subject.of(access_event(scope, number))
    found = similar.find(scope, subject) if subject else []
    rows = with_parts(Event.objects).in_bulk([one.pk for one in found]) if found else {}
    return Response({"results": [{**event_json(rows[one.pk]), **why(one)} for one in found]})


@extend_schema(
    parameters=[
        OpenApiParameter("lon", OpenApiTypes.DOUBLE, required=True),
        OpenApiParameter("lat", OpenApiTypes.DOUBLE, required=True),
        OpenApiParameter("crs", OpenApiTypes.STR, enum=fields.CRS),
        OpenApiParameter("category", OpenApiTypes.STR, description="scheme.code; none: any class"),
    ],
    responses={200: advice.NearbyOpenPage, 422: shapes.ProblemShape},
)
@api_view(["GET"])
def similar_here(request):
    """Before reporting: events that may be the one I see here and now. Only what I may see."""
    scope = scope_of(request)
    query = body_of(fields.SimilarQuery, request, data=request.query_params)
    try:
        category = categories.find(query["category"])
    except Category.DoesNotExist:
        raise Invalid(category=_("没有这个事件分类。")) from None
    located = placing.place({name: query[name] for name in ("lon", "lat", "crs")}, "")
    subject = similar.Subject(located.lon, located.lat, category, moment.now())
    found = similar.find(scope, subject, limit=5)
    rows = Event.objects.select_related("category").in_bulk([one.pk for one in found])
    return Response({"results": [{**brief(rows[one.pk]), **why(one)} for one in found]})


def why(candidate):
    """What a candidate adds to its event's shape."""
    return {
        "score": candidate.score,
        "distance_m": round(candidate.distance_m, 1),
        "minutes_apart": round(candidate.apart.total_seconds() / 60),
        "reasons": list(candidate.reasons),
        "recently_closed": candidate.closed,
    }


def brief(event):
    """As much of an event as a telephone needs to say that it is there."""
    return {
        "number": event.number,
        "title": event.title,
        "state": event.state,
        "priority": event.priority,
        "category": named_class(event.category),
        "location": {"lon": event.lon, "lat": event.lat},
        "registered_at": stamp(event.registered_at),
    }


def named_class(category):
    """{code, name} of a class, by its qualified code."""
    return {**named(category), "code": category.qualified}
