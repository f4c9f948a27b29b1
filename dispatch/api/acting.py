"""`POST events/{number}/{action}/` and `GET events/{number}/actions/`."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import api_view, throttle_classes
from rest_framework.response import Response

from dispatch.access import access_events
from dispatch.actions.perform import perform, possible
from dispatch.actions.table import ACTIONS
from dispatch.api import fields, shapes
from dispatch.api.idempotency import idempotent
from dispatch.api.request import body_of, scope_of
from dispatch.api.throttles import ActionRate
from dispatch.problem import Invalid, NotFound
from dispatch.shape import with_parts


@extend_schema(
    parameters=[OpenApiParameter("action", OpenApiTypes.STR, "path", enum=sorted(ACTIONS))],
    request=PolymorphicProxySerializer(
        component_name="ActionBody",
        serializers=sorted(set(fields.BODIES.values()), key=lambda one: one.__name__),
        resource_type_field_name=None,
    ),
    responses={
        200: shapes.EventShape,
        403: shapes.ProblemShape,
        404: shapes.ProblemShape,
        409: shapes.ProblemShape,
        422: shapes.ProblemShape,
    },
)
@api_view(["POST"])
@throttle_classes([ActionRate])
@idempotent
def act(request, number, action):
    """Do one of the actions; `version` refuses it when the event has changed since."""
    if action not in ACTIONS:
        raise NotFound(_("没有这个操作。"))
    scope = scope_of(request)
    body = body_of(fields.BODIES[action], request)
    return Response(perform(number, action, scope, body, version_of(request.data)))


def version_of(data):
    """The version that the writer has seen, or None."""
    version = data.get("version")
    if version is None:
        return None
    if not isinstance(version, int) or isinstance(version, bool):
        raise Invalid(version=_("version 应为整数。"))
    return version


@extend_schema(responses=shapes.ActionsShape)
@api_view(["GET"])
def actions(request, number):
    """What I may do now, and why not the rest."""
    scope = scope_of(request)
    event = with_parts(access_events(scope)).filter(number=number).first()
    if event is None:
        raise NotFound(_("没有这个事件，或你无权查看。"))
    return Response({"actions": possible(event, scope)})
