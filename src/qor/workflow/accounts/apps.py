"""The app of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations and users."""

    name = "qor.workflow.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
