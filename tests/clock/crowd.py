"""Many events whose deadlines are all due in the same second, made from one."""

from dispatch.models import Assignment, Deadline
from events.models import Event

NO_IDS = {"client_id": None, "external_id": ""}


def crowd(number, count):
    """`count` copies of the event with that number, its assignments and deadlines; their pks."""
    first = Event.objects.get(number=number)
    parts = list(Assignment.objects.filter(event=first))
    clocks = list(Deadline.objects.filter(event=first))
    events = Event.objects.bulk_create(
        (
            copy(first, number=f"{number}-{one}", tracking_code=f"{first.pk}-{one}", **NO_IDS)
            for one in range(count)
        ),
        batch_size=500,
    )
    for model, rows in ((Assignment, parts), (Deadline, clocks)):
        model._base_manager.bulk_create(
            (copy(row, event_id=event.pk) for event in events for row in rows), batch_size=500
        )
    return [event.pk for event in events]


def copy(row, **changes):
    """An unsaved copy of a row."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields["id"]
    return type(row)(**{**fields, **changes})
