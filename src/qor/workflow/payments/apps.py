"""The app of payments."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Acts, orders and the ledger."""

    name = "qor.workflow.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
