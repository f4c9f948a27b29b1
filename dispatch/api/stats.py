"""`GET stats/today/`: the figures of the day in the areas that I may see."""

from datetime import timedelta

from django.db.models import Avg, Count, Exists, F, OuterRef, Q
from django.db.models.functions import ExtractHour
from django.utils.timezone import localtime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.response import Response

from dispatch import audit
from dispatch.access import access_events, home_log
from dispatch.api.request import scope_of
from dispatch.clock import pulse
from dispatch.models import Assignment, AssignmentState, Deadline, DeadlineState, Stage
from events import moment
from events.entry import stamp
from events.models import OPEN_STATES, State
from events.timeline import Position


@extend_schema(responses=OpenApiTypes.OBJECT)
@api_view(["GET"])
def today(request):
    """Today (district time), and what is open now. Definitions: docs/indicators.md."""
    scope = scope_of(request)
    log = home_log(scope)
    now = moment.now()
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = access_events(scope)
    counted = mine.exclude(state__in=(State.CANCELLED, State.MERGED))
    reported = counted.filter(registered_at__gte=midnight)
    live = mine.filter(state__in=OPEN_STATES)
    late = Exists(
        Deadline.objects.filter(event=OuterRef("pk"), state=DeadlineState.LIVE, due_at__lt=now)
    )
    by_state = dict(live.values_list("state").annotate(Count("pk")).order_by())
    answered = reported.filter(responded_at__isnull=False).aggregate(
        mean=Avg(F("responded_at") - F("registered_at"))
    )["mean"]
    ended = Deadline.objects.filter(
        event__in=mine, stage=Stage.HANDLE, ended_at__gte=midnight
    ).aggregate(
        met=Count("pk", filter=Q(state=DeadlineState.MET)),
        all=Count("pk", filter=Q(state__in=(DeadlineState.MET, DeadlineState.MISSED))),
    )
    hours = dict(
        reported.annotate(hour=ExtractHour("registered_at"))
        .values_list("hour")
        .annotate(Count("pk"))
        .order_by()
    )
    return Response(
        {
            "now": stamp(now),
            "position": Position(str(log.epoch), log.top).as_json() if log else None,
            "reported": reported.count(),
            "open": sum(by_state.values()),
            "unclaimed": by_state.get(State.REGISTERED, 0),
            "handling": by_state.get(State.RESPONDED, 0),
            "to_verify": by_state.get(State.HANDLED, 0),
            "overdue": live.filter(late).count(),
            "closed": counted.filter(closed_at__gte=midnight).count(),
            "respond_seconds_avg": round(answered.total_seconds(), 1)
            if isinstance(answered, timedelta)
            else None,
            "handled_in_time_rate": round(ended["met"] / ended["all"], 4) if ended["all"] else None,
            "by_street": list(
                live.filter(street__isnull=False)
                .values(code=F("street__code"), name=F("street__name"))
                .annotate(open=Count("pk"), p1=Count("pk", filter=Q(priority="P1")))
                .order_by("-open", "code")
            ),
            "by_department": _by_department(live, now),
            "by_category": list(
                reported.values(code=F("category__qualified"), name=F("category__name"))
                .annotate(count=Count("pk"))
                .order_by("-count", "code")[:12]
            ),
            "by_hour": [{"hour": hour, "count": hours.get(hour, 0)} for hour in range(24)],
            "clock": pulse(now),
            "audit": audit.latest(now),
        }
    )


def _by_department(live, now):
    late = Exists(
        Deadline.objects.filter(
            event=OuterRef("event_id"), state=DeadlineState.LIVE, due_at__lt=now
        )
    )
    return list(
        Assignment.objects.filter(current=True, event__in=live)
        .annotate(late=late)
        .values(code=F("department__code"), name=F("department__name"))
        .annotate(
            open=Count("pk"),
            unclaimed=Count("pk", filter=Q(state=AssignmentState.DISPATCHED)),
            overdue=Count("pk", filter=Q(late=True)),
        )
        .order_by("-overdue", "-unclaimed", "-open", "code")[:20]
    )
