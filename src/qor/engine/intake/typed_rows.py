"""Rows of values (of a workbook, of JSON objects) staged as text: a value's text is one that the
readings of cells cannot misread."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from qor.engine.intake.refusals import EmptyFile, UnreadableSigns
from qor.engine.intake.signs import cleaned
from qor.engine.intake.sources import LINE, Staged, joined_text, stage_query
from qor.engine.intake.tables import Table
from qor.engine.storage.duck import Connection, literal, name, pattern_free

_THREE_PLACES = re.compile(r"-?\d+\.\d{3}")
_CERTAIN = 1e15


def stage_rows(
    connection: Connection,
    path: Path,
    rows: Iterator[list[Any]],
    columns: tuple[str, ...],
    table: Table,
    folder: Path,
) -> tuple[Path, int]:
    """Stage rows of line number and texts, one text a column; the staged file and the number of its
    rows.

    Refuses a file without rows, and signs that are no text (halves of a pair).
    """
    text, staged = folder / "rows.csv", folder / "staged.parquet"
    try:
        with text.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    except UnicodeEncodeError:
        raise UnreadableSigns(file=path.name) from None
    if not text.stat().st_size:
        raise EmptyFile(file=path.name)
    shape = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in (LINE, *columns))
    selected = ", ".join(
        f"{cleaned(name(column), table.keeps_one_line(column))} AS {name(column)}"
        for column in columns
    )
    query = f"""SELECT {name(LINE)}, {selected} FROM read_csv({pattern_free(text)},
        auto_detect = false, header = false,
        delim = ',', quote = '"', escape = '"', columns = {{{shape}}}, compression = 'none',
            max_line_size = 16000000)"""
    try:
        return staged, stage_query(connection, query, staged)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        raise UnreadableSigns(file=path.name) from None


def staged_rows(
    connection: Connection, staged: tuple[Path, int], columns: tuple[str, ...], **facts: Any
) -> Staged:
    """What was staged from typed rows: lines are those that the rows name."""
    path, count = staged
    return Staged(
        path,
        count,
        columns,
        broken=(),
        odd=True,
        **facts,
        point_back=lambda wanted: joined_text(connection, path, wanted, True),
    )


def as_text(value: Any) -> str:
    """A typed value as the text of a cell. A number of three decimals gets a fourth: its sign is no
    thousands sign."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(map(as_text, value))
    if isinstance(value, float):
        return number_text(
            str(int(value)) if value.is_integer() and abs(value) < _CERTAIN else repr(value)
        )
    return str(value)


def number_text(number: str) -> str:
    """The text of a number that was typed as one."""
    return f"{number}0" if _THREE_PLACES.fullmatch(number) else number
