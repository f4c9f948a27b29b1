"""A case: an event with its assignments and deadlines, locked for one change."""

from dispatch import access, shape
from dispatch.models import (
    LIMITED,
    Assignment,
    AssignmentRole,
    AssignmentState,
    Deadline,
    DeadlineState,
)
from events import lifecycle, moment, timeline
from events.models import State

ENDED = {
    AssignmentState.RETURNED,
    AssignmentState.TRANSFERRED,
    AssignmentState.RELEASED,
    AssignmentState.RECALLED,
}


class Case:
    """What an action works on. Change it in memory, `record` what happened, then `finish`."""

    def __init__(self, change, event, assignments, deadlines):
        self.change, self.event = change, event
        self.assignments, self.deadlines = assignments, deadlines
        # What the clock waits for beside the stages (dispatch/waits.py).
        self.waits = []
        self.version = event.version
        self.before, self.audience_before = {}, set()
        self.touched = []
        self.attached = False
        # The cases of the events merged into this one, where the whole family is locked.
        self.followers = []

    @classmethod
    def lock(cls, change, *numbers):
        """{number: case} of the events with those numbers, locked until the commit.

        Four queries, however many events.
        """
        events = timeline.lock(*numbers)
        # Whoever waited for the lock acts after the one who had it.
        change.at = max(change.at, moment.now())
        cases = {event.pk: cls(change, event, [], []) for event in events}
        for row in (
            Assignment.objects.filter(event__in=events).select_related("department").order_by("pk")
        ):
            cases[row.event_id].assignments.append(row)
        for row in Deadline.every.filter(shape.SHOWN, event__in=events).order_by("pk"):
            cases[row.event_id].keep(row)
        for case in cases.values():
            case.remember()
        return {case.event.number: case for case in cases.values()}

    @classmethod
    def new(cls, change, event):
        """The case of an event that was registered in this change."""
        return cls(change, event, [], [])

    def remember(self):
        """Keep how the event stands, to tell later what has changed."""
        self.before = shape.facts(self.event, self.assignments, self.deadlines + self.waits)
        self.audience_before = access.audience(self.event, self.department_codes())

    @property
    def at(self):
        """The moment of the change."""
        return self.change.at

    def record(self, kind, actor=timeline.SYSTEM, /, **data):
        """A timeline entry of this event."""
        return self.change.record(self.event, kind, actor, **data)

    # Assignments

    @property
    def current(self):
        """The assignments that count."""
        return [row for row in self.assignments if row.current]

    @property
    def lead(self):
        """The current lead, or None."""
        return next((row for row in self.current if row.role == AssignmentRole.LEAD), None)

    def of(self, department_code):
        """The current assignment of a department, or None."""
        return next((row for row in self.current if row.department.code == department_code), None)

    def department_codes(self):
        """Codes of the departments that are on the case now."""
        return {row.department.code for row in self.assignments if row.current}

    def assign(self, department, role, *, required=False):
        """Put a department on the case; one that is already there keeps its row.

        Returns the assignment, or None when nothing changed.
        """
        row = self.of(department.code)
        if row:
            if row.role == role and (row.required or not required):
                return None
            if role == AssignmentRole.LEAD and row.state == AssignmentState.DONE:
                # Its part as a support is done, the lead's is not.
                row.state, row.done_at = AssignmentState.CLAIMED, None
            row.role, row.required = role, row.required or required
            return self.touch(row)
        row = Assignment(
            event=self.event,
            department=department,
            role=role,
            required=required,
            dispatched_at=self.at,
        )
        self.assignments.append(row)
        return self.touch(row)

    def end(self, row, state, reason=""):
        """Take a department off the case; its row stays as history."""
        row.state, row.current, row.reason, row.ended_at = state, False, reason, self.at
        return self.touch(row)

    def keep(self, row):
        """Take a deadline among those of the stages, or among the waits."""
        (self.deadlines if row.stage in LIMITED else self.waits).append(row)

    def add(self, row):
        """Take a deadline, to be written by `finish`."""
        self.keep(row)
        return self.touch(row)

    def touch(self, row):
        """Mark an assignment or deadline as changed, so that `finish` writes it."""
        if row not in self.touched:
            self.touched.append(row)
        return row

    # States

    def move(self, state):
        """Move the event; raises lifecycle.IllegalMove."""
        if self.event.state != state:
            lifecycle.move(self.event, state, self.at)

    @property
    def all_done(self):
        """Whether every lead and required support is done."""
        needed = [row for row in self.current if row.role == AssignmentRole.LEAD or row.required]
        return bool(needed) and all(row.state == AssignmentState.DONE for row in needed)

    @property
    def claimed(self):
        """Whether any department works on it."""
        return any(row.claimed_at for row in self.current)

    @property
    def open(self):
        """Whether somebody still has to do something."""
        return self.event.state in (State.REGISTERED, State.RESPONDED, State.HANDLED)

    # Writing

    def finish(self, *, attachments=None):
        """Write everything that changed, address the entries, return the event's new shape.

        `attachments` are the files' shapes where the caller has them, else they are fetched.

        Raises lifecycle.StaleWrite.
        """
        self.write_parts()
        lifecycle.save(self.event, self.version)
        return self.tell(attachments)

    def write_parts(self):
        """Write the touched assignments and deadlines alone: what no screen shows."""
        rows = [row for row in self.touched if isinstance(row, Assignment)]
        ended = [row for row in rows if row.pk and not row.current]
        supports = [
            row for row in rows if row.pk and row.current and row.role == AssignmentRole.SUPPORT
        ]
        leads = [row for row in rows if row.pk and row.current and row.role == AssignmentRole.LEAD]
        # The old lead steps down before the new one steps up: there is never a second one.
        for batch in (ended, supports, leads):
            _update(Assignment, batch)
        Assignment.objects.bulk_create([row for row in rows if not row.pk])
        rows = [row for row in self.touched if isinstance(row, Deadline)]
        _update(Deadline, [row for row in rows if row.pk])
        Deadline.every.bulk_create(
            [row for row in rows if not row.pk and row.state != DeadlineState.SUPERSEDED]
        )

    def tell(self, attachments=None):
        """Address the entries: what has changed, who may see it. Returns the event's new shape."""
        after = shape.facts(self.event, self.assignments, self.deadlines + self.waits)
        changes = {key: value for key, value in after.items() if self.before.get(key) != value}
        after["attachments"] = self._attachments() if attachments is None else attachments
        if self.attached or not self.before:
            changes["attachments"] = after["attachments"]
        audience = access.audience(self.event, self.department_codes())
        self.change.address(self.event, changes, audience, self.audience_before - audience)
        return after

    def _attachments(self):
        if not self.before and not self.attached:
            return []
        rows = self.event.attachments.select_related("uploader__officer").order_by(
            "created_at", "pk"
        )
        return [shape.attachment_json(row) for row in rows]

    def unchanged(self):
        """The event's shape when nothing was done."""
        return {**self.before, "attachments": self._attachments()}


def _update(model, rows):
    if rows:
        fields = [f.name for f in model._meta.concrete_fields if not f.primary_key]
        model._base_manager.bulk_update(rows, fields)
