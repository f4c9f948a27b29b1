"""`POST auth/token/` and `GET me/`."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from dispatch import access
from dispatch.api import fields, shapes
from dispatch.api.request import body_of
from dispatch.api.throttles import TokenRate
from dispatch.models import ApiToken, Officer
from dispatch.problem import Unauthenticated
from dispatch.shape import named
from events import moment
from events.entry import stamp
from geo.models import Area


@extend_schema(
    request=fields.TokenBody, responses={200: shapes.TokenShape, 401: shapes.ProblemShape}
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([TokenRate])
def token(request):
    """A token for a name and password; too many wrong ones lock the name for a while."""
    body = body_of(fields.TokenBody, request)
    user = authenticate(request._request, **body)
    if user is None:
        if getattr(request._request, "axes_locked_out", False):
            raise Unauthenticated(_("尝试次数过多，账号已暂时锁定，请 15 分钟后再试。"))
        raise Unauthenticated(_("用户名或密码不正确。"))
    now = moment.now()
    expires_at = now + timedelta(days=settings.TOKEN_DAYS)
    return Response(
        {"token": ApiToken.issue(user, now, expires_at), "expires_at": stamp(expires_at)}
    )


@extend_schema(responses=shapes.MeShape)
@api_view(["GET"])
def me(request):
    """Who I am here."""
    return Response(me_json(access.scope_of(request.user), request.user))


def me_json(scope, user):
    """The person as pages and clients show them."""
    officer = (
        Officer.objects.filter(user_id=scope.user_id)
        .select_related("department")
        .prefetch_related(Prefetch("areas", Area.objects.only("code", "name")))
        .first()
    )
    return {
        "username": user.get_username(),
        "name": scope.name,
        "role": scope.role,
        "department": named(officer.department) if officer else None,
        "areas": [named(area) for area in officer.areas.all()] if officer else [],
    }
