"""The app of the journal."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _guard(using: str, plan: Sequence[Any] = (), **_: Any) -> None:
    """Guard the tables that a change of tables rebuilt; where nothing was changed, a guard that is
    gone stays gone, for the proof to name it."""
    if not plan:
        return
    from django.db import connections

    from qor.workflow.append_only import guard_all

    guard_all(connections[using])


class AuditConfig(AppConfig):
    """The journal: from its start on it notices what changes, and after each change of tables that
    they only grow."""

    name = "qor.workflow.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to notice."""
        from qor.workflow.audit.sealed_rows import watch

        watch()
        post_migrate.connect(_guard, sender=self, dispatch_uid="append-only tables")
