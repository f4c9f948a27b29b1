"""Which events the public may see as service requests, and what their shape needs."""

from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Q, Subquery

from dispatch.models import Assignment, Deadline, DeadlineState, Stage
from events.models import Event, TimelineEntry
from events.timeline import POLYGONS
from integrations.models import Service
from integrations.models.open311 import PRIVATE_SCHEMES

MERGED = "merged_into"


@dataclass(frozen=True)
class Published:
    """The events that are public now, and the service that shows those of other doors."""

    services: dict  # {category id: Service}

    @classmethod
    def now(cls):
        """As the services say at this moment. One query."""
        rows = Service.objects.filter(active=True, public=True)
        return cls({row.category_id: row for row in rows.order_by("-order", "-code")})

    def events(self):
        """The queryset: what came in by a key, and the classes that a service makes public; never
        an emergency, also when it became one later."""
        shown = Q(open311__isnull=False)
        if self.services:
            shown |= Q(category__in=list(self.services))
        return Event.objects.filter(shown).exclude(category__scheme__in=PRIVATE_SCHEMES)

    def of_service(self, codes):
        """The filter for the events of the services with those codes."""
        classes = [pk for pk, service in self.services.items() if service.code in codes]
        return Q(open311__service__code__in=codes) | Q(open311=None, category__in=classes)

    def service_of(self, event):
        """The Service under which an event is shown."""
        request = getattr(event, "open311", None)
        return request.service if request else self.services[event.category_id]


def with_parts(events):
    """The queryset of events with everything that the public shape needs: five queries, whatever
    the rows."""
    newest = TimelineEntry.objects.filter(event=OuterRef("pk"), seq=OuterRef("last_seq"))
    return (
        events.select_related("open311__service", "log", "district", "street", "community", MERGED)
        .defer(*POLYGONS, "routing_trace")
        .annotate(touched_at=Subquery(newest.values("at")))
        .prefetch_related(
            Prefetch(
                "assignments",
                Assignment.objects.filter(current=True, role="lead").select_related("department"),
                to_attr="leads",
            ),
            Prefetch(
                "deadlines",
                Deadline.objects.filter(
                    stage=Stage.HANDLE,
                    state__in=[DeadlineState.LIVE, DeadlineState.MET, DeadlineState.MISSED],
                ).order_by("pk"),
                to_attr="promises",
            ),
            Prefetch("timeline", _replies(), to_attr="replies"),
            Prefetch(f"{MERGED}__timeline", _replies(), to_attr="replies"),
        )
    )


def _replies():
    """What was posted for the public."""
    return TimelineEntry.objects.filter(kind="posted", data__public=True).order_by("seq")
