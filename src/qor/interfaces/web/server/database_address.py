"""Where the database is: an address as libpq writes it, or a file of SQLite."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from qor.law.nouns.refusals import Refusal

_POSTGRESQL = ("postgresql", "postgres")
_OWN = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


class UnknownDatabaseScheme(Refusal):
    """The address begins with a scheme that Qor has no driver for."""

    key = "unknown_database_scheme"


class BadDatabaseAddress(Refusal):
    """The address cannot be read: an option that PostgreSQL does not have, a port that is no
    number."""

    key = "bad_database_address"


def database_settings(address: str, keep_seconds: int = 0) -> dict[str, Any]:
    """Return Django's settings of a database, with every option of its address.

    `sqlite:///file`, or `postgresql://user:password@host:port/name?sslmode=require`; parts may be
    percent-encoded. `keep_seconds`: how long a connection is kept. UnknownDatabaseScheme,
    BadDatabaseAddress.
    """
    scheme = urlsplit(address).scheme
    if scheme == "sqlite":
        return _sqlite(address)
    if scheme not in _POSTGRESQL:
        raise UnknownDatabaseScheme(scheme=scheme or "–")
    try:
        facts = {name: str(value) for name, value in conninfo_to_dict(address).items() if value}
    except psycopg.Error:
        raise BadDatabaseAddress(address=without_password(address)) from None
    if not facts.get("port", "0").isdecimal() or "dbname" not in facts:
        raise BadDatabaseAddress(address=without_password(address))
    own = {name: facts.pop(option, "") for option, name in _OWN.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **own,
        "OPTIONS": facts,
        "CONN_MAX_AGE": keep_seconds,
    }


def without_password(address: str) -> str:
    """Return the address as it may be shown: no user, no password, no options."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}{parts.path}"


def _sqlite(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.netloc or parts.query or parts.fragment:
        raise BadDatabaseAddress(address=without_password(address))
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
    path = unquote(parts.path.removeprefix("/"))
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path or ":memory:", "OPTIONS": options}
