"""Closings, acts with their lines, deductions, debts, advances, cases of penalties; guarded."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import qor.workflow.fields
from qor.workflow.append_only import append_only
from qor.workflow.ledger.guarded import make_guards

GROWING = (
    "acts_actline",
    "acts_actstep",
    "acts_deduction",
    "acts_debttaken",
    "acts_advancekept",
    "acts_contractsum",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people_and_organisations"),
        ("disputes", "0001_cases_and_letters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.CharField(max_length=7, unique=True)),
                ("closed_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("settled", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(blank=True, max_length=100)),
                ("claimed", qor.workflow.fields.MoneyField()),
                ("released", qor.workflow.fields.MoneyField()),
                ("other_payments", qor.workflow.fields.MoneyField(default=0)),
                ("returned", qor.workflow.fields.MoneyField()),
                ("held", qor.workflow.fields.MoneyField()),
                ("disallowed", qor.workflow.fields.MoneyField()),
                ("beyond", qor.workflow.fields.MoneyField()),
                ("other_deductions", qor.workflow.fields.MoneyField(default=0)),
                ("accepted", qor.workflow.fields.MoneyField()),
                ("advance_due", qor.workflow.fields.MoneyField(default=0)),
                ("advance_kept", qor.workflow.fields.MoneyField(default=0)),
                ("to_pay", qor.workflow.fields.MoneyField()),
                ("state", models.CharField(max_length=20)),
                ("version", models.IntegerField(default=1)),
                ("entered_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("overdue_since", models.DateField(null=True)),
                ("signed_on", models.DateField(null=True)),
                ("pay_by", models.DateField(null=True)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="acts.closing",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ActStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("event", models.CharField(max_length=30)),
                ("from_state", models.CharField(max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("statement", models.TextField(blank=True)),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="acts.act",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Advance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(max_length=100)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("kind", models.CharField(max_length=10)),
                ("amount", qor.workflow.fields.MoneyField()),
                ("first_month", models.CharField(max_length=7)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advances",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AdvanceKept",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("due", qor.workflow.fields.MoneyField()),
                ("amount", qor.workflow.fields.MoneyField()),
                (
                    "act",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advances_kept",
                        to="acts.act",
                    ),
                ),
                (
                    "advance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept",
                        to="acts.advance",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CoExecution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subcontract_bin", models.CharField(max_length=12)),
                ("co_contract_no", models.CharField(blank=True, max_length=100)),
                ("care_form", models.CharField(max_length=30)),
                ("services", models.BigIntegerField()),
                ("accepted", qor.workflow.fields.MoneyField()),
                ("share", models.CharField(max_length=12)),
                ("most", qor.workflow.fields.MoneyField(null=True)),
                ("due", qor.workflow.fields.MoneyField()),
                ("above", qor.workflow.fields.MoneyField()),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="co_executions",
                        to="acts.act",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContractSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(max_length=100)),
                ("year", models.CharField(max_length=4)),
                ("amount", qor.workflow.fields.MoneyField()),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contract_sums",
                        to="acts.closing",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Debt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(blank=True, max_length=100)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("amount", qor.workflow.fields.MoneyField()),
                (
                    "way",
                    models.CharField(
                        choices=[("net", "Net"), ("return", "Return")], default="net", max_length=8
                    ),
                ),
                ("found_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("tell_by", models.DateField(null=True)),
                ("told_on", models.DateField(null=True)),
                ("late_since", models.DateField(null=True)),
                (
                    "act",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="debts",
                        to="acts.act",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="debts",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(blank=True, max_length=100)),
                ("service_id", models.CharField(max_length=200)),
                ("care_form", models.CharField(max_length=30)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("service_month", models.CharField(max_length=7)),
                ("reason", models.CharField(max_length=20)),
                ("ended_on", models.DateField()),
                ("unscaled", models.BooleanField(default=False)),
                ("disallowed", qor.workflow.fields.MoneyField()),
                ("taken_back", qor.workflow.fields.MoneyField(default=0)),
                ("sanction", qor.workflow.fields.MoneyField()),
                ("taken_on", models.DateField()),
                (
                    "act",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deductions",
                        to="acts.act",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deductions",
                        to="disputes.case",
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
            ],
        ),
        migrations.CreateModel(
            name="DebtTaken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("netted", "Netted"),
                            ("returned", "Returned"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="netted",
                        max_length=10,
                    ),
                ),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("amount", qor.workflow.fields.MoneyField()),
                (
                    "act",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="debts_taken",
                        to="acts.act",
                    ),
                ),
                (
                    "debt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="acts.debt",
                    ),
                ),
                (
                    "deduction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawn",
                        to="acts.deduction",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="debt",
            name="deduction",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="debts",
                to="acts.deduction",
            ),
        ),
        migrations.CreateModel(
            name="HeldService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service_id", models.CharField(max_length=200)),
                ("contract_no", models.CharField(blank=True, max_length=100)),
                ("care_form", models.CharField(max_length=30)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("service_month", models.CharField(max_length=7)),
                ("ended_on", models.DateField()),
                ("amount", qor.workflow.fields.MoneyField()),
                ("short_death", models.BooleanField()),
                ("unscaled", models.BooleanField(default=False)),
                (
                    "held_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_services",
                        to="acts.act",
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
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="released_services",
                        to="acts.act",
                    ),
                ),
                (
                    "reopens",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopened",
                        to="acts.deduction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OtherSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(max_length=100)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("pays", models.BooleanField()),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("court", "Court"),
                            ("reconciliation", "Reconciliation"),
                            ("recalculation", "Recalculation"),
                            ("penalty", "Penalty"),
                            ("unscheduled", "Unscheduled"),
                            ("later_decision", "Later Decision"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount", qor.workflow.fields.MoneyField()),
                ("statement", models.TextField()),
                ("found_on", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_sums",
                        to="acts.act",
                    ),
                ),
                (
                    "closing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="acts.closing",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deduction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_back",
                        to="acts.deduction",
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
            ],
        ),
        migrations.AddField(
            model_name="debt",
            name="other",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="debt",
                to="acts.othersum",
            ),
        ),
        migrations.CreateModel(
            name="ProposedSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(max_length=100)),
                ("funding", models.CharField(max_length=8)),
                ("pays", models.BooleanField()),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("court", "Court"),
                            ("reconciliation", "Reconciliation"),
                            ("recalculation", "Recalculation"),
                            ("penalty", "Penalty"),
                            ("unscheduled", "Unscheduled"),
                            ("later_decision", "Later Decision"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount", qor.workflow.fields.MoneyField()),
                ("statement", models.TextField()),
                ("found_on", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed",
                        to="acts.othersum",
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
            ],
        ),
        migrations.CreateModel(
            name="PenaltyFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("declined", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalties",
                        to="disputes.case",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="acts.othersum",
                    ),
                ),
                (
                    "proposed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="acts.proposedsum",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("declined", False)),
                        fields=("case",),
                        name="one_penalty_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("other__isnull", True), ("proposed__isnull", False)),
                            models.Q(("other__isnull", False), ("proposed__isnull", True)),
                            _connector="OR",
                        ),
                        name="penalty_finding_has_one_sum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("declined", False), ("proposed__isnull", False), _connector="OR"
                        ),
                        name="only_a_proposed_penalty_is_declined",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Unready",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract_no", models.CharField(blank=True, max_length=100)),
                ("care_form", models.CharField(blank=True, max_length=30)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("service_month", models.CharField(max_length=7)),
                ("kind", models.CharField(blank=True, max_length=24)),
                ("what", models.CharField(max_length=24)),
                ("services", models.BigIntegerField()),
                ("amount", qor.workflow.fields.MoneyField()),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unready",
                        to="acts.closing",
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
            ],
        ),
        migrations.CreateModel(
            name="ActLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("care_form", models.CharField(blank=True, max_length=30)),
                ("funding", models.CharField(blank=True, max_length=8)),
                ("service_month", models.CharField(max_length=7)),
                ("kind", models.CharField(blank=True, default="", max_length=24)),
                ("services", models.BigIntegerField()),
                ("claimed", qor.workflow.fields.MoneyField()),
                ("released", qor.workflow.fields.MoneyField()),
                ("returned", qor.workflow.fields.MoneyField()),
                ("held", qor.workflow.fields.MoneyField()),
                ("disallowed", qor.workflow.fields.MoneyField()),
                ("beyond", qor.workflow.fields.MoneyField()),
                ("accepted", qor.workflow.fields.MoneyField()),
                ("sanction", qor.workflow.fields.MoneyField()),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="acts.act",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("act", "care_form", "funding", "service_month", "kind"),
                        name="one_line_of_each_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "accepted",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("claimed"), "+", models.F("released")
                                                ),
                                                "-",
                                                models.F("returned"),
                                            ),
                                            "-",
                                            models.F("held"),
                                        ),
                                        "-",
                                        models.F("disallowed"),
                                    ),
                                    "-",
                                    models.F("beyond"),
                                ),
                            )
                        ),
                        name="line_closes",
                    ),
                ]
            },
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["provider", "contract_no"], name="act_by_contract"),
        ),
        migrations.AddIndex(
            model_name="act", index=models.Index(fields=["state", "due_on"], name="act_by_state")
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.UniqueConstraint(
                fields=("closing", "provider", "contract_no"), name="one_act_a_contract_and_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "accepted",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("claimed"), "+", models.F("released")
                                                ),
                                                "+",
                                                models.F("other_payments"),
                                            ),
                                            "-",
                                            models.F("returned"),
                                        ),
                                        "-",
                                        models.F("held"),
                                    ),
                                    "-",
                                    models.F("disallowed"),
                                ),
                                "-",
                                models.F("beyond"),
                            ),
                            "-",
                            models.F("other_deductions"),
                        ),
                    )
                ),
                name="act_accepted_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "to_pay",
                        django.db.models.expressions.CombinedExpression(
                            models.F("accepted"), "-", models.F("advance_kept")
                        ),
                    )
                ),
                name="act_to_pay_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted__gte", 0),
                    ("advance_kept__gte", 0),
                    ("other_deductions__gte", 0),
                    ("to_pay__gte", 0),
                ),
                name="act_never_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="deduction",
            constraint=models.UniqueConstraint(
                fields=("provider", "service_id", "act", "reason"), name="deducted_once_an_act"
            ),
        ),
        migrations.AddConstraint(
            model_name="deduction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("disallowed__gte", 0), ("sanction__gte", 0), ("taken_back__gte", 0)
                ),
                name="deduction_never_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="debttaken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("act__isnull", False),
                    models.Q(("how", "netted"), _negated=True),
                    _connector="OR",
                ),
                name="netted_in_an_act",
            ),
        ),
        migrations.AddIndex(
            model_name="heldservice",
            index=models.Index(
                condition=models.Q(("released_by__isnull", True)),
                fields=["released_by"],
                name="held_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldservice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopens__isnull", True)),
                fields=("provider", "service_id"),
                name="held_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldservice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopens__isnull", False)),
                fields=("reopens",),
                name="reopened_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="othersum",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="other_sum_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="othersum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("closing__isnull", True)),
                    models.Q(("by__isnull", True), ("closing__isnull", False)),
                    _connector="OR",
                ),
                name="other_sum_of_a_person_or_a_closing",
            ),
        ),
        migrations.AddConstraint(
            model_name="othersum",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deduction__isnull", False)),
                fields=("deduction",),
                name="given_back_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedsum",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="proposed_sum_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedsum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="proposed_sum_has_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedsum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("other__isnull", True), ("decided_by__isnull", False), _connector="OR"
                ),
                name="proposed_sum_is_entered_when_decided",
            ),
        ),
        *(migrations.RunPython(append_only(table), migrations.RunPython.noop) for table in GROWING),
        migrations.RunPython(make_guards, migrations.RunPython.noop),
    ]
