"""Who may see which event, and who may do what: one policy.

A person has access *tokens*; an event has an *audience* of tokens. Sharing one is the right to see.
The same tokens make the queryset filter, the object check and the live tail's filter:

    a:<area code>         events placed in that area or below it
    d:<department code>   events on which the department has a current assignment
    u:<user id>           events that the user reported
    s:<source>            events that the source sent
"""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from dispatch.models import Assignment, Officer, Role
from events.models import Event, Log

# What each role's area tokens are made of, and whether its department counts.
SEES_AREAS = {Role.GRID_WORKER, Role.SUPERVISOR, Role.DISPATCHER, Role.AUDITOR}
SEES_DEPARTMENT = {Role.OFFICER}
SEES_OWN_REPORTS = {Role.GRID_WORKER, Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER}


@dataclass(frozen=True)
class Scope:
    """A person's rights, read once per request or socket. `areas` are codes."""

    user_id: int
    name: str
    role: str = ""
    department_code: str = ""
    department_name: str = ""
    areas: frozenset = frozenset()

    @property
    def tokens(self):
        """The access tokens of this person."""
        tokens = set()
        if self.role in SEES_AREAS:
            tokens |= {f"a:{code}" for code in self.areas}
        if self.role in SEES_DEPARTMENT and self.department_code:
            tokens.add(f"d:{self.department_code}")
        if self.role in SEES_OWN_REPORTS:
            tokens.add(f"u:{self.user_id}")
        return frozenset(tokens)

    def covers(self, event):
        """Whether the event lies in this person's areas."""
        return bool(self.areas & set(chain(event)))


def scope_of(user):
    """The scope of a user; one without an officer's record has no rights at all. One query."""
    return scopes_of([user.pk]).get(user.pk) or Scope(user.pk, user.get_username())


def scopes_of(user_ids):
    """Scopes of many users at once: {user id: Scope}. Inactive users have none. One query."""
    people, areas = {}, {}
    rows = Officer.objects.filter(user_id__in=user_ids, user__is_active=True).values_list(
        "user_id", "name", "role", "department__code", "department__name", "areas__code"
    )
    for user_id, name, role, department, department_name, area in rows:
        people[user_id] = (user_id, name, role, department or "", department_name or "")
        areas.setdefault(user_id, set()).add(area)
    return {
        user_id: Scope(*person, areas=frozenset(areas[user_id] - {None}))
        for user_id, person in people.items()
    }


def chain(event):
    """Codes of the areas that hold the event, widest first; an unplaced one is its district's."""
    codes = [event.log.code]
    for area in (event.street, event.community):
        if area is not None:
            codes.append(area.code)
    return codes


def audience(event, department_codes):
    """The tokens that may see `event`, given the codes of its currently assigned departments."""
    tokens = {f"a:{code}" for code in chain(event)}
    tokens |= {f"d:{code}" for code in department_codes}
    tokens.add(f"s:{event.source}")
    if event.reporter_id:
        tokens.add(f"u:{event.reporter_id}")
    return tokens


def visible(tokens):
    """The queryset filter for `tokens`, over Event."""
    by_kind = {"a": [], "d": [], "u": [], "s": []}
    for token in tokens:
        by_kind[token[0]].append(token[2:])
    allowed = Q(pk__in=[])
    if codes := by_kind["a"]:
        allowed |= Q(log__code__in=codes) | Q(street__code__in=codes) | Q(community__code__in=codes)
    if codes := by_kind["d"]:
        allowed |= Exists(
            Assignment.objects.filter(
                event=OuterRef("pk"), current=True, department__code__in=codes
            )
        )
    if ids := by_kind["u"]:
        allowed |= Q(reporter_id__in=ids)
    if sources := by_kind["s"]:
        allowed |= Q(source__in=sources)
    return allowed


def access_events(scope):
    """The events this person may see."""
    return Event.objects.filter(visible(scope.tokens))


def may_see(scope, event, department_codes):
    """The object check: the same answer as `access_events` and the live tail."""
    return not scope.tokens.isdisjoint(audience(event, department_codes))


def topic_tokens(scope, topic):
    """The access tokens under which `topic` shows entries, or None if it is not this person's.

    Topics: `desk`, `area:<code>`, `group:<department code>`. `event:<number>` needs the event: see
    `may_follow`.
    """
    kind, _sep, code = topic.partition(":")
    if topic == "desk":
        return scope.tokens
    if kind == "area" and any(code.startswith(own) for own in scope.areas):
        return frozenset({f"a:{code}"}) if scope.role in SEES_AREAS else None
    if kind == "group" and f"d:{code}" in scope.tokens:
        return frozenset({f"d:{code}"})
    return None


def may_follow(scope, number):
    """Whether this person may see the event with that number now. One query."""
    return access_events(scope).filter(number=number).exists()


def home_log(scope):
    """The log that this person's live tail reads: the district of their areas, else the first."""
    logs = list(Log.objects.order_by("pk"))
    for log in logs:
        if any(code.startswith(log.code) for code in scope.areas):
            return log
    return logs[0] if logs else None


def rights_changed():
    """Rights changed: every open socket looks again at what it may see."""
    Log.objects.update(access_version=F("access_version") + 1)


# Who may do what, by capacity. A capacity is what a person is *to this event*.
REPORTER, GRID, LEAD, SUPPORT, SUPERVISOR, DISPATCHER = (
    "reporter",
    "grid",
    "lead",
    "support",
    "supervisor",
    "dispatcher",
)


def capacities(scope, event, assignments):
    """What this person is to the event; `assignments` are all of it, `.current` tells live ones."""
    found = set()
    if scope.role in SEES_OWN_REPORTS and event.reporter_id == scope.user_id:
        found.add(REPORTER)
    if scope.role == Role.OFFICER:
        for assignment in assignments:
            if assignment.current and assignment.department.code == scope.department_code:
                found.add(LEAD if assignment.role == "lead" else SUPPORT)
    elif scope.covers(event):
        capacity = {
            Role.GRID_WORKER: GRID,
            Role.SUPERVISOR: SUPERVISOR,
            Role.DISPATCHER: DISPATCHER,
        }.get(scope.role)
        if capacity:
            found.add(capacity)
    return frozenset(found)
