"""Who is told of what: a table that a duty officer could read aloud."""

from dispatch.models import AssignmentState, Department, Role, Stage
from events.models import OPEN_STATES, TimelineEntry


def assigned(entry, scene):
    """The departments that came to the event by this entry and have not claimed it since."""
    codes = {row["code"] for row in entry.data.get("departments", ())}
    return [
        row.department
        for row in scene.current(entry.event)
        if row.department.code in codes and not (row.claimed_at and row.claimed_at > entry.at)
    ], []


def lead(entry, scene):
    """The lead department."""
    return [row.department for row in scene.current(entry.event) if row.role == "lead"], []


def crew(entry, scene):
    """Every department on the event."""
    return [row.department for row in scene.current(entry.event)], []


def waited_for(entry, scene):
    """The departments whose answer or work the stage of the entry waits for."""
    waiting = {
        Stage.RESPOND: (AssignmentState.DISPATCHED,),
        Stage.HANDLE: (
            AssignmentState.DISPATCHED,
            AssignmentState.CLAIMED,
            AssignmentState.ARRIVED,
        ),
    }.get(entry.data.get("stage"))
    if waiting is None:
        # What waits for a verifier waits for no department.
        return street(entry, scene)
    rows = [row for row in scene.current(entry.event) if row.state in waiting]
    return [row.department for row in rows], []


def street(entry, scene):
    """The supervisors of the event's street and community; where there is none, the district's."""
    event = entry.event
    codes = {area.code for area in (event.street, event.community) if area}
    people = scene.officers(Role.SUPERVISOR, codes)
    return ([], people) if people else district(entry, scene)


def district(entry, scene):
    """The supervisors of the whole district; where there is none, its dispatchers."""
    codes = {entry.event.log.code}
    people = scene.officers(Role.SUPERVISOR, codes)
    return [], people or scene.officers(Role.DISPATCHER, codes)


def claimers(entry, scene):
    """Who has claimed and works on it, of the department that the entry names if it does."""
    code = entry.data.get("department")
    return [], [
        row.claimed_by_id
        for row in scene.current(entry.event)
        if row.claimed_by_id
        and row.state != AssignmentState.DONE
        and code in (None, row.department.code)
    ]


def group(entry, scene):
    """The department that the entry names, else those that the stage waits for."""
    rows = scene.current(entry.event)
    named = [row.department for row in rows if row.department.code == entry.data.get("department")]
    return (named, []) if named else waited_for(entry, scene)


def department(entry, scene):
    """Who is on duty in the department that the step names, be it on the event or not."""
    found = Department.objects.filter(code=entry.data.get("named")).first()
    return [], scene.on_duty(found) if found else []


def former(entry, scene):
    """Who had claimed for the department before, where a colleague has taken over."""
    if "instead_of" not in entry.data:
        return [], []
    before = TimelineEntry.objects.filter(
        event=entry.event,
        kind="claimed",
        seq__lt=entry.seq,
        data__department=entry.data["department"],
    )
    return [], list(before.order_by("-seq").values_list("actor_id", flat=True)[:1])


def notified(entry, scene):
    """Whom the escalation step names, and who is above them when the event was escalated."""
    departments, people = [], []
    for word in (entry.data.get("notify"), *entry.data.get("also", ())):
        more_departments, more_people = NAMED.get(word, waited_for)(entry, scene)
        departments += more_departments
        people += more_people
    return departments, people


# The words of dispatch's Notify.
NAMED = {
    "claimer": claimers,
    "group": group,
    "head": lead,
    "street": street,
    "district": district,
    "department": department,
}


def reporter(entry, scene):
    """Who reported it, if that is one of us."""
    return [], [entry.event.reporter_id] if entry.event.reporter_id else []


def mentioned(entry, scene):
    """Whom the text names with an @: departments on the event, who claimed it, who reported it."""
    event, text = entry.event, entry.data.get("text", "")
    if "@" not in text:
        return [], []
    names = {}
    for row in scene.current(event):
        names[row.department.name] = ([row.department], [])
        if row.claimed_by_id:
            names.setdefault(row.claimed_by_name, ([], [row.claimed_by_id]))
    if event.reporter_id:
        names.setdefault(event.reporter_name, ([], [event.reporter_id]))
    departments, people = [], []
    for part in text.split("@")[1:]:
        # Of two names that begin alike the longer one is meant.
        found = max((name for name in names if name and part.startswith(name)), key=len, default="")
        if found:
            departments += names[found][0]
            people += names[found][1]
    return departments, people


# Of a transfer the entry `dispatched` tells, of a verification that was passed `closed`.
TOLD = {
    "dispatched": (assigned,),
    "support_requested": (assigned,),
    "claimed": (former,),
    "reminded": (notified,),
    "warned": (notified,),
    "overdue": (notified,),
    "silent": (notified,),
    "claim_expired": (notified, claimers),
    "unanswered": (notified,),
    "recalculated": (lead,),
    "urged": (lead, street),
    "supervised": (lead, street, district),
    "escalated": (lead, street, district),
    "instructed": (lead, street, district),
    "hold_requested": (street,),
    "extension_requested": (street,),
    "extension_decided": (lead,),
    "reworked": (crew,),
    "reopened": (crew,),
    "handled": (reporter,),
    "closed": (reporter,),
    "cancelled": (reporter,),
    "posted": (mentioned,),
}
# What asks for work that nobody has to do any more is not told late.
WORK = {
    "dispatched",
    "support_requested",
    "reminded",
    "warned",
    "overdue",
    "silent",
    "claim_expired",
    "unanswered",
    "urged",
    "reworked",
}


def concerned(entry, scene):
    """(departments, user ids) that the entry concerns, in order and each once.

    Of an entry that a merged event hears from its main event only the reporter is told.
    """
    circles = TOLD.get(scene.kind(entry), ())
    if entry.kind == "progressed":
        circles = [circle for circle in circles if circle is reporter]
    if entry.kind in WORK and entry.event.state not in OPEN_STATES:
        return [], []
    departments, people = [], []
    for circle in circles:
        more_departments, more_people = circle(entry, scene)
        departments += more_departments
        people += more_people
    return list(dict.fromkeys(departments)), list(dict.fromkeys(people))
