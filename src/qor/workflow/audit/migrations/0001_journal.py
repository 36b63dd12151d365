"""The journal, its head and lists of the rows that it tells of; what only grows stays so."""

from typing import Any

from django.db import migrations, models

from qor.workflow.append_only import append_only

GROWING = ("audit_entry", "audit_sealedbatch")


def begin(apps: Any, editor: Any) -> None:
    """The one row of the head, at zero."""
    apps.get_model("audit", "Head").objects.create(id=1)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("verb", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=200)),
                ("facts", models.JSONField(default=dict)),
                ("seals", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"indexes": [models.Index(fields=["subject"], name="entry_by_subject")]},
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.CharField(default="", max_length=64)),
                ("key_id", models.CharField(default="", max_length=64)),
                ("published_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_head")
                ]
            },
        ),
        migrations.CreateModel(
            name="SealedBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("batch", models.CharField(max_length=32)),
                ("position", models.IntegerField()),
                ("body", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "position"), name="batch_in_order")
                ]
            },
        ),
        *(migrations.RunPython(append_only(table), migrations.RunPython.noop) for table in GROWING),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
