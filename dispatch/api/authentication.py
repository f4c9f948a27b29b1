"""Bearer tokens: `Authorization: Token …`."""

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from dispatch.models import ApiToken
from events import moment


class TokenAuthentication(BaseAuthentication):
    """An unexpired token of an active user; anything else under `Token` is 401."""

    def authenticate(self, request):
        """(user, token) or None when another scheme is used."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("令牌格式不对：Authorization: Token <令牌>。"))
        try:
            digest = ApiToken.digest_of(words[1].decode("ascii"))
        except UnicodeDecodeError:
            raise AuthenticationFailed(_("令牌无效。")) from None
        token = ApiToken.objects.select_related("user").filter(digest=digest).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("令牌无效。"))
        if token.expires_at <= moment.now():
            raise AuthenticationFailed(_("令牌已过期，请重新登录。"))
        return token.user, token

    def authenticate_header(self, request):
        """The challenge, so that a missing token is 401 and not 403."""
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's schema describes the token."""

    target_class = "dispatch.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        """OpenAPI's description of the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <token>` from `POST /api/v1/auth/token/`.",
        }
