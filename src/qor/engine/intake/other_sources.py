"""XLSX, JSON Lines and Parquet: turned into the same staged rows of text."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException

from qor.engine.duck import Connection, literal, name
from qor.engine.intake.refusals import EmptyFile, FormulaInCell, NotJson, NulByte, TooLarge, WrongEncoding
from qor.engine.intake.sources import (
    LINE,
    MOST_COLUMNS,
    Staged,
    bare,
    joined_text,
    not_a_table,
    our_columns,
    stage_query,
)
from qor.engine.intake.tables import Table

MOST_PACKED = 200 << 20
MOST_UNPACKED = 1 << 30
_IDENTIFIERS = {"iin", "iin_text", "bin"}


def stage_xlsx(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage the first sheet of a workbook. Refuses formulas, and files that are, or unpack to be, too large.

    A number in a column of IIN or BIN that is shorter than twelve digits has lost its leading zeros: they are put back and counted.
    """
    _weigh(path)
    try:
        # an open file, not a path: openpyxl would go by the name's ending
        workbook = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise not_a_table(path, str(error)) from None
    try:
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        cells = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
        headers = [str(cell.value) if cell.value is not None else "" for cell in next(cells, ())]
        while headers and not headers[-1]:
            headers.pop()
        meant = our_columns(path.name, headers, table)
        padding = _Padding(
            {p for p, column in meant.items() if table.column(column).type in _IDENTIFIERS or column.endswith("bin")}
        )
        rows = ([line, *values] for line, values in _sheet_rows(path, cells, meant, padding))
        return _stage_rows(connection, path, rows, headers, meant, folder, padding)
    finally:
        workbook.close()


def stage_json_lines(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage a file of one JSON object a line; numbers are taken by their text, lists are joined with `;`."""
    first = next((found for _, found in _objects(path)), None)
    if first is None:
        raise EmptyFile(file=path.name)
    headers = list(dict.fromkeys(key for _, found in _objects(path) for key in found))
    meant = our_columns(path.name, headers, table)
    keys = [headers[position] for position in meant]
    rows = ([line, *(_plain(found.get(key)) for key in keys)] for line, found in _objects(path))
    return _stage_rows(connection, path, rows, headers, meant, folder, _Padding(set()))


def stage_parquet(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage a Parquet file: its columns as text, lists joined with `;`."""
    try:
        shape = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
    except duckdb.Error as error:
        raise not_a_table(path, str(error).splitlines()[0]) from None
    headers = [row[0] for row in shape]
    meant = our_columns(path.name, headers, table)
    taken = ", ".join(f"{bare(_as_text(*shape[position][:2]))} AS {name(column)}" for position, column in meant.items())
    staged = folder / "staged.parquet"
    rows = stage_query(connection, f"SELECT {taken} FROM read_parquet({literal(path)})", staged)
    if not rows:
        raise EmptyFile(file=path.name)
    ignored = tuple(header for position, header in enumerate(headers) if position not in meant)
    return Staged(
        staged, rows, tuple(meant.values()), ignored, (), lambda wanted: joined_text(connection, staged, wanted, False)
    )


class _Padding:
    """Positions of identifiers in a sheet, and how many numbers there had lost their zeros."""

    def __init__(self, positions: set[int]) -> None:
        self.positions = positions
        self.count = 0

    def text(self, position: int, value: Any) -> str:
        if position in self.positions and isinstance(value, int | float) and value == int(value):
            digits = str(int(value))
            self.count += len(digits) < 12
            return digits.zfill(12)
        return _plain(value)


def _stage_rows(
    connection: Connection,
    path: Path,
    rows: Iterator[list[Any]],
    headers: list[str],
    meant: dict[int, str],
    folder: Path,
    padding: _Padding,
) -> Staged:
    text, staged = folder / "rows.csv", folder / "staged.parquet"
    try:
        with text.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    except UnicodeEncodeError as error:
        raise not_a_table(path, f"{error.object[error.start : error.end]!a}") from None
    if not text.stat().st_size:
        raise EmptyFile(file=path.name)
    columns = [LINE, *meant.values()]
    shape = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    taken = ", ".join(f"{bare(name(column))} AS {name(column)}" for column in columns)
    query = f"""SELECT {taken} FROM read_csv({literal(text)}, auto_detect = false, header = false, delim = ',', quote = '"',
                escape = '"', columns = {{{shape}}})"""
    try:
        count = stage_query(connection, query, staged)
    except duckdb.Error as error:
        raise not_a_table(path, str(error).splitlines()[0]) from None
    ignored = tuple(header for position, header in enumerate(headers) if position not in meant and header)
    return Staged(
        staged,
        count,
        tuple(meant.values()),
        ignored,
        (),
        lambda wanted: joined_text(connection, staged, wanted, True),
        padding.count,
    )


def _weigh(path: Path) -> None:
    if path.stat().st_size > MOST_PACKED:
        raise TooLarge(file=path.name, size=path.stat().st_size >> 20, most=MOST_PACKED >> 20)
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise not_a_table(path, str(error)) from None
    if unpacked > MOST_UNPACKED:
        raise TooLarge(file=path.name, size=unpacked >> 20, most=MOST_UNPACKED >> 20)


def _sheet_rows(path: Path, rows: Any, meant: dict[int, str], padding: _Padding) -> Iterator[tuple[int, list[str]]]:
    for line, cells in enumerate(rows, start=2):
        for cell in cells:
            if cell.data_type == "f":
                raise FormulaInCell(file=path.name, line=line, cell=_place(cell), text=str(cell.value)[:60])
        values = [padding.text(p, cells[p].value) if p < len(cells) else "" for p in meant]
        if any(values):
            yield line, values


def _place(cell: Cell) -> str:
    return f"{cell.column_letter}{cell.row}" if hasattr(cell, "column_letter") else str(cell.coordinate)


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for line, raw in enumerate(file, start=1):
            if raw.strip(b"\xef\xbb\xbf \t\r\n"):
                yield line, _object(path, line, raw)


def _object(path: Path, line: int, raw: bytes) -> dict[str, Any]:
    if b"\0" in raw or b"\\u0000" in raw:
        raise NulByte(file=path.name, line=line)
    try:
        found = json.loads(raw.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except UnicodeDecodeError as error:
        raise WrongEncoding(file=path.name, line=line, found=f"byte {error.start}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotJson(file=path.name, line=line, detail=str(error)[:120]) from None
    if not isinstance(found, dict):
        raise NotJson(file=path.name, line=line, detail=type(found).__name__)
    return found


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(map(_plain, value))
    return repr(value) if isinstance(value, float) else str(value)


def _as_text(column: str, kind: str) -> str:
    return f"array_to_string({name(column)}, ';')" if kind.endswith("[]") else f"CAST({name(column)} AS VARCHAR)"
