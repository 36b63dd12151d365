from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disputes", "0005_letters")]

    operations = [
        migrations.AddField("outage", "first_time", models.TimeField(null=True)),
        migrations.AddField("outage", "last_time", models.TimeField(null=True)),
    ]
