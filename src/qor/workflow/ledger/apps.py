"""The app of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Postings, and the seals of every row of money."""

    name = "qor.workflow.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which of its rows the ledger seals, marks and guards."""
        from qor.workflow.ledger.covered import COVERED
        from qor.workflow.ledger.covering import register

        register(COVERED)
