"""The app of acts."""

from django.apps import AppConfig


class ActsConfig(AppConfig):
    """Closings, acts with their lines, and what is owed beside."""

    name = "qor.workflow.acts"
    label = "acts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which of its rows the ledger seals, marks and guards."""
        from qor.workflow.acts.covered import COVERED
        from qor.workflow.ledger.covering import register

        register(COVERED)
