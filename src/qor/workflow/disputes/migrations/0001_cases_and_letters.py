"""Cases with their steps, letters, notices and requests; what only grows stays so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import qor.workflow.fields
from qor.workflow.append_only import append_only

GROWING = ("disputes_step", "disputes_attachment")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people_and_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField()),
                ("overdue_since", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.CharField(max_length=7)),
                ("service_id", models.CharField(max_length=200)),
                ("check_slug", models.CharField(max_length=60)),
                ("code", models.CharField(blank=True, max_length=8)),
                ("edition", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=16)),
                ("care_form", models.CharField(max_length=30)),
                ("amount", qor.workflow.fields.MoneyField()),
                ("proposed_deduction", qor.workflow.fields.MoneyField(null=True)),
                ("stake_note", models.CharField(blank=True, max_length=30)),
                ("evidence", models.JSONField(default=dict)),
                ("found_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("norm", qor.workflow.fields.MoneyField(null=True)),
                ("route", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=40)),
                ("shown_on", models.DateField()),
                ("entered_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("extended_days", models.IntegerField(default=0)),
                ("overdue_since", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("preventable", models.BooleanField(null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first_reviewer",
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
                        related_name="cases",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.CharField(blank=True, max_length=7)),
                ("count", models.IntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(blank=True, max_length=62)),
                ("event", models.CharField(blank=True, max_length=30)),
                ("due_on", models.DateField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("no_letter", models.BooleanField(default=False)),
                ("tries", models.IntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="disputes.case",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="disputes.documentrequest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField()),
                ("first_time", models.TimeField(null=True)),
                ("last_day", models.DateField()),
                ("last_time", models.TimeField(null=True)),
                ("letter_no", models.CharField(max_length=100)),
                ("declared_at", models.DateTimeField()),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("event", models.CharField(max_length=30)),
                ("from_state", models.CharField(max_length=62)),
                ("to_state", models.CharField(max_length=62)),
                ("statement", models.TextField(blank=True)),
                ("preventable", models.BooleanField(null=True)),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="disputes.case",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="answer",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="disputes.step",
            ),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="step",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="request",
                to="disputes.step",
            ),
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=60)),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=80, unique=True)),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="disputes.step",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["outcome", "due_on"], name="case_by_due")
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["provider", "outcome", "due_on"], name="case_by_provider"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["assigned_to", "outcome", "due_on"], name="case_by_assigned"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["month", "provider", "service_id"], name="case_by_service"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("assigned_to__isnull", True), ("outcome", "")),
                fields=["state"],
                name="case_without_hands",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("provider", "service_id", "check_slug"), name="one_case_a_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "confirmed", "rejected", "none"])),
                name="outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", ""), ("assigned_to__isnull", True), _connector="OR"),
                name="closed_case_waits_for_nobody",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["user", "read_at"], name="notice_by_user"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("no_letter", False), ("sent_at__isnull", True)),
                fields=["next_try_at"],
                name="notice_to_send",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="outage_is_not_inverted",
            ),
        ),
        migrations.AddIndex(
            model_name="documentrequest",
            index=models.Index(
                condition=models.Q(("answer__isnull", True)),
                fields=["due_on"],
                name="request_unanswered",
            ),
        ),
        *(migrations.RunPython(append_only(table), migrations.RunPython.noop) for table in GROWING),
    ]
