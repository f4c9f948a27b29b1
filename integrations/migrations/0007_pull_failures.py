from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0006_flood")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="pull_failures",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
    ]
