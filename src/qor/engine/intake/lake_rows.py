"""The rows of a declared table as the lake holds them: SQL made from the declarations."""

from __future__ import annotations

from qor.engine.intake.readings import sql_type
from qor.engine.intake.tables import table
from qor.engine.storage.duck import name, parquet, parquet_columns
from qor.engine.storage.lake import Lake, Part
from qor.engine.storage.steps import made_tables, rows_of_files
from qor.law.nouns.months import Month


def empty(table_name: str) -> str:
    """SQL: no rows, with the table's columns and types."""
    columns = (
        f"CAST(NULL AS {sql_type(column)}) AS {name(column.name)}"
        for column in table(table_name).columns
    )
    added = {
        "services": ", CAST(NULL AS VARCHAR) AS unreadable",
        "people": ", CAST(NULL AS BOOLEAN) AS iin_agrees",
    }
    return f"SELECT {', '.join(columns)}{added.get(table_name, '')} WHERE FALSE"


def source(lake: Lake, table_name: str, months: list[Month] | None = None) -> str:
    """SQL: a table's rows; a column that came into the table later than all its files is empty in
    them."""
    paths = lake.paths(table_name, months)
    if not paths:
        return empty(table_name)
    in_files = parquet_columns(paths)
    later = (column for column in table(table_name).columns if column.name not in in_files)
    added = "".join(
        f", CAST(NULL AS {sql_type(column)}) AS {name(column.name)}" for column in later
    )
    return f"SELECT *{added} FROM {parquet(paths)}"


def rows_in(lake: Lake, table_name: str, months: list[Month] | None = None) -> str:
    """SQL: the rows of a table of the lake, incoming or made by the engine; typed where there are
    none."""
    if table_name not in made_tables():
        return source(lake, table_name, months)
    return rows_of_files(lake.paths(table_name, months), table_name)


def rows_of_parts(lake: Lake, table_name: str, parts: list[Part]) -> str:
    """SQL: the rows of some parts of an incoming table."""
    return f"FROM {parquet(lake.files_of(parts))}" if parts else empty(table_name)
