"""Parquet: typed columns, turned into text that the readings of cells cannot misread."""

from __future__ import annotations

from pathlib import Path

import duckdb

from qor.engine.intake.refusals import DamagedFile, EmptyFile, NestedColumn
from qor.engine.intake.signs import cleaned
from qor.engine.intake.sources import Staged, joined_text, our_columns, stage_query
from qor.engine.intake.tables import Table
from qor.engine.storage.duck import Connection, name, pattern_free

_NESTED = ("STRUCT", "MAP", "UNION")
_TIYN_OF_FLOAT = 2**17  # from here on two neighbouring single floats are more than a tiyn apart
_TIYN_OF_DOUBLE = 2**46
_WHOLE_UPTO = 10**15


def stage_parquet(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage a Parquet file: its columns as text, lists joined with `;`. Refuses damaged pages and
    columns of columns."""
    source = f"read_parquet({pattern_free(path)}, binary_as_string = true)"
    staged = folder / "staged.parquet"
    try:
        shape = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        headers = _names_in_file(connection, path, [row[0] for row in shape])
        meant = our_columns(path.name, headers, table)
        _refuse_nested(path, meant, shape)
        texts = {
            column: _as_text(name(shape[at][0]), shape[at][1], table, column)
            for at, column in meant.items()
        }
        selected = ", ".join(
            f"{cleaned(text, table.keeps_one_line(column))} AS {name(column)}"
            for column, text in texts.items()
        )
        rows = stage_query(connection, f"SELECT {selected} FROM {source}", staged)
    except duckdb.Error as error:
        raise _damaged(path, error) from None
    if not rows:
        raise EmptyFile(file=path.name)
    ignored = tuple(header for position, header in enumerate(headers) if position not in meant)
    columns = tuple(meant.values())
    return Staged(
        staged,
        rows,
        columns,
        ignored,
        (),
        lambda wanted: joined_text(connection, staged, wanted, False),
        True,
    )


def _names_in_file(connection: Connection, path: Path, read_as: list[str]) -> list[str]:
    """The columns' names as the file has them: the reader numbers a second `Amount` as
    `Amount_1`."""
    written = connection.execute(
        f"SELECT name FROM parquet_schema({pattern_free(path)})"
    ).fetchall()
    names = {row[0] for row in written}
    return [column if column in names else column.rpartition("_")[0] for column in read_as]


def _damaged(path: Path, error: duckdb.Error) -> Exception:
    """The refusal of a damaged file; a full disk, a lack of memory or a stop by the user is
    something else and passes on."""
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.InterruptException):
        return error
    if isinstance(error, duckdb.IOException) and "write" in str(error).lower():
        return error
    return DamagedFile(file=path.name, kind="Parquet")


def _refuse_nested(path: Path, meant: dict[int, str], shape: list[tuple[str, ...]]) -> None:
    for position, column in meant.items():
        kind = shape[position][1]
        if (
            kind.startswith(_NESTED)
            or kind.endswith("[][]")
            or (kind.endswith("[]") and kind.startswith(_NESTED))
        ):
            raise NestedColumn(file=path.name, column=column)


def _as_text(value: str, kind: str, table: Table, column: str) -> str:
    """SQL: a typed value as text. A whole number in a float is written whole; one of three decimals
    gets a fourth.

    A float that is too large to hold its tiyn is written so that it cannot be read as a sum of
    money.
    """
    if kind.endswith("[]"):
        return f"array_to_string({value}, ';')"
    text = f"CAST({value} AS VARCHAR)"
    if kind in {"FLOAT", "DOUBLE"}:
        whole = (
            f"WHEN {value} = floor({value}) AND abs({value}) < {_WHOLE_UPTO} THEN "
            f"CAST(CAST({value} AS BIGINT) AS VARCHAR)"
        )
        most = _TIYN_OF_FLOAT if kind == "FLOAT" else _TIYN_OF_DOUBLE
        vague = (
            f"WHEN abs({value}) >= {most} THEN '≈' || {text}"
            if table.column(column).type == "money"
            else ""
        )
        return f"CASE {vague} {whole} ELSE {_with_four_places(text)} END"
    return _with_four_places(text) if kind.startswith("DECIMAL") else text


def _with_four_places(text: str) -> str:
    return f"CASE WHEN substr({text}, -4, 1) = '.' THEN {text} || '0' ELSE {text} END"
