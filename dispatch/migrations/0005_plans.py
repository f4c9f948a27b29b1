from datetime import timedelta

from django.db import migrations
from django.db.models import F

NAMES = {'respond': '响应', 'handle': '处置', 'verify': '核查'}


def carry_over(apps, schema_editor):
    """The steps there were become a policy for each stage, and a plan of every running deadline."""
    Step = apps.get_model('dispatch', 'EscalationStep')
    Policy = apps.get_model('dispatch', 'EscalationPolicy')
    PolicyStep = apps.get_model('dispatch', 'PolicyStep')
    Deadline = apps.get_model('dispatch', 'Deadline')
    plans = {}
    for step in Step.objects.order_by('stage', 'percent'):
        plans.setdefault(step.stage, []).append({'percent': step.percent, 'notify': step.notify})
    for stage, steps in plans.items():
        policy = Policy.objects.create(name=NAMES[stage], stage=stage)
        for step in steps:
            PolicyStep.objects.create(policy=policy, after=f"{step['percent']}%", notify=step['notify'])
    Deadline.objects.update(in_force_from=F('started_at'))
    for row in Deadline.objects.filter(state__in=['live', 'paused']).select_related('event').iterator():
        whole = row.due_at - row.started_at
        row.value, row.limit_type = whole / timedelta(minutes=1), 'urgent_minute'
        row.steps = [
            {**step, 'at': (row.started_at + whole * step['percent'] / 100).isoformat()}
            for step in plans.get(row.stage, [])
        ]
        if row.state == 'paused':
            row.paused_at = row.event.held_since
        row.save()


class Migration(migrations.Migration):

    dependencies = [('dispatch', '0004_escalation'), ('events', '0004_condition')]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
