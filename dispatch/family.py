"""A main event and the events merged into it: locked together, told together.

The reporters and sources of merged events have no right to the main one. They hear of it by entries
`progressed` in their own events, written in the transaction that moves the main event.
"""

from contextlib import contextmanager

from dispatch.case import Case
from events import lifecycle, timeline
from events.models import Event, State

# What the followers hear of the main event, and which of its data goes along.
TOLD = {
    "claimed": ("department_name",),
    "arrived": ("department_name",),
    "posted": ("text", "public"),
    "handled": (),
    "reworked": (),
    "closed": ("text",),
    "reopened": (),
    "cancelled": ("reason",),
}


@contextmanager
def locked(*numbers):
    """(change, {number: case}) of those events and of all that is merged into them, in a change.

    Rows are locked in one order. Who was merged while this waited is not among them: then it lets
    go of all and begins again.
    """
    numbers = set(numbers)
    while True:
        with timeline.change() as change:
            cases = Case.lock(change, *numbers)
            late = _merged_into(cases.values()) - numbers
            if not late:
                _gather(cases)
                yield change, cases
                return
        numbers |= late


def _merged_into(cases):
    mains = [case.event.pk for case in cases if case.event.absorbed]
    if not mains:
        return set()
    return set(Event.objects.filter(merged_into__in=mains).values_list("number", flat=True))


def _gather(cases):
    mains = {case.event.pk: case for case in cases.values()}
    for case in cases.values():
        main = mains.get(case.event.merged_into_id)
        if main:
            case.event.merged_into = main.event
            main.followers.append(case)


def finish(change, cases, number):
    """Tell the followers, then write every case that has entries.

    Returns the new shape of the event with that number; None when nothing was written.
    """
    for main in list(cases.values()):
        _tell(main, [entry for entry in change.entries if entry.event is main.event])
    written = {entry.event.number for entry in change.entries}
    touched = {number: case for number, case in cases.items() if number in written}
    followers = [case for case in touched.values() if _only_follows(case)]
    lifecycle.save_followers([case.event for case in followers])
    for case in followers:
        case.tell([])
    for one, case in touched.items():
        if one != number and case not in followers:
            case.finish(attachments=[])
    return touched[number].finish() if number in touched else None


def _tell(main, entries):
    told = [entry for entry in entries if entry.kind in TOLD and not _internal(entry)]
    moved = bool(entries) and main.before["state"] != main.event.state
    for follower in main.followers:
        about = {"number": main.event.number, "state": main.event.state}
        for entry in told:
            data = {name: entry.data[name] for name in TOLD[entry.kind] if entry.data.get(name)}
            follower.record("progressed", **about, kind=entry.kind, data=data)
        if moved and not told:
            follower.record("progressed", **about)


def _internal(entry):
    return entry.kind == "posted" and not (entry.data.get("public") and entry.data["text"])


def _only_follows(case):
    """Whether nothing of the case changes but what it is told, and whom it follows."""
    return case.event.state == State.MERGED == case.before["state"]
