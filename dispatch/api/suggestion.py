"""What class a text may mean: advice, for people to decide."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, throttle_classes
from rest_framework.response import Response

from dispatch.api import advice, fields, shapes
from dispatch.api.events import access_event
from dispatch.api.request import body_of, scope_of
from dispatch.api.throttles import ActionRate
from events import suggesting
from events.models import Priority


@extend_schema(responses={200: advice.SuggestionsShape, 404: shapes.ProblemShape})
@api_view(["GET"])
def event_suggestion(request, number):
    """Classes that the event's text may mean, the likeliest first, with the words that spoke so.

    Of an event that somebody has classified only what may be more urgent is asked.
    """
    event = access_event(scope_of(request), number)
    found = suggesting.suggest(event.text) if event.text else []
    if not event.category.attributes.get("unclassified"):
        found = [one for one in found if one.urgent and event.priority != Priority.P1]
    return Response(
        {"results": [as_json(one) for one in found if one.category.pk != event.category_id]}
    )


@extend_schema(
    request=fields.SuggestBody,
    responses={200: advice.SuggestionsShape, 422: shapes.ProblemShape},
)
@api_view(["POST"])
@throttle_classes([ActionRate])
def suggest(request):
    """Classes that a text may mean, the likeliest first, with the words that spoke for them."""
    scope_of(request)
    body = body_of(fields.SuggestBody, request)
    return Response({"results": [as_json(one) for one in suggesting.suggest(body["text"])]})


def as_json(suggestion):
    """A suggestion as the API shows it."""
    category = suggestion.category
    return {
        "code": category.qualified,
        "name": category.name,
        "above": category.parent.name if category.parent else "",
        "priority": category.priority,
        "confidence": round(suggestion.confidence, 2),
        "because": list(suggestion.because),
        "question": suggestion.urgent,
    }
