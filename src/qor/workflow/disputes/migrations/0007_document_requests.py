import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disputes", "0006_outage_hours")]

    operations = [
        migrations.CreateModel(
            name="DocumentRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField()),
                ("overdue_since", models.DateField(null=True)),
                (
                    "answer",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="disputes.step",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="request", to="disputes.step"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "documentrequest",
            models.Index(
                condition=models.Q(("answer__isnull", True)), fields=["due_on"], name="request_unanswered"
            ),
        ),
        migrations.AddField(
            "notice", "event", models.CharField(blank=True, default="", max_length=30), preserve_default=False
        ),
        migrations.AddField(
            "notice",
            "request",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="disputes.documentrequest",
            ),
        ),
    ]
