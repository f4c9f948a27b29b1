from django.db import migrations, models


def begin_at_the_top(apps, schema_editor):
    """Nobody is told now of what happened before there was an outbox."""
    cursor = apps.get_model("integrations", "OutboxCursor")
    for log in apps.get_model("events", "Log").objects.all():
        cursor.objects.get_or_create(log=log, defaults={"offset": log.top})


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0001_initial'),
        ('integrations', '0002_operators'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutboxTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('notice', '通知'), ('write_back', '回写'), ('webhook', '推送'), ('bundle', '合并通知'), ('test', '测试')], max_length=10)),
                ('name', models.CharField(max_length=40)),
                ('verdict', models.CharField(max_length=10)),
                ('count', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='outboundmessage',
            name='expires_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='outboundmessage',
            name='purpose',
            field=models.CharField(choices=[('notice', '通知'), ('write_back', '回写'), ('webhook', '推送'), ('bundle', '合并通知'), ('test', '测试')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='outboundmessage',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['expires_at'], name='outbound_expiring'),
        ),
        migrations.AddIndex(
            model_name='outboundmessage',
            index=models.Index(condition=models.Q(('purpose', 'notice'), ('urgent', False)), fields=['channel', 'recipient', 'created_at'], name='outbound_quiet'),
        ),
        migrations.AddIndex(
            model_name='outboundmessage',
            index=models.Index(condition=models.Q(('purpose', 'write_back'), ('state__in', ['pending', 'sending'])), fields=['source', 'event'], name='outbound_answers'),
        ),
        migrations.AddConstraint(
            model_name='outboxtally',
            constraint=models.UniqueConstraint(fields=('purpose', 'name', 'verdict'), name='outbox_tally'),
        ),
        migrations.RunPython(begin_at_the_top, migrations.RunPython.noop),
    ]
