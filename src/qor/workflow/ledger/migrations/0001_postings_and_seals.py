"""Postings, seals and marks; the ledger begins at zero."""

from typing import Any

from django.db import migrations, models

import qor.workflow.fields
from qor.workflow.append_only import append_only
from qor.workflow.ledger.guarded import make_guards

GROWING = ("ledger_posting",)


def begin(apps: Any, editor: Any) -> None:
    """The one row of the head, at zero."""
    apps.get_model("ledger", "LedgerHead").objects.create(id=1)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("seals", models.BigIntegerField(default=0)),
                ("seal_hash", models.CharField(blank=True, max_length=64)),
                ("told_in", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_ledger_head")
                ]
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=40)),
                ("row", models.BigIntegerField()),
                ("layout", models.SmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"indexes": [models.Index(fields=["subject", "row"], name="mark_by_subject")]},
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.BigIntegerField()),
                ("debit", models.CharField(max_length=16)),
                ("credit", models.CharField(max_length=16)),
                ("provider_id", models.BigIntegerField()),
                ("contract_no", models.CharField(blank=True, max_length=100)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("act_id", models.BigIntegerField(db_index=True, null=True)),
                ("amount", qor.workflow.fields.MoneyField()),
                ("cause", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="posting_moves_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("debit", models.F("credit")), _negated=True),
                        name="posting_has_two_sides",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=40)),
                ("layout", models.SmallIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"indexes": [models.Index(fields=["table", "last_id"], name="seal_by_table")]},
        ),
        *(migrations.RunPython(append_only(table), migrations.RunPython.noop) for table in GROWING),
        migrations.RunPython(make_guards, migrations.RunPython.noop),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
