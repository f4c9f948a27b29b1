"""What clients look things up in: areas, categories, departments, places."""

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view, throttle_classes
from rest_framework.response import Response

from dispatch import placing
from dispatch.api import fields, shapes
from dispatch.api.request import body_of, scope_of
from dispatch.api.throttles import ActionRate
from dispatch.models import Department
from dispatch.problem import Invalid
from dispatch.shape import named
from events.models import Category
from geo.models import Area


@extend_schema(
    parameters=[
        OpenApiParameter("level", OpenApiTypes.STR, enum=Area.Level.values),
        OpenApiParameter("geometry", OpenApiTypes.STR, description="1: with GeoJSON geometry"),
    ],
    responses=shapes.AreasShape,
)
@api_view(["GET"])
def areas(request):
    """The areas that are valid now; geometry in WGS-84."""
    level = request.query_params.get("level")
    rows = Area.objects.current().select_related("parent").order_by("code")
    if level:
        if level not in Area.Level.values:
            raise Invalid(level=_("没有这个级别。"))
        rows = rows.filter(level=level)
    shaped = request.query_params.get("geometry") == "1"
    if not shaped:
        rows = rows.defer("polygon")
    results = [
        {
            **named(row),
            "level": row.level,
            "parent": row.parent.code if row.parent else None,
            **({"geometry": row.polygon} if shaped else {}),
        }
        for row in rows
    ]
    return Response({"results": results}, headers={"Cache-Control": "private, max-age=300"})


@extend_schema(
    parameters=[OpenApiParameter("scheme", OpenApiTypes.STR)], responses=shapes.CategoriesShape
)
@api_view(["GET"])
def categories(request):
    """The tree of classes, by scheme."""
    rows = Category.objects.filter(active=True).order_by("scheme", "code")
    if scheme := request.query_params.get("scheme"):
        rows = rows.filter(scheme=scheme)
    nodes, roots = {}, []
    for row in rows:
        nodes[row.pk] = {
            "code": row.qualified,
            "name": row.name,
            "scheme": row.scheme,
            "priority": row.priority,
            "selectable": row.selectable,
            "children": [],
        }
    for row in rows:
        siblings = nodes[row.parent_id]["children"] if row.parent_id in nodes else roots
        siblings.append(nodes[row.pk])
    return Response({"results": roots}, headers={"Cache-Control": "private, max-age=300"})


@extend_schema(
    parameters=[
        OpenApiParameter("q", OpenApiTypes.STR),
        OpenApiParameter("kind", OpenApiTypes.STR),
    ],
    responses=shapes.DepartmentsShape,
)
@api_view(["GET"])
def departments(request):
    """Departments to transfer to or ask for support."""
    scope_of(request)
    rows = Department.objects.filter(active=True).order_by("code")
    if words := request.query_params.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words))
    if kind := request.query_params.get("kind"):
        rows = rows.filter(kind=kind)
    return Response({"results": [{**named(row), "kind": row.kind} for row in rows[:500]]})


@extend_schema(
    request=fields.LocateBody, responses={200: shapes.LocatedShape, 422: shapes.ProblemShape}
)
@api_view(["POST"])
@throttle_classes([ActionRate])
def locate(request):
    """Where a point or an address is; unsure is `area: null`, never a guess."""
    body = body_of(fields.LocateBody, request)
    if not body.get("location") and not body["address"]:
        raise Invalid(location=_("需要位置或地址。"))
    found = placing.place(body.get("location"), body["address"])
    nearest = found.nearest_street
    placed = found.district or found.street
    return Response(
        {
            "location": {"lon": found.lon, "lat": found.lat} if found.lon is not None else None,
            "area": {
                "district": named(found.district),
                "street": named(found.street),
                "community": named(found.community),
            }
            if placed
            else None,
            "inside": found.inside,
            "nearest_street": {**named(nearest), "distance_m": round(nearest.distance_m, 1)}
            if nearest
            else None,
            "method": found.method,
            "confidence": found.confidence,
        }
    )
