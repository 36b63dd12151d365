"""Leading zeros that an IIN or BIN lost where it was a number, put back the same way whatever the
file."""

from __future__ import annotations

from dataclasses import replace

from qor.engine.intake.identifier_digits import is_identifier, padded, short_identifier
from qor.engine.intake.sources import Staged, stage_query
from qor.engine.intake.tables import Table
from qor.engine.storage.duck import Connection, name, one, pattern_free


def with_zeros(connection: Connection, staged: Staged, table: Table) -> Staged:
    """The staged file with the zeros of its identifiers put back, and how many were; the same one
    where none is short."""
    columns = [
        column
        for column in table.columns
        if column.name in staged.columns and is_identifier(column)
    ]
    if not columns:
        return staged
    source = f"read_parquet({pattern_free(staged.path)})"
    short = " + ".join(f"count(*) FILTER ({short_identifier(column)})" for column in columns)
    if not one(connection, f"SELECT {short} AS n FROM {source}")["n"]:
        return staged
    changed = " + ".join(
        f"count(*) FILTER ({padded(column)} <> {name(column.name)})" for column in columns
    )
    count = int(one(connection, f"SELECT {changed} AS n FROM {source}")["n"])
    target = staged.path.with_name("padded.parquet")
    instead = ", ".join(f"{padded(column)} AS {name(column.name)}" for column in columns)
    stage_query(connection, f"SELECT * REPLACE ({instead}) FROM {source}", target)
    return replace(staged, path=target, padded=count)
