"""What must hold before the portal starts: its keys, its database, its port. Each is refused in
words."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path
from typing import Any

from qor.interfaces.clock import demo_clock
from qor.law.nouns.refusals import Refusal

LEAST_SECRET = 32


class SecretKeyMissing(Refusal):
    """QOR_SECRET_KEY is not set; only the demo makes up a key for as long as it runs."""

    key = "secret_key_missing"


class SecretKeyShort(Refusal):
    """QOR_SECRET_KEY is too short to keep sessions and second factors."""

    key = "secret_key_short"


class SecretKeyChanged(Refusal):
    """The second factors in the database were made under another secret key."""

    key = "secret_key_changed"


class DatabaseUnreachable(Refusal):
    """The server of the database does not answer, or does not let us in."""

    key = "database_unreachable"


class NoSuchDatabase(Refusal):
    """The database that a command should look into is not there, or nothing of the portal was ever
    written to it."""

    key = "no_such_database"


class MailAddressMissing(Refusal):
    """Letters go to a mail server, but nobody said which address of the portal they carry."""

    key = "mail_address_missing"


class PortBusy(Refusal):
    """Another program listens where the portal should."""

    key = "port_busy"


class RoleOwnsTables(Refusal):
    """On PostgreSQL the portal would run as a role that owns its tables, and could take their
    guards away."""

    key = "role_owns_tables"


def check_role() -> None:
    """RoleOwnsTables on PostgreSQL, unless `QOR_ONE_ROLE` says that this is a trial with one role
    for everything."""
    from qor.workflow.database_roles import owns_tables

    if os.environ.get("QOR_ONE_ROLE") != "1" and owns_tables():
        raise RoleOwnsTables()


def check_secret_key() -> None:
    """SecretKeyMissing, SecretKeyShort, DemoClockElsewhere: sessions and second factors hang on
    QOR_SECRET_KEY."""
    secret = os.environ.get("QOR_SECRET_KEY", "")
    if not secret and demo_clock() is None:
        raise SecretKeyMissing()
    if secret and len(secret) < LEAST_SECRET:
        raise SecretKeyShort(least=LEAST_SECRET)


def check_letters(mail_host: str, address: str) -> None:
    """MailAddressMissing where letters would go out without the portal's address."""
    if mail_host and not address:
        raise MailAddressMissing()


def check_database(database: dict[str, Any]) -> None:
    """Open the database of Django's settings once. DatabaseUnreachable names host, port and
    database; NoSuchDatabase a file that holds something else, or a device."""
    from django.db import DatabaseError, OperationalError, connection

    name = str(database["NAME"])
    if "sqlite3" in database["ENGINE"] and Path(name).exists() and not Path(name).is_file():
        raise NoSuchDatabase(name=name)
    try:
        connection.ensure_connection()
    except OperationalError:
        place = f"{database['HOST']}:{database['PORT'] or 5432}" if database.get("HOST") else "–"
        raise DatabaseUnreachable(place=place, name=name) from None
    except DatabaseError:  # a file that SQLite did not write
        raise NoSuchDatabase(name=name) from None


def check_exists(database: dict[str, Any]) -> None:
    """NoSuchDatabase unless the database is there and holds the portal's tables: a mistyped name is
    never made anew."""
    from django.db import connection

    name = str(database["NAME"])
    in_memory = ":memory:" in name or "mode=memory" in name
    if "sqlite3" in database["ENGINE"] and not in_memory and not Path(name).is_file():
        raise NoSuchDatabase(name=name)
    check_database(database)
    if "audit_entry" not in connection.introspection.table_names():
        raise NoSuchDatabase(name=name)


def check_factors() -> None:
    """SecretKeyChanged where the first second factor cannot be opened with this secret key."""
    from allauth.mfa.models import Authenticator
    from cryptography.fernet import InvalidToken

    from qor.interfaces.web.server.adapters import SecondFactorAdapter

    factor = Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("pk").first()
    if factor is None:
        return
    try:
        SecondFactorAdapter().decrypt(factor.data["secret"])
    except InvalidToken:
        raise SecretKeyChanged() from None


def check_port(port: int) -> None:
    """PortBusy where something listens on 127.0.0.1 at the port, or it may not be taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise PortBusy(port=port) from None
