from django.db import migrations, models

import qor.workflow.fields


class Migration(migrations.Migration):
    dependencies = [("disputes", "0007_document_requests")]

    operations = [
        migrations.AddField("case", "ended_on", models.DateField(null=True)),
        migrations.AddField("case", "norm", qor.workflow.fields.MoneyField(null=True)),
    ]
