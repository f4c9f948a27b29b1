"""Importing escalation policies from CSV files."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.cells import RulebookError, check_one_of, found, table_of
from dispatch.models import Department, EscalationPolicy, Notify, PolicyStep, Stage
from events.models import Category, Priority


@transaction.atomic
def load_escalation(path):
    """Import escalation policies; returns how many the file gave. Raises RulebookError.

    Columns: `policy,stage,category,priority,after,notify,department,channel,repeat_minutes,
    repeat_times,effect`, one row a step, the first five of them needed. The steps of a policy
    that is there already are replaced; what runs keeps the steps it began with.
    """
    steps = {}
    for line, cells in table_of(path):
        policy, step = _policy(line, cells), _step(line, cells)
        own = steps.setdefault(policy.name, (policy, []))
        if (policy.stage, policy.category, policy.priority) != (
            own[0].stage,
            own[0].category,
            own[0].priority,
        ):
            raise RulebookError(
                _("第 %(line)d 行：策略“%(name)s”的阶段、分类或优先级与前面的行不同。")
                % {"line": line, "name": policy.name}
            )
        own[1].append((line, step))
    for number, (policy, rows) in enumerate(steps.values(), 1):
        policy, _created = EscalationPolicy.objects.update_or_create(
            name=policy.name,
            defaults={
                "stage": policy.stage,
                "category": policy.category,
                "priority": policy.priority,
                "order": 10 * number,
            },
        )
        policy.steps.all().delete()
        for line, step in rows:
            step.policy = policy
            try:
                step.full_clean()
            except ValidationError as error:
                text = "；".join(text for texts in error.message_dict.values() for text in texts)
                raise RulebookError(
                    _("第 %(line)d 行：%(text)s") % {"line": line, "text": text}
                ) from None
            step.save()
    return len(steps)


def _policy(line, cells):
    check_one_of(line, "stage", cells.get("stage"), Stage)
    priority = cells.get("priority", "")
    if priority:
        check_one_of(line, "priority", priority, Priority)
    if not cells.get("policy"):
        raise RulebookError(_("第 %(line)d 行：缺少策略名称。") % {"line": line})
    return EscalationPolicy(
        name=cells["policy"][:80],
        stage=cells["stage"],
        category=found(line, Category, "qualified", cells.get("category")),
        priority=priority,
    )


def _step(line, cells):
    check_one_of(line, "notify", cells.get("notify"), Notify)
    repeats = {}
    for column in ("repeat_minutes", "repeat_times"):
        text = cells.get(column) or "0"
        if not text.isascii() or not text.isdigit():
            raise RulebookError(
                _("第 %(line)d 行：%(column)s 应为整数。") % {"line": line, "column": column}
            )
        repeats[column] = int(text)
    return PolicyStep(
        after=cells.get("after", ""),
        notify=cells["notify"],
        department=found(line, Department, "code", cells.get("department")),
        channel=cells.get("channel", ""),
        effect=cells.get("effect", ""),
        **repeats,
    )
