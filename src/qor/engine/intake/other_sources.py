"""Workbooks (XLSX): the one visible sheet that has the header, turned into staged rows of text.
Empty cells cost nothing."""

from __future__ import annotations

import io
import itertools
import lzma
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser

from qor.engine.intake.refusals import (
    DamagedFile,
    EmptyFile,
    FormulaInCell,
    MissingColumns,
    NoSheet,
    SeveralSheets,
    TooLarge,
    TooManyColumns,
)
from qor.engine.intake.sources import MOST_COLUMNS, Staged, our_columns
from qor.engine.intake.tables import Table
from qor.engine.intake.typed_rows import as_text, stage_rows, staged_rows
from qor.engine.storage.duck import Connection

MOST_PACKED = 200 << 20
MOST_UNPACKED = 1 << 30
_Row = tuple[int, list[dict[str, Any]]]
# whatever openpyxl, zipfile and expat meet in a file that somebody cut, mixed up or locked
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that holds something: its title, whether people see it, its first row with a value,
    and the rows after that one."""

    title: str
    visible: bool
    header_line: int
    headers: list[str]
    has_rows: bool
    rows: Iterator[_Row] = field(repr=False)


def stage_xlsx(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage the one visible sheet that has the table's header; other sheets with cells are named in
    `left`.

    Refuses formulas, several such sheets, damaged or locked workbooks, and files that are, or
    unpack to be, too large.
    """
    _weigh(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = _Book(path)
        try:
            sheets = [sheet for sheet in map(book.sheet, book.titles()) if sheet is not None]
            chosen, meant = _chosen(path, sheets, table)
            columns = tuple(meant.values())
            staged = stage_rows(
                connection, path, _texts(path, chosen, meant), columns, table, folder
            )
        finally:
            book.close()
    ignored = tuple(
        header for at, header in enumerate(chosen.headers) if at not in meant and header
    )
    left = tuple(sheet.title for sheet in sheets if sheet is not chosen)
    return staged_rows(connection, staged, columns, ignored=ignored, left=left)


class _Book:
    """A workbook opened for reading; what cannot be read is DamagedFile, a workbook without sheets
    NoSheet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # an open file, not a path: openpyxl would go by the name's ending
            self.workbook = openpyxl.load_workbook(
                io.BytesIO(path.read_bytes()), read_only=True, data_only=False
            )
        except _BROKEN:
            raise DamagedFile(file=path.name, kind="XLSX") from None
        if not self.workbook.worksheets:
            self.close()
            raise NoSheet(file=path.name)

    def titles(self) -> list[Any]:
        """The worksheets, in the order of their tabs."""
        return list(self.workbook.worksheets)

    def sheet(self, worksheet: Any) -> _Sheet | None:
        """What a worksheet holds; None where no cell has a value."""
        rows = self._rows(worksheet)
        first = next(rows, None)
        if first is None:
            return None
        line, cells = first
        if len(cells) > MOST_COLUMNS or max(cell["column"] for cell in cells) > MOST_COLUMNS:
            raise TooManyColumns(
                file=self.path.name, line=line, columns=len(cells), most=MOST_COLUMNS
            )
        headers = [""] * max(cell["column"] for cell in cells)
        for cell in cells:
            headers[cell["column"] - 1] = str(cell["value"])
        second = list(itertools.islice(rows, 1))
        visible = worksheet.sheet_state == "visible"
        return _Sheet(
            str(worksheet.title),
            visible,
            line,
            headers,
            bool(second),
            itertools.chain(second, rows),
        )

    def close(self) -> None:
        """Close the file."""
        self.workbook.close()

    def _rows(self, worksheet: Any) -> Iterator[_Row]:
        """Rows with at least one value, by their own numbers: rows and cells that are not there are
        not made."""
        try:
            with worksheet._get_source() as source:
                book: Any = self.workbook
                parser = WorkSheetParser(
                    source,
                    worksheet._shared_strings,
                    data_only=False,
                    epoch=book.epoch,
                    date_formats=book._date_formats,
                    timedelta_formats=book._timedelta_formats,
                )
                for line, cells in parser.parse():
                    filled = [
                        cell
                        for cell in cells
                        if str(cell["value"] or "").strip() or cell["value"] == 0
                    ]
                    if filled:
                        yield line, filled
        except _BROKEN:
            raise DamagedFile(file=self.path.name, kind=f"XLSX, {worksheet.title}") from None


def _chosen(path: Path, sheets: list[_Sheet], table: Table) -> tuple[_Sheet, dict[int, str]]:
    """The one visible sheet whose first row is the table's header, and which of its columns are
    ours."""
    seen = [sheet for sheet in sheets if sheet.visible]
    fitting: list[tuple[_Sheet, dict[int, str]]] = []
    missing: MissingColumns | None = None
    for sheet in seen:
        try:
            fitting.append((sheet, our_columns(path.name, sheet.headers, table, sheet.header_line)))
        except MissingColumns as refusal:
            missing = missing or refusal
    filled = [fits for fits in fitting if fits[0].has_rows]
    if len(filled) > 1:
        raise SeveralSheets(file=path.name, sheets="; ".join(sheet.title for sheet, _ in filled))
    if fitting:
        return (filled or fitting)[0]
    raise missing or EmptyFile(file=path.name)


def _texts(path: Path, sheet: _Sheet, meant: dict[int, str]) -> Iterator[list[Any]]:
    places = {position + 1: place for place, position in enumerate(meant)}
    for line, cells in sheet.rows:
        values = [""] * len(places)
        for cell in cells:
            if cell["data_type"] == "f":
                at = f"{get_column_letter(cell['column'])}{line}"
                raise FormulaInCell(
                    file=path.name, line=line, cell=at, text=_formula(cell["value"])
                )
            if cell["column"] in places:
                values[places[cell["column"]]] = as_text(cell["value"])
        if any(values):
            yield [line, *values]


def _formula(value: Any) -> str:
    return str(getattr(value, "text", value))[:60]


def _weigh(path: Path) -> None:
    if path.stat().st_size > MOST_PACKED:
        raise TooLarge(file=path.name, size=path.stat().st_size >> 20, most=MOST_PACKED >> 20)
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except _BROKEN:
        raise DamagedFile(file=path.name, kind="XLSX") from None
    if unpacked > MOST_UNPACKED:
        raise TooLarge(file=path.name, size=unpacked >> 20, most=MOST_UNPACKED >> 20)
