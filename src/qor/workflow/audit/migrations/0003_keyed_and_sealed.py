"""The journal is keyed, and holds lists of the rows that it tells of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The key's name and the last day of the head; lists of rows."""

    dependencies = [("audit", "0002_append_only_with_a_head")]
    operations = [
        migrations.AddField("entry", "seals", models.JSONField(default=dict)),
        migrations.AddField("head", "key_id", models.CharField(default="", max_length=64)),
        migrations.AddField("head", "published_on", models.DateField(null=True)),
        migrations.CreateModel(
            name="SealedBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("batch", models.CharField(max_length=32)),
                ("position", models.IntegerField()),
                ("body", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("batch", "position"), name="batch_in_order")],
            },
        ),
    ]
