"""`GET desk/`: my open work, and `GET log/`: what I missed, by HTTP."""

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from dispatch.access import access_events, home_log
from dispatch.api import paging, shapes
from dispatch.api.events import PAGES, whole
from dispatch.api.request import scope_of
from dispatch.api.sign_in import me_json
from dispatch.shape import event_json, with_parts
from events import moment
from events.entry import entry_json, stamp
from events.models import OPEN_STATES, TimelineEntry
from events.registration import NoDistrict
from events.timeline import Position

LOG_PAGE = 500


@extend_schema(parameters=PAGES, responses=shapes.DeskShape)
@api_view(["GET"])
def desk(request):
    """My open work, most urgent first: snapshot and the position it was read after."""
    scope = scope_of(request)
    log = home_log(scope)
    if log is None:
        raise NoDistrict
    position = Position(str(log.epoch), log.top)
    rows, following = paging.page(
        with_parts(access_events(scope).filter(state__in=OPEN_STATES)),
        {"limit": str(paging.MOST), **request.query_params.dict()},
        default="priority",
    )
    return Response(
        {
            "position": position.as_json(),
            "now": stamp(moment.now()),
            "me": me_json(scope, request.user),
            "results": [event_json(row) for row in rows],
            "next": following,
        }
    )


@extend_schema(
    parameters=[
        OpenApiParameter("after", OpenApiTypes.INT),
        OpenApiParameter("epoch", OpenApiTypes.STR),
    ],
    responses=shapes.LogShape,
)
@api_view(["GET"])
def log(request):
    """The entries after an offset that I may see, oldest first.

    `recovered` false: the epoch changed or the offset is too old; reload the snapshot. `lost` names
    events that were mine and are no longer.
    """
    scope = scope_of(request)
    home = home_log(scope)
    if home is None:
        raise NoDistrict
    after = whole(request.query_params, "after", 0)
    epoch = request.query_params.get("epoch") or str(home.epoch)
    position = Position(str(home.epoch), home.top)
    too_old = home.top - after > settings.TAIL_CATCH_UP
    if epoch != str(home.epoch) or after > home.top or too_old:
        return Response(_log_answer(position, [], set(), None, recovered=False))
    entries = list(
        TimelineEntry.objects.filter(log=home, offset__gt=after)
        .select_related("event")
        .order_by("offset")[:LOG_PAGE]
    )
    numbers = set(
        access_events(scope)
        .filter(pk__in={entry.event_id for entry in entries})
        .values_list("number", flat=True)
    )
    tokens = scope.tokens
    results = [
        entry_json(entry, entry.event.number)
        for entry in entries
        if entry.event.number in numbers and not tokens.isdisjoint(entry.audience)
    ]
    lost = {
        entry.event.number
        for entry in entries
        if entry.event.number not in numbers and not tokens.isdisjoint(entry.leavers)
    }
    end = entries[-1].offset if len(entries) == LOG_PAGE else None
    if end is not None:
        position = Position(position.epoch, end)
    return Response(_log_answer(position, results, lost, end, recovered=True))


def _log_answer(position, results, lost, end, *, recovered):
    return {
        "position": position.as_json(),
        "recovered": recovered,
        "results": results,
        "lost": sorted(lost),
        "next": end,
    }
