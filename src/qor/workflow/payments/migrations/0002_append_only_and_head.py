"""Postings, lines, deductions and what was taken are never changed or deleted; the ledger's head begins at zero."""

from typing import Any

from django.db import migrations

from qor.workflow.append_only import append_only

GROWING = ("posting", "actline", "actstep", "deduction", "debttaken", "advancekept", "contractsum")


def make_head(apps: Any, editor: Any) -> None:
    """The one row of the ledger's head."""
    apps.get_model("payments", "LedgerHead").objects.create(id=1, number=0)


class Migration(migrations.Migration):
    """Triggers, and the head."""

    dependencies = [("payments", "0001_acts_and_ledger")]
    operations = [
        *(migrations.RunPython(append_only(f"payments_{table}"), migrations.RunPython.noop) for table in GROWING),
        migrations.RunPython(make_head, migrations.RunPython.noop),
    ]
