"""Whom the clock tells, and when: a policy's steps as a plan of their own for each deadline.

A planned step is {at, percent, notify} and, where they say something, {minutes, warn, named, name,
channel, effect, nth}: `at` ISO 8601 in UTC, `percent` of the limit on the limit's own clock,
`minutes` after that on the wall clock, `warn` instead of a share is the 临期 moment, `nth` counts
repeats from 1.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from dispatch.limits import lineage
from dispatch.models import DeadlineState, EscalationPolicy, Stage
from dispatch.models.escalation import AFTER

FIELDS = (
    "stage",
    "category__qualified",
    "priority",
    "order",
    "pk",
    "steps__pk",
    "steps__after",
    "steps__notify",
    "steps__department__code",
    "steps__department__name",
    "steps__channel",
    "steps__repeat_minutes",
    "steps__repeat_times",
    "steps__effect",
)
# What the clock does of itself when a limit is over, whatever the policy.
OWN = {Stage.CLOSE: {"percent": 100, "notify": "", "effect": "close"}}
# Which words tell whom an escalated event concerns, by its level.
LEVELS = {1: "street", 2: "district"}


def steps_for(event, stages):
    """{stage: steps without `at`} by the policies that match the event now. One query."""
    distance = {code: n for n, code in enumerate(reversed(lineage(event.category)))}
    rows = EscalationPolicy.objects.filter(
        Q(category=None) | Q(category__qualified__in=distance),
        priority__in=("", event.priority),
        active=True,
        stage__in=stages,
    ).values_list(*FIELDS)
    best, steps = {}, {}
    for stage, code, priority, order, policy, *step in rows:
        rank = (distance.get(code, len(distance)), not priority, order, policy)
        if stage not in best or rank < best[stage]:
            best[stage], steps[stage] = rank, []
        if rank == best[stage] and step[0] is not None:
            steps[stage].append(step)
    plans = {
        stage: [one for step in sorted(found) for one in _unrolled(*step[1:])]
        for stage, found in steps.items()
    }
    for stage in OWN.keys() & set(stages):
        plans.setdefault(stage, []).append(dict(OWN[stage]))
    return plans


def _unrolled(after, notify, department, name, channel, every, times, effect):
    """A step and its repeats, each a step of its own."""
    parts = AFTER.fullmatch(after)
    first = int(parts["minutes"] or 0)
    about = {
        "warn": bool(parts["warn"]),
        "named": department,
        "name": name,
        "channel": channel,
        "effect": effect,
    }
    about = {key: value for key, value in about.items() if value}
    for nth in range(times + 1):
        step = {"percent": int(parts["percent"] or 0), "notify": notify, **about}
        if minutes := first + nth * every:
            step["minutes"] = minutes
        if times:
            step["nth"] = nth + 1
        yield step


def plan(row, moments, warned):
    """Set the moment of each step that is still to come, in order of time, and look at the next.

    `moments` is {percent: moment}; `warned` the percent of `row.warn_at`, reckoned before.
    """
    for step in row.steps[row.step :]:
        if step.get("warn"):
            at, step["percent"] = row.warn_at, warned
        else:
            at = moments[step["percent"]]
        if step["percent"] >= 100:
            at = max(at, row.due_at)
        step["at"] = (at + timedelta(minutes=step.get("minutes", 0))).isoformat()
    done, coming = row.steps[: row.step], row.steps[row.step :]
    row.steps = done + sorted(coming, key=lambda step: datetime.fromisoformat(step["at"]))
    aim(row)


def aim(row):
    """Set when the clock looks at the deadline next: the moment of its next step, or never."""
    row.next_at = None
    if row.state == DeadlineState.LIVE and row.step < len(row.steps):
        row.next_at = datetime.fromisoformat(row.steps[row.step]["at"])


def pass_over(row, at):
    """Count the steps before `at` as done: they were told by the deadline before this one."""
    row.step = sum(datetime.fromisoformat(step["at"]) <= at for step in row.steps)
    aim(row)


def percents(row):
    """The shares of the limit at which the row's coming steps are due."""
    return {step["percent"] for step in row.steps[row.step :] if not step.get("warn")}


def raised(step, level):
    """Whom besides its own a step tells when the event has been escalated to `level`, as words."""
    order = ["claimer", "group", "head", "street", "district"]
    own = order.index(step["notify"]) if step["notify"] in order else 0
    return [LEVELS[n] for n in range(1, level + 1) if order.index(LEVELS[n]) > own]
