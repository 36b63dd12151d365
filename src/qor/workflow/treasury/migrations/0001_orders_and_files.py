"""Payment orders and their files, guarded by the database."""

import django.db.models.deletion
from django.db import migrations, models

import qor.workflow.fields
from qor.workflow.append_only import append_only
from qor.workflow.ledger.guarded import make_guards

GROWING = ("treasury_bankfile",)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people_and_organisations"),
        ("acts", "0001_acts_debts_and_sums_of_closings"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(max_length=10)),
                ("bank_day", models.DateField()),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bank_day", "number"), name="one_bank_file_of_a_number_a_day"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(max_length=100)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("amount", qor.workflow.fields.MoneyField()),
                ("bank_day", models.DateField()),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(max_length=11)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("made", "Made"),
                            ("sent", "Sent"),
                            ("paid", "Paid"),
                            ("returned", "Returned"),
                        ],
                        default="made",
                        max_length=10,
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="acts.act",
                    ),
                ),
                (
                    "advance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="acts.advance",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="treasury.bankfile",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treasury.order",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["bank_day", "state"], name="order_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act__isnull", False), ("advance__isnull", True)),
                            models.Q(("act__isnull", True), ("advance__isnull", False)),
                            _connector="OR",
                        ),
                        name="order_pays_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "returned"), _negated=True),
                        fields=("act", "funding"),
                        name="one_live_order_an_act_and_funding",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "returned"), _negated=True),
                        fields=("advance",),
                        name="one_live_order_an_advance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="order_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["made", "returned"]),
                            ("file__isnull", False),
                            _connector="OR",
                        ),
                        name="order_sent_stands_in_a_file",
                    ),
                ],
            },
        ),
        *(migrations.RunPython(append_only(table), migrations.RunPython.noop) for table in GROWING),
        migrations.RunPython(make_guards, migrations.RunPython.noop),
    ]
