"""Rows of the database as lines of plain text, byte for byte the same on SQLite and PostgreSQL.

Cells are divided by a tab and lines end with a newline, as PostgreSQL's COPY writes them; whole
numbers for money (tiyn) and flags, UTC for moments, `\\N` for what is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import DatabaseError, connection, models

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)
_FETCHED = 5000


def plain_lines(
    model: type[models.Model], columns: Sequence[str], where: str = ""
) -> Iterator[bytes]:
    """The rows of a model's table in the order of their numbers, a line each.

    `columns` are names of database columns; `where` is SQL with nothing in it but columns and
    whole numbers.
    """
    kinds = {field.column: field for field in model._meta.concrete_fields}
    cells = ", ".join(_cell(kinds[column]) for column in columns)
    condition = f" WHERE {where}" if where else ""
    query = f'SELECT {cells} FROM "{model._meta.db_table}"{condition} ORDER BY id'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            yield from _copied(cursor, query)
            return
        cursor.execute(query)
        while rows := cursor.fetchmany(_FETCHED):
            yield from map(_line, rows)


def _copied(cursor: Any, query: str) -> Iterator[bytes]:
    """The rows as PostgreSQL's COPY writes them: read from the driver's own connection, where a row
    costs least."""
    cursor.execute("SET LOCAL DateStyle = 'ISO, YMD'")
    server = connection.connection.pgconn
    begun = server.exec_(f"COPY ({query}) TO STDOUT".encode())
    if begun.error_message:
        raise DatabaseError(begun.error_message.decode())
    read = server.get_copy_data  # looked up once: this is the loop of ten million rows
    size, line = read(0)
    while size > 0:
        yield bytes(line)
        size, line = read(0)
    while (ended := server.get_result()) is not None:
        if ended.error_message:
            raise DatabaseError(ended.error_message.decode())


def _cell(field: Any) -> str:
    """The expression whose text is the same everywhere."""
    column, postgres = f'"{field.column}"', connection.vendor == "postgresql"
    if isinstance(field, models.DateTimeField):
        return f"{column} AT TIME ZONE 'UTC'" if postgres else f"CAST({column} AS TEXT)"
    if isinstance(field, models.DateField):
        return column if postgres else f"CAST({column} AS TEXT)"
    if isinstance(field, models.BooleanField):
        return f"CAST({column} AS INTEGER)"
    return column


def _line(cells: Sequence[Any]) -> bytes:
    return ("\t".join(map(_text, cells)) + "\n").encode()


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    text = str(value)
    if len(text) == _WITH_FRACTION and text[10] == " " and text[19] == ".":
        return text.rstrip("0").rstrip(".")  # a moment: PostgreSQL writes no zeros at its end
    return text.translate(_ESCAPES)


_WITH_FRACTION = len("2026-03-20 05:00:00.000000")
