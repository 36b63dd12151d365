"""Users are handed out by a manager that notices changes; no table changes."""

from django.db import migrations


class Migration(migrations.Migration):
    """The manager is no part of the history."""

    dependencies = [("accounts", "0004_two_administrators")]
    operations = [migrations.AlterModelManagers(name="user", managers=[])]
