"""The auditor: whether anything floats. It asks the rows, not the clock that works on them.

It runs beside the clock, in another process: what stops the one does not stop the other.
"""

import logging
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.db.models import Exists, OuterRef

from dispatch.clock import pulse
from dispatch.models import Assignment, AssignmentRole, Audit, Deadline, DeadlineState
from dispatch.sweep import LATE, due
from events import moment
from events.entry import stamp
from events.models import OPEN_STATES, Event

log = logging.getLogger("xianfeng.audit")
# Seconds between two looks, and after how long without one nobody knows.
EVERY = 15
STALE = timedelta(seconds=60)
NAMED = 20
KEPT = timedelta(days=90)


def untimed(now):
    """Open events without a running deadline that are not on hold."""
    running = Deadline.objects.filter(event=OuterRef("pk"), state=DeadlineState.LIVE)
    return Event.objects.filter(~Exists(running), state__in=OPEN_STATES, on_hold=False)


def leaderless(now):
    """Open events without a lead; that there are not two is the database's business."""
    leads = Assignment.objects.filter(event=OuterRef("pk"), current=True, role=AssignmentRole.LEAD)
    return Event.objects.filter(~Exists(leads), state__in=OPEN_STATES)


def late(now):
    """Events with a step of a deadline that has waited for longer than a minute."""
    return Event.objects.filter(pk__in=due(now - LATE).values("event"))


def overheld(now):
    """Events whose hold has been over for longer than a minute."""
    return Event.objects.filter(on_hold=True, held_until__lt=now - LATE, state__in=OPEN_STATES)


CHECKS = {"untimed": untimed, "leaderless": leaderless, "late": late, "overheld": overheld}


def audit():
    """Look at everything once and write down what is wrong; returns the Audit."""
    now = moment.now()
    findings = {}
    for name, check in CHECKS.items():
        numbers = check(now).order_by("pk").values_list("number", flat=True)
        if count := numbers.count():
            findings[name] = {"count": count, "numbers": list(numbers[:NAMED])}
    if not pulse(now)["alive"]:
        findings["clock"] = {"count": 1, "numbers": []}
    return _write(now, findings)


def _write(now, findings):
    last = Audit.objects.first()
    if last and last.findings.keys() == findings.keys():
        last.at, last.findings = max(now, last.at), findings
        last.save(update_fields=["at", "findings"])
        return last
    if findings:
        counts = {name: found["count"] for name, found in findings.items()}
        log.warning("the audit found what is wrong", extra={"fields": counts})
    Audit.objects.filter(at__lt=now - KEPT).delete()
    return Audit.objects.create(since=now, at=now, ok=not findings, findings=findings)


def latest(now):
    """{ok, checked_at, since, stale, findings: {name: count}} of the last look.

    `stale`: there was none for a minute, and nothing is known; then it is not ok either.
    """
    last = Audit.objects.first()
    stale = last is None or now - last.at > STALE
    return {
        "ok": not stale and last.ok,
        "checked_at": stamp(last.at) if last else None,
        "since": stamp(last.since) if last else None,
        "stale": stale,
        "findings": {name: found["count"] for name, found in last.findings.items()} if last else {},
    }


def watch(stop, interval=EVERY):
    """Look again and again until `stop` is set. No failure ends it: it is logged, tried again.

    The first look comes after `interval`: the clock that is started beside it has beaten by then.
    """
    while not stop.wait(interval):
        close_old_connections()
        try:
            audit()
        except (DatabaseError, InterfaceError):
            log.exception("the audit could not read the database; trying again")
        except Exception:
            log.exception("the audit failed; trying again")
    connections.close_all()
