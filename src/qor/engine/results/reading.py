"""Reading results of the lake by the name of their step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qor.engine.storage.duck import connect, literal, parquet
from qor.engine.storage.steps import empty_rows, make_view, rows_of, run_step, steps

Row = dict[str, Any]


def read(name: str, tables: Mapping[str, str], **values: object) -> list[Row]:
    """The rows of a step of this room, by column, in its order.

    `tables`: for each table that it reads, SQL of its rows; `values`: what its `$names` stand for.
    """
    with connect() as connection:
        for table, rows in tables.items():
            make_view(connection, table, rows)
        run_step(connection, name, **{key: literal(value) for key, value in values.items()})
        columns = tuple(steps()[name].columns)
        return [dict(zip(columns, row, strict=True)) for row in rows_of(connection, name, columns)]


def rows_of_files(paths: list[Path], table: str) -> str:
    """SQL: the rows of some parts of a table that the engine makes."""
    return f"FROM {parquet(paths)}" if paths else empty_rows(table)
