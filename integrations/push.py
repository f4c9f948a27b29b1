"""`/api/v1/push/`: this browser's subscription to Web Push, and what a hint was about."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.decorators import api_view, throttle_classes
from rest_framework.response import Response

from dispatch.api import shapes
from dispatch.api.request import body_of, scope_of
from dispatch.api.throttles import ActionRate
from dispatch.problem import NotFound
from integrations.channels import webpush
from integrations.models import Channel, Contact, OutboundMessage

KIND = "webpush"
# Browsers of one person; the one that came first goes.
MOST = 10


class KeysBody(s.Serializer):
    """The browser's keys, base64url."""

    p256dh = s.CharField(max_length=100)
    auth = s.CharField(max_length=40)

    def validate_p256dh(self, text):
        """A point of P-256, uncompressed."""
        return _of_size(text, 65)

    def validate_auth(self, text):
        """Sixteen bytes."""
        return _of_size(text, 16)


class SubscriptionBody(s.Serializer):
    """A PushSubscription as the browser's `toJSON()` gives it."""

    endpoint = s.CharField(max_length=600)
    keys = KeysBody()

    def validate_endpoint(self, url):
        """An https address with a host; where it leads is looked at when something is sent."""
        try:
            parts = urlsplit(url)
            fit = parts.scheme == "https" and parts.hostname and parts.username is None
        except ValueError:
            fit = False
        if not fit:
            raise s.ValidationError(_("应为 https 地址。"))
        return url


class EndpointBody(s.Serializer):
    """Which subscription."""

    endpoint = s.CharField(max_length=600)


class PushShape(s.Serializer):
    """The key to subscribe with; null while push is off."""

    public_key = s.CharField(allow_null=True)
    subscriptions = s.IntegerField()


class NoticeShape(s.Serializer):
    """What a hint is about."""

    title = s.CharField()
    text = s.CharField()
    url = s.CharField()
    number = s.CharField()
    urgent = s.BooleanField()


def _of_size(text, size):
    try:
        fit = len(webpush.decoded(text)) == size
    except ValueError:
        fit = False
    if not fit:
        raise s.ValidationError(_("应为 {size} 字节的 base64url。").format(size=size))
    return text


@extend_schema(methods=["GET"], responses=PushShape)
@extend_schema(
    methods=["POST"],
    request=SubscriptionBody,
    responses={201: PushShape, 404: shapes.ProblemShape, 422: shapes.ProblemShape},
)
@extend_schema(methods=["DELETE"], request=EndpointBody, responses=PushShape)
@api_view(["GET", "POST", "DELETE"])
@throttle_classes([ActionRate])
def subscription(request):
    """The server's public key; subscribe this browser; unsubscribe it. Only ever one's own."""
    scope_of(request)
    status = 200
    if request.method == "POST":
        if not public_key():
            raise NotFound(_("浏览器推送没有启用。"))
        keep(request.user, body_of(SubscriptionBody, request))
        status = 201
    elif request.method == "DELETE":
        endpoint = body_of(EndpointBody, request)["endpoint"]
        own(request.user).filter(address=endpoint).delete()
    return Response(
        {
            "public_key": public_key() or None,
            "subscriptions": own(request.user).filter(active=True).count(),
        },
        status,
    )


def public_key():
    """The key to subscribe with; "" without a key in the settings or a channel to send by."""
    sends = Channel.objects.filter(kind=KIND, active=True).exists()
    return webpush.public_key() if sends else ""


def own(user):
    """A person's subscriptions."""
    return Contact.objects.filter(user=user, kind=KIND)


@transaction.atomic
def keep(user, body):
    """Keep the subscription as this person's: a browser speaks to who last signed in to it."""
    endpoint, keys = body["endpoint"], dict(body["keys"])
    Contact.objects.filter(kind=KIND, address=endpoint).exclude(user=user).delete()
    Contact.objects.update_or_create(
        user=user, kind=KIND, address=endpoint, defaults={"options": {"keys": keys}, "active": True}
    )
    stale = own(user).order_by("-pk").values_list("pk", flat=True)[MOST:]
    Contact.objects.filter(pk__in=list(stale)).delete()


@extend_schema(operation_id="v1_push_hint", responses={200: NoticeShape, 404: shapes.ProblemShape})
@api_view(["GET"])
@throttle_classes([ActionRate])
def hinted(request, pk):
    """What the hint with that id was about; only for the person to whom it went."""
    scope_of(request)
    message = OutboundMessage.objects.filter(
        pk=pk, recipient__user=request.user, channel__kind=KIND
    ).first()
    if message is None:
        raise NotFound(_("没有这条通知。"))
    return Response({name: message.content.get(name, "") for name in NoticeShape().fields})
