"""Who a command of the workflow is carried out by: an account, or the operator at the machine."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from urllib.parse import unquote

from qor.interfaces.cli.database import open_portal
from qor.interfaces.home import default_database

_FILE = "sqlite:///"


def acting(name: str | None, *roles: str) -> str:
    """Return the name to enter in the journal: an active account with one of the roles, else the
    machine's user.

    The database must be open. NotAnAccount for a name that no such account has.
    """
    from qor.workflow.accounts.actions import account

    return account(name, *roles).username if name else getpass.getuser()


def acting_in_lake(name: str | None, database: str, *roles: str) -> str:
    """Return the name to enter in the lake's log: an active account with one of the roles, else the
    machine's user.

    A lake without a database has no accounts: there the name stands as it was typed. NotAnAccount,
    NoSuchDatabase for an address that names none.
    """
    if not name:
        return getpass.getuser()
    return acting(name, *roles) if open_where_accounts_are(database) else name


def open_where_accounts_are(database: str) -> bool:
    """Open the database that is named, by an address, a setting or the home; False where there is
    none. NoSuchDatabase for an address that names none."""
    if not database and not _is_there(os.environ.get("QOR_DATABASE_URL") or default_database()):
        return False
    open_portal(database, must_exist=True)
    return True


def _is_there(address: str) -> bool:
    """Whether an address may hold a database: a server always, SQLite where its file is."""
    if not address.startswith(_FILE):
        return "sqlite" not in address.partition(":")[0]
    return Path(unquote(address.removeprefix(_FILE).partition("?")[0])).is_file()
