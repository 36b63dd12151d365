"""The pages behind gunicorn: a few processes with threads on 127.0.0.1, a proxy with HTTPS in
front."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

_THREADS, _UPLOAD_SECONDS = 8, 300


class PortalServer(BaseApplication):  # type: ignore[misc]
    """Serve the portal until stopped; addresses are not logged, since they may name people's
    cases."""

    def __init__(self, port: int, workers: int) -> None:
        self._facts: dict[str, Any] = {
            "bind": f"127.0.0.1:{port}",
            "workers": workers,
            "threads": _THREADS,
            "timeout": _UPLOAD_SECONDS,
            "graceful_timeout": 20,
            "forwarded_allow_ips": "",  # `gate.true_client` decides whom to believe
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the settings given."""
        for name, value in self._facts.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application in each process."""
        from qor.interfaces.web.server.wsgi import application

        return application
