"""`/api/v1/flood/`: stations, warnings and levels; the curve of an event."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from dispatch.api.events import access_event
from dispatch.api.request import scope_of
from dispatch.api.shapes import ProblemShape
from dispatch.problem import Invalid
from events import moment
from events.entry import stamp
from integrations.flood import shapes
from integrations.flood.curve import curves
from integrations.flood.overview import overview

PARTS = ("stations", "warnings", "levels")


@extend_schema(
    parameters=[
        OpenApiParameter("parts", OpenApiTypes.STR, description="stations,warnings,levels")
    ],
    responses={200: shapes.OverviewShape, 422: ProblemShape},
)
@api_view(["GET"])
def flood(request):
    """The stations with their last reading and alarm, the warnings and response levels in force."""
    scope, now = scope_of(request), moment.now()
    wanted = request.query_params.get("parts")
    parts = wanted.split(",") if wanted else PARTS
    if not set(parts) <= set(PARTS):
        raise Invalid(parts=_("可选：{parts}。").format(parts="、".join(PARTS)))
    return Response({"now": stamp(now), **overview(scope, now, parts)})


@extend_schema(responses={200: shapes.CurvesShape, 404: ProblemShape})
@api_view(["GET"])
def curve(request, number):
    """What the stations of an event read around it; empty for an event without a station."""
    event, now = access_event(scope_of(request), number), moment.now()
    return Response({"now": stamp(now), "results": curves(event, now)})
