"""The one folder of an installation: its lake, its attachments and, on SQLite, its database."""

from __future__ import annotations

import os
from pathlib import Path


def installation_home() -> Path | None:
    """Return the folder that QOR_HOME names; None where it is not set."""
    named = os.environ.get("QOR_HOME", "")
    return Path(named).expanduser().resolve() if named else None


def default_lake() -> str:
    """Return the lake of the home, else nothing."""
    home = installation_home()
    return str(home / "lake") if home is not None else ""


def default_attachments() -> Path:
    """Return the folder of attachments: in the home, else beside where the command runs."""
    return (installation_home() or Path()) / "attachments"


def default_database() -> str:
    """Return the file of SQLite that is used where no address is given."""
    home = installation_home()
    return (
        f"sqlite:///{home}/qor.sqlite3".replace("%", "%25")
        if home is not None
        else "sqlite:///qor.sqlite3"
    )
