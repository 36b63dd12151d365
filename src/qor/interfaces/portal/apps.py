"""The app of the pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The pages; from their start on, who signs in is entered into the journal."""

    name = "qor.interfaces.portal"
    label = "portal"

    def ready(self) -> None:
        """Begin to watch."""
        from qor.interfaces.portal.watched import watch

        watch()
