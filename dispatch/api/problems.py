"""Errors as RFC 9457 `application/problem+json`."""

import logging

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from dispatch.problem import Problem
from events.attachments import Refused
from events.lifecycle import IllegalMove, StaleWrite
from events.registration import NoDistrict

log = logging.getLogger("xianfeng.api")
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("请求有误"),
    401: gettext_lazy("请先登录"),
    403: gettext_lazy("无权操作"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("不支持的方法"),
    409: gettext_lazy("已被他人抢先或状态已变"),
    413: gettext_lazy("内容太大"),
    415: gettext_lazy("不支持的类型"),
    422: gettext_lazy("内容不能接受"),
    429: gettext_lazy("请求太频繁"),
    500: gettext_lazy("系统出错"),
    503: gettext_lazy("暂时不能服务"),
}


def problem(status, detail, code="about:blank", headers=None, **extra):
    """A problem response of a DRF view."""
    body = {
        "type": code if code == "about:blank" else f"urn:xianfeng:problem:{code}",
        "title": str(TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": str(detail),
        **{key: value for key, value in extra.items() if value is not None},
    }
    return Response(body, status, headers=headers, content_type=MEDIA_TYPE)


def handle(error, context):
    """DRF's exception handler: every refusal in one form; unknown errors are raised on."""
    match error:
        case Problem():
            return problem(error.status, error.detail, error.code, **error.extra)
        case Refused():
            return problem(error.status, error.reason, "attachment")
        case IllegalMove():
            return problem(409, _("事件当前状态不允许此操作，请刷新。"), "conflict")
        case StaleWrite():
            return problem(409, _("事件刚被他人更新，请刷新后再操作。"), "conflict")
        case NoDistrict():
            return problem(503, _("系统尚未导入辖区，请联系管理员。"), "no-district")
        case RequestDataTooBig():
            return problem(413, _("请求太大。"), "too-large")
        case Http404():
            return problem(404, _("没有找到，或你无权查看。"), "not-found")
        case PermissionDenied():
            return problem(403, _("无权操作。"), "forbidden")
        case OperationalError():
            log.exception("database")
            return problem(
                503, _("数据库忙，没有改动；请稍后重试。"), "busy", headers={"Retry-After": "2"}
            )
        case exceptions.ValidationError():
            errors = _flat(error.detail)
            detail = "；".join(f"{field}：{'、'.join(texts)}" for field, texts in errors.items())
            return problem(422, detail, "invalid", errors=errors)
        case exceptions.APIException():
            headers = {}
            if getattr(error, "auth_header", None):
                headers["WWW-Authenticate"] = error.auth_header
            if getattr(error, "wait", None):
                headers["Retry-After"] = str(int(error.wait) + 1)
            return problem(error.status_code, error.detail, error.default_code, headers=headers)
    return None


def _flat(detail, prefix=""):
    if isinstance(detail, dict):
        found = {}
        for key, value in detail.items():
            name = prefix if key == "non_field_errors" else f"{prefix}.{key}".strip(".")
            found |= _flat(value, name)
        return found
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        found = {}
        for index, item in enumerate(detail):
            found |= _flat(item, f"{prefix}.{index}".strip("."))
        return found
    texts = detail if isinstance(detail, list) else [detail]
    return {prefix or "body": [str(text) for text in texts]}


def plain(status, detail):
    """A problem response outside DRF (unknown API paths, server errors)."""
    return JsonResponse(
        {
            "type": "about:blank",
            "title": str(TITLES[status]),
            "status": status,
            "detail": str(detail),
        },
        status=status,
        content_type=MEDIA_TYPE,
    )
