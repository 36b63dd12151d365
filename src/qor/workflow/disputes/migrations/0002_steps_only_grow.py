"""What happened in a case is never changed or deleted."""

from django.db import migrations

from qor.workflow.append_only import append_only


class Migration(migrations.Migration):
    """Triggers on steps."""

    dependencies = [("disputes", "0001_cases_and_steps")]
    operations = [migrations.RunPython(append_only("disputes_step"), migrations.RunPython.noop)]
