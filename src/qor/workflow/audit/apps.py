"""The app of the journal."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The journal."""

    name = "qor.workflow.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
