from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disputes", "0003_notices")]

    operations = [
        migrations.AddField("case", "shown_on", models.DateField(null=True)),
        migrations.RunSQL("UPDATE disputes_case SET shown_on = entered_on", migrations.RunSQL.noop),
        migrations.AlterField("case", "shown_on", models.DateField()),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(("assigned_to__isnull", True), ("outcome", "")),
                fields=["state"],
                name="case_without_hands",
            ),
        ),
        migrations.AlterField(
            "notice",
            "case",
            models.ForeignKey(null=True, on_delete=models.deletion.CASCADE, related_name="notices", to="disputes.case"),
        ),
        migrations.AddField(
            "notice", "month", models.CharField(blank=True, default="", max_length=7), preserve_default=False
        ),
        migrations.AddField("notice", "count", models.IntegerField(null=True)),
        migrations.AlterField("notice", "state", models.CharField(blank=True, max_length=62)),
    ]
