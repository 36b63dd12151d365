"""What makes a change past the actions a tamper: bytes of the database are others, or the database
refused it by a guard or a constraint, not for a word that it does not know."""

from __future__ import annotations

import hashlib

from django.db import DatabaseError, DataError, OperationalError, ProgrammingError, connection

# What a database answers to a statement that asks for nothing that there is.
_ERRS = (ProgrammingError, OperationalError, DataError)


def contents(*prefixes: str) -> dict[str, str]:
    """The digest of all rows of each table whose name begins so."""
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(prefixes)
        ]
        digests = {}
        for name in sorted(tables):
            cursor.execute(f'SELECT * FROM "{name}"')
            lines = sorted(repr(tuple(_plain(cell) for cell in row)) for row in cursor)
            digests[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return digests


def _plain(cell: object) -> object:
    return bytes(cell) if isinstance(cell, memoryview) else cell


def refuse_or_raise(error: DatabaseError) -> None:
    """Nothing where a guard or a constraint refused; the error itself where the statement was
    wrong."""
    if isinstance(error, _ERRS):
        raise error
