"""The app of the treasury."""

from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    """Payment orders and the bank."""

    name = "qor.workflow.treasury"
    label = "treasury"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which of its rows the ledger seals, marks and guards."""
        from qor.workflow.ledger.covering import register
        from qor.workflow.treasury.covered import COVERED

        register(COVERED)
