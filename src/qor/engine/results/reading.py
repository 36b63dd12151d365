"""Reading results of the lake by the name of their step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qor.engine.storage.duck import connect, literal
from qor.engine.storage.steps import make_view, step_facts

Row = dict[str, Any]


def read(name: str, tables: Mapping[str, str], **values: object) -> list[Row]:
    """The rows of a step of this room, by column, in its order.

    `tables`: for each table that it reads, SQL of its rows; `values`: what its `$names` stand for.
    """
    return read_by(name, tables, {key: literal(value) for key, value in values.items()})


def read_by(name: str, tables: Mapping[str, str], texts: Mapping[str, str]) -> list[Row]:
    """The same; `texts`: SQL for what its `$names` stand for, also expressions."""
    with connect() as connection:
        for table, rows in tables.items():
            make_view(connection, table, rows)
        return step_facts(connection, name, **texts)
