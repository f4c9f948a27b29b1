from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0010_act_verbs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outboundmessage",
            index=models.Index(fields=["-created_at", "-id"], name="outbound_newest"),
        ),
        migrations.AddIndex(
            model_name="inboundmessage",
            index=models.Index(
                condition=models.Q(("state", "discarded")),
                fields=["received_at"],
                name="inbound_discarded",
            ),
        ),
        migrations.AddIndex(
            model_name="operatoract",
            index=models.Index(
                condition=models.Q(("inbound", None)),
                fields=["source", "-at"],
                name="operator_act_source",
            ),
        ),
    ]
