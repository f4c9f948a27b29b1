"""Which events the public may see as service requests, and what their shape needs."""

from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Q, Subquery

from dispatch.models import Assignment, AssignmentRole, Deadline, DeadlineState, Stage
from events.models import Event, TimelineEntry
from integrations.models import Service
from integrations.models.open311 import PRIVATE_SCHEMES

# Of an event, and of the one that it was merged into, no more is read than is shown.
SHOWN = (
    "number",
    "state",
    "category_id",
    "lon",
    "lat",
    "address",
    "locate_method",
    "reporter_name",
    "registered_at",
    "closed_at",
    "district__name",
    "street__name",
    "community__name",
    "open311__description",
    "open311__service__code",
    "open311__service__name",
    "open311__service__notice",
)
MAIN_SHOWN = ("state", "closed_at", "category__scheme")
# A deadline that stands still promises nothing.
PROMISED = [DeadlineState.LIVE, DeadlineState.MET, DeadlineState.MISSED]


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
    """The queryset of events with everything that the public shape needs, of their main events too:
    four queries, three more where events are merged, whatever the rows."""
    newest = TimelineEntry.objects.filter(event=OuterRef("pk"), seq=OuterRef("last_seq"))
    return (
        events.select_related(
            "open311__service", "district", "street", "community", "merged_into__category"
        )
        .only(*SHOWN, *(f"merged_into__{name}" for name in MAIN_SHOWN))
        .annotate(touched_at=Subquery(newest.values("at")))
        .prefetch_related(*_parts(""), *_parts("merged_into__"))
    )


def _parts(of):
    """Prefetches of `leads`, `promises` and `replies`."""
    leads = Assignment.objects.filter(current=True, role=AssignmentRole.LEAD)
    promises = Deadline.objects.filter(stage=Stage.HANDLE, state__in=PROMISED)
    replies = TimelineEntry.objects.filter(kind="posted", data__public=True)
    return (
        Prefetch(
            f"{of}assignments",
            leads.select_related("department").only("event_id", "department__name"),
            to_attr="leads",
        ),
        Prefetch(
            f"{of}deadlines",
            promises.order_by("pk").only("event_id", "due_at"),
            to_attr="promises",
        ),
        Prefetch(
            f"{of}timeline",
            replies.order_by("seq").only("event_id", "data"),
            to_attr="replies",
        ),
    )
