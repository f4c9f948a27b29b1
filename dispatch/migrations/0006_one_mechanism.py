from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('dispatch', '0005_plans')]

    operations = [
        migrations.DeleteModel(name='EscalationStep'),
        migrations.RemoveField(model_name='deadline', name='remaining_seconds'),
    ]
