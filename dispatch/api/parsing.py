"""JSON bodies: bounded, strict, objects only."""

import json

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class TooLarge(APIException):
    """413: the body is larger than we take."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too-large"


class StrictJSONParser(BaseParser):
    """UTF-8 JSON objects up to DATA_UPLOAD_MAX_MEMORY_SIZE bytes; no NaN, no deep nests."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        """The object; raises TooLarge or ParseError."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(_("请求超过 {kib} KiB。").format(kib=limit // 1024))
        if not raw.strip():
            return {}
        try:
            body = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("请求不是有效的 JSON：{error}").format(error=error)) from None
        if not isinstance(body, dict):
            raise ParseError(_("请求应是一个 JSON 对象。"))
        return body


def _refuse_constant(name):
    raise ValueError(name)
