"""Policies for tests, and what the clock has said."""

from dispatch.models import EscalationPolicy, LimitRule, PolicyStep
from events.models import Category

TELLS = ("reminded", "warned", "overdue", "silent", "claim_expired", "unanswered")


def policy(name, stage, *steps, category=None, **about):
    """A policy; each step is (after, notify) or (after, notify, {further fields})."""
    made = EscalationPolicy.objects.create(
        name=name,
        stage=stage,
        category=category and Category.objects.get(qualified=category),
        **about,
    )
    for after, notify, *more in steps:
        fields = more[0] if more else {}
        step = PolicyStep(policy=made, after=after, notify=notify, **fields)
        step.full_clean()
        step.save()
    return made


def limit(category, stage, value, limit_type, **about):
    """The only limit of a class for a stage, or one more with a condition."""
    row = Category.objects.get(qualified=category)
    if not about.get("condition"):
        LimitRule.objects.filter(category=row, stage=stage).delete()
        about["default"] = True
    return LimitRule.objects.create(
        category=row, stage=stage, value=value, limit_type=limit_type, **about
    )


def told(room, number, after=0):
    """[(kind, stage, percent, notify)] of what the clock has said."""
    return [
        (entry["kind"], *(entry["data"][name] for name in ("stage", "percent", "notify")))
        for entry in room.entries(number, after)
        if entry["kind"] in TELLS
    ]
