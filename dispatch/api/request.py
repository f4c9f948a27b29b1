"""What every view does with a request: the person's scope, a checked body."""

from django.utils.translation import gettext as _

from dispatch import access
from dispatch.problem import Forbidden


def scope_of(request):
    """The signed-in person's scope, read once per request. Raises Forbidden without an office."""
    scope = getattr(request, "_scope", None)
    if scope is None:
        scope = request._scope = access.scope_of(request.user)
    if not scope.role:
        raise Forbidden(_("你的账号还没有岗位，请联系管理员。"))
    return scope


def body_of(serializer_class, request, *, data=None):
    """The validated body as a dict; raises DRF's ValidationError (422)."""
    serializer = serializer_class(data=request.data if data is None else data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
