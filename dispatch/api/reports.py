"""`POST reports/`: one tap on the street."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, throttle_classes
from rest_framework.response import Response

from dispatch import intake
from dispatch.api import fields, shapes
from dispatch.api.idempotency import idempotent
from dispatch.api.request import body_of, scope_of
from dispatch.api.throttles import ReportRate
from dispatch.models import Role
from dispatch.problem import Forbidden
from events.report import Report
from events.timeline import Actor

# Where a report comes from, by who sends it.
SOURCES = {
    Role.GRID_WORKER: "grid",
    Role.OFFICER: "officer",
    Role.SUPERVISOR: "officer",
    Role.DISPATCHER: "desk",
}


@extend_schema(
    request=fields.ReportBody,
    responses={
        201: shapes.EventShape,
        200: shapes.EventShape,
        409: shapes.ProblemShape,
        422: shapes.ProblemShape,
    },
)
@api_view(["POST"])
@throttle_classes([ReportRate])
@idempotent
def report(request):
    """Register an event. The same `client_id` again answers 200 with the same event."""
    scope = scope_of(request)
    if scope.role not in SOURCES:
        raise Forbidden(_("你的角色不能上报事件。"))
    body = body_of(fields.ReportBody, request)
    shape, created = intake.accept(
        Report(
            source=SOURCES[scope.role],
            text=body["text"],
            category=body["category"],
            condition=body["condition"],
            priority=body.get("priority") or "",
            location=dict(body["location"]) if body.get("location") else None,
            address=body["address"],
            occurred_at=body.get("occurred_at"),
            client_id=body["client_id"],
            reporter_id=scope.user_id,
            reporter_name=scope.name,
            reporter_department=scope.department_name,
            attachments=tuple(body["attachments"]),
        ),
        Actor(scope.user_id, scope.name, scope.department_name),
    )
    return Response(shape, 201 if created else 200)
