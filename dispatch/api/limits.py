"""`GET categories/{code}/limits/`: the conditions of filing of a class, and what they allow."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from dispatch.api import shapes
from dispatch.api.request import scope_of
from dispatch.limits import conditions_of, text_of
from dispatch.problem import NotFound
from events import categories
from events.models import Category


@extend_schema(responses=shapes.LimitsShape)
@api_view(["GET"])
def limits(request, code):
    """The limits of a class that a report or `choose_limit` can choose between, default first.

    A row without a condition holds when none is chosen.
    """
    scope_of(request)
    try:
        category = categories.find(code)
    except Category.DoesNotExist:
        raise NotFound(_("没有这个事件分类。")) from None
    results = [
        {
            "stage": rule.stage,
            "condition": rule.condition,
            "closing": rule.closing,
            "limit": text_of(rule.value, rule.limit_type),
            "value": rule.value,
            "limit_type": rule.limit_type,
            "default": rule.default,
        }
        for rule in conditions_of(category)
    ]
    return Response({"results": results}, headers={"Cache-Control": "private, max-age=300"})
