"""The batch engine: a DuckDB connection and the few ways in which values reach its SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

Connection = duckdb.DuckDBPyConnection


def connect(
    spill: Path | None = None, memory: str | None = None, threads: int | None = None
) -> Connection:
    """An in-memory connection; `memory` such as `1GB` bounds it, and what does not fit goes to the
    folder `spill`."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET enable_progress_bar = false; SET TimeZone = 'UTC'")
    if spill is not None:
        connection.execute(f"SET temp_directory = {literal(str(spill))}")
    if memory:
        connection.execute(f"SET memory_limit = {literal(memory)}")
    if threads:
        connection.execute(f"SET threads = {int(threads)}")
    return connection


def literal(value: object) -> str:
    """A value as SQL text: text, whole number, Decimal, date, bool or None. TypeError for anything
    else."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str | Path):
        return "'" + str(value).replace("'", "''") + "'"
    raise TypeError(f"no SQL text for {type(value).__name__}")


def literals(values: Iterable[object]) -> str:
    """Values as an SQL list for IN; an empty list matches nothing."""
    return ", ".join(map(literal, values)) or "NULL"


def pattern_free(path: Path | str) -> str:
    """A path as SQL text for a function that reads files: DuckDB takes such a text for a pattern,
    so each sign of one is a class of itself."""
    return literal("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path)))


def name(identifier: str) -> str:
    """An identifier, quoted."""
    return '"' + identifier.replace('"', '""') + '"'


def parquet(paths: Iterable[Path | str]) -> str:
    """The relation over Parquet files, columns matched by name."""
    return f"read_parquet([{', '.join(map(pattern_free, paths)) or 'NULL'}], union_by_name = true)"


def parquet_columns(paths: Iterable[Path | str]) -> set[str]:
    """The names of the columns that Parquet files hold, all files together."""
    listed = ", ".join(map(pattern_free, paths))
    query = f"DESCRIBE SELECT * FROM read_parquet([{listed}], union_by_name = true)"
    return {row[0] for row in _reader().cursor().execute(query).fetchall()}


@cache
def _reader() -> Connection:
    """A connection that only reads what files say of themselves."""
    return duckdb.connect(":memory:")


def rows(connection: Connection, query: str) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description or []]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def one(connection: Connection, query: str) -> dict[str, Any]:
    """The only row of a query."""
    return rows(connection, query)[0]


def count_of(connection: Connection, relation: str) -> int:
    """How many rows a relation has: a table, a view, files (`parquet`)."""
    return int(one(connection, f"SELECT count(*) AS n FROM {relation}")["n"])
