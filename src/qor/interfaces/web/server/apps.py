"""The app of the pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The pages; from their start on, who signs in is entered into the journal."""

    name = "qor.interfaces.web.server"
    label = "web"

    def ready(self) -> None:
        """Begin to watch."""
        from qor.interfaces.web.server.watched import watch

        watch()
