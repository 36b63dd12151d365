"""Any file becomes a staged Parquet file of text columns under our names, with what is needed to
point back at its lines."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qor.engine.intake.refusals import (
    DoubleColumn,
    EmptyFile,
    MissingColumns,
    NotAFile,
    TooManyColumns,
)
from qor.engine.intake.tables import Table, column_named, titles
from qor.engine.storage.duck import Connection, count_of, literal, name, parquet, pattern_free

MOST_COLUMNS = 400
LINE = "__line"


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is not a row of the table at all: too few or too many cells, an unclosed
    quote."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Staged:
    """A file, staged: its rows in file order as text, our columns only; `rows` of them.

    `point_back` gives, for row numbers counted from 0, the line in the original file and the text
    that stands there. `odd`: control signs may stand in cells. `left`: sheets of a workbook that
    hold something and were not read. `padded`: identifiers whose zeros were put back.
    """

    path: Path
    rows: int
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    broken: tuple[Broken, ...]
    point_back: Callable[[set[int]], dict[int, tuple[int, str]]]
    odd: bool
    left: tuple[str, ...] = ()
    padded: int = 0


def head_of(path: Path) -> bytes:
    """The first bytes of a file. NotAFile or EmptyFile where there is nothing to read; a pipe, a
    device or a socket is not opened."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EISDIR if path.is_dir() else errno.ENXIO, "no plain file")
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise NotAFile(file=path.name, detail=errno.errorcode.get(error.errno or 0, "")) from None
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise EmptyFile(file=path.name)
    return head


def our_columns(file: str, headers: list[str], table: Table, line: int = 1) -> dict[int, str]:
    """Which of the file's columns (by position) are columns of the table; the header stands on
    `line`.

    TooManyColumns, DoubleColumn, or MissingColumns with the titles that would have been understood.
    """
    if len(headers) > MOST_COLUMNS:
        raise TooManyColumns(file=file, line=line, columns=len(headers), most=MOST_COLUMNS)
    ours = {column.name for column in table.columns}
    meant: dict[int, str] = {}
    for position, header in enumerate(headers):
        column = column_named(header)
        if column not in ours:
            continue
        if column in meant.values():
            raise DoubleColumn(file=file, line=line, column=header, means=column)
        meant[position] = column
    missing = [column for column in table.needs if column not in meant.values()]
    if missing:
        raise MissingColumns(
            file=file, line=line, table=table.name, columns="; ".join(map(_called, missing))
        )
    return meant


def stage_query(connection: Connection, query: str, target: Path) -> int:
    """Write a query's rows, in order, to a Parquet file; how many there are."""
    connection.execute(f"COPY ({query}) TO {literal(target)} (FORMAT parquet)")
    return count_of(connection, parquet([target]))


def joined_text(
    connection: Connection, staged: Path, wanted: set[int], lines: bool
) -> dict[int, tuple[int, str]]:
    """Lines and texts of staged rows whose source has no lines of text (XLSX, Parquet): their
    cells, joined."""
    line = name(LINE) if lines else "file_row_number + 1"
    shape = connection.execute(f"DESCRIBE SELECT * FROM {parquet([staged])}").fetchall()
    cells = ", ".join(f"coalesce({name(column[0])}, '')" for column in shape if column[0] != LINE)
    query = f"""SELECT file_row_number AS row, CAST({line} AS BIGINT) AS line, concat_ws(';',
        {cells}) AS text
                FROM read_parquet({pattern_free(staged)}, file_row_number = true)
                WHERE file_row_number IN ({", ".join(map(str, sorted(wanted)))})"""
    return (
        {row: (line_no, text) for row, line_no, text in connection.execute(query).fetchall()}
        if wanted
        else {}
    )


def _called(column: str) -> str:
    also = titles(column)
    return f"{column} ({also['kk'][0]} / {also['ru'][0]})"
