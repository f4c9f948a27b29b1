"""`POST attachments/`, `GET attachments/{id}/` and `…/thumbnail/`."""

import functools
import uuid

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import (
    api_view,
    parser_classes,
    renderer_classes,
    throttle_classes,
)
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from dispatch import access
from dispatch.actions.perform import Seen, check, perform
from dispatch.actions.table import ACTIONS
from dispatch.api import shapes
from dispatch.api.idempotency import HEADER
from dispatch.api.problems import plain
from dispatch.api.ranges import send
from dispatch.api.request import body_of, scope_of
from dispatch.api.throttles import UploadRate
from dispatch.problem import Conflict, Forbidden, NotFound, Problem
from dispatch.shape import attachment_json, with_parts
from events import attachments, moment
from events.models import Attachment, AttachmentRole

CHUNK = 64 * 1024
# Multipart boundaries and the small fields, beside the file itself.
FRAME = 64 * 1024
# Of a body that is too large, this many times the limit is read and thrown away, so that the sender
# is still there to hear the answer.
PATIENCE = 4
SANDBOX = "default-src 'none'; sandbox"


@extend_schema_field(OpenApiTypes.BINARY)
class FileField(serializers.FileField):
    """A part with a file in it; an empty one is refused by its content, like any other."""


class UploadBody(serializers.Serializer):
    """`POST attachments/`."""

    file = FileField(allow_empty_file=True)
    role = serializers.ChoiceField(
        choices=AttachmentRole.choices, required=False, allow_blank=True, default=""
    )
    event = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    client_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class AnyRenderer(JSONRenderer):
    """Lets through a request for a picture; a refusal is still JSON."""

    media_type = "*/*"


def check_length(view):
    """Answer 413 from the declared length, before anything is parsed or kept."""

    @functools.wraps(view)
    def checked(request, *args, **kwargs):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.ATTACHMENT_MAX_BYTES + FRAME:
            _drain(request)
            refused = attachments.too_large()
            return plain(refused.status, refused.reason)
        return view(request, *args, **kwargs)

    return checked


def _drain(request):
    for _chunk in range(PATIENCE * settings.ATTACHMENT_MAX_BYTES // CHUNK):
        if not request.read(CHUNK):
            return


@check_length
@extend_schema(
    request={"multipart/form-data": UploadBody},
    responses={
        201: shapes.AttachmentShape,
        200: shapes.AttachmentShape,
        **dict.fromkeys((403, 404, 409, 413, 415, 422), shapes.ProblemShape),
    },
)
@api_view(["POST"])
@parser_classes([MultiPartParser])
@throttle_classes([UploadRate])
def upload(request):
    """Take a photo, voice or video, made anew without metadata; with `event`, add it there.

    The same `client_id` (or `Idempotency-Key`) again answers 200 with the same attachment.
    """
    scope = scope_of(request)
    if scope.role not in access.SEES_OWN_REPORTS:
        raise Forbidden(_("你的角色不能上传附件。"))
    body = body_of(UploadBody, request)
    if body["event"]:
        _check_event(scope, body["event"])
    now = moment.now()
    attachment = attachments.accept(
        body["file"],
        uploader_id=scope.user_id,
        role=body["role"],
        client_id=body["client_id"] or _key(request),
        at=now,
    )
    created = attachment.created_at == now
    if body["event"]:
        _attach(scope, attachment, body["event"], created)
    return Response(attachment_json(attachment), 201 if created else 200)


def _key(request):
    """A client id made of the Idempotency-Key, if one came."""
    key = request.headers.get(HEADER)
    return uuid.uuid5(uuid.NAMESPACE_OID, key) if key else None


def _check_event(scope, number):
    """Refuse before any work what would be refused after it."""
    event = with_parts(access.access_events(scope)).filter(number=number).first()
    if event is None:
        raise NotFound(_("没有这个事件，或你无权查看。"))
    check(ACTIONS["attach"], Seen(event), scope)


def _attach(scope, attachment, number, created):
    """Add the attachment to the event; a new one that the event does not take is not kept."""
    if attachment.event_id:
        if attachment.event.number != number:
            raise Conflict(_("这个附件已用于另一个事件，未作改动。"))
        return
    try:
        perform(number, "attach", scope, {"attachments": [attachment.pk]})
    except (Problem, attachments.Refused):
        if created:
            attachments.withdraw(attachment)
        raise


FILE = {
    **{
        (200, kind): OpenApiTypes.BINARY
        for kind in ("image/jpeg", "audio/mp4", "video/mp4", "video/webm")
    },
    206: OpenApiTypes.BINARY,
    304: None,
    404: shapes.ProblemShape,
    416: None,
}


@extend_schema(responses=FILE)
@api_view(["GET", "HEAD"])
@renderer_classes([AnyRenderer])
def download(request, pk):
    """The file, to those who may see its event now; before it has one, to its uploader.

    Answers `Range` (one range of bytes) and `If-None-Match`.
    """
    attachment = _access(request, pk)
    return _sent(request, attachment, attachment.file, attachment.content_type)


@extend_schema(
    responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 304: None, 404: shapes.ProblemShape}
)
@api_view(["GET", "HEAD"])
@renderer_classes([AnyRenderer])
def thumbnail(request, pk):
    """A small JPEG of a photo or of a video's first picture; to the same people."""
    attachment = _access(request, pk)
    return _sent(request, attachment, attachment.thumbnail, "image/jpeg")


def _access(request, pk):
    """The attachment if this person may see it; raises NotFound."""
    scope = scope_of(request)
    found = Attachment.objects.filter(
        Q(event__isnull=True, uploader_id=scope.user_id) | Q(event__in=access.access_events(scope)),
        pk=pk,
    ).first()
    if found is None:
        raise NotFound(_("没有这个附件，或你无权查看。"))
    return found


def _sent(request, attachment, file, content_type):
    if not file:
        raise NotFound(_("这个附件没有缩略图。"))
    suffix = file.name.rpartition(".")[2]
    try:
        response = send(
            request,
            file,
            content_type=content_type,
            filename=f"{attachment.kind}-{attachment.pk.hex[:8]}.{suffix}",
            etag=f'"{attachment.sha256[:32]}-{file.field.name}"',
        )
    except FileNotFoundError:
        raise NotFound(_("附件的文件不在存储中，请联系管理员。")) from None
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
