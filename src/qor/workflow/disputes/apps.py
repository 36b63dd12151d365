"""The app of disputes."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Cases and their steps."""

    name = "qor.workflow.disputes"
    label = "disputes"
    default_auto_field = "django.db.models.BigAutoField"
