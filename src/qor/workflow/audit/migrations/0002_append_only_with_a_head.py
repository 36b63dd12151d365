"""The journal only grows; its chain begins."""

from typing import Any

from django.db import migrations

from qor.workflow.append_only import append_only


def begin(apps: Any, editor: Any) -> None:
    """Make the head of an empty chain."""
    apps.get_model("audit", "Head").objects.create(id=1)


class Migration(migrations.Migration):
    """Triggers and the first head."""

    dependencies = [("audit", "0001_journal")]
    operations = [
        migrations.RunPython(append_only("audit_entry"), migrations.RunPython.noop),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
