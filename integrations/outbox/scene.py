"""What stands around a page of entries, read once for all of them."""

from functools import cached_property

from dispatch import access
from dispatch.duty import on_duty
from dispatch.models import Assignment, Deadline, DeadlineState, Officer, Role
from integrations.channels import kinds
from integrations.models import Channel, Contact


class Scene:
    """The assignments, clocks, people and channels around `entries` at the moment `at`."""

    def __init__(self, entries, at):
        self.entries, self.at = entries, at
        self._on_duty, self._scopes = {}, {}

    @staticmethod
    def kind(entry):
        """The entry's kind; of what a merged event hears from its main event, that entry's kind."""
        return entry.data.get("kind", "") if entry.kind == "progressed" else entry.kind

    @cached_property
    def _events(self):
        return {entry.event_id for entry in self.entries}

    @cached_property
    def _assignments(self):
        found = {}
        rows = Assignment.objects.filter(event__in=self._events, current=True)
        for row in rows.select_related("department").order_by("pk"):
            found.setdefault(row.event_id, []).append(row)
        return found

    def current(self, event):
        """The event's current assignments, with their departments."""
        return self._assignments.get(event.pk, [])

    def audience(self, event):
        """The access tokens that may see the event now."""
        return access.audience(event, {row.department.code for row in self.current(event)})

    @cached_property
    def _due(self):
        rows = Deadline.objects.filter(event__in=self._events, state=DeadlineState.LIVE)
        return {(row.event_id, row.stage): row.due_at for row in rows}

    def due(self, event, stage):
        """When the running clock of that stage ends, or None."""
        return self._due.get((event.pk, stage))

    @cached_property
    def _officers(self):
        rows = Officer.objects.filter(
            role__in=[Role.SUPERVISOR, Role.DISPATCHER], user__is_active=True
        )
        return list(rows.values_list("role", "areas__code", "user_id").order_by("user_id"))

    def officers(self, role, codes):
        """The user ids of those of a role whose own areas are among `codes`."""
        rows = self._officers
        return list(dict.fromkeys(pk for one, code, pk in rows if one == role and code in codes))

    def on_duty(self, department):
        """The user ids of who is on duty there."""
        if department.pk not in self._on_duty:
            people = on_duty(department, self.at)
            self._on_duty[department.pk] = [officer.user_id for officer in people]
        return self._on_duty[department.pk]

    def learn(self, user_ids):
        """Read the rights and addresses of those people."""
        self._scopes = access.scopes_of(user_ids)
        self._contacts = {}
        for row in Contact.objects.filter(user__in=user_ids, active=True).order_by("pk"):
            self._contacts.setdefault(row.user_id, []).append(row)

    def scope(self, user_id):
        """The rights of a person that was learned of; None for one without an office."""
        return self._scopes.get(user_id)

    def contacts(self, user_id):
        """The active addresses of a person that was learned of."""
        return self._contacts.get(user_id, [])

    @cached_property
    def channels(self):
        """[(Channel, its Kind or None, codes of its departments)] of the active ones."""
        rows = Channel.objects.filter(active=True).prefetch_related("departments").order_by("pk")
        return [
            (row, kinds().get(row.kind), {one.code for one in row.departments.all()})
            for row in rows
        ]
