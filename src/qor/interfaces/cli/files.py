"""Writing rows for people and programs: XLSX, CSV, Parquet; whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from qor.engine.duck import Connection, literal, pattern_free
from qor.interfaces.documents.cells import harmless
from qor.law.refusals import Refusal

_BATCH = 10_000
_EXACT_IN_A_SHEET = Decimal(10) ** 13


class WrongExtension(Refusal):
    """The file's name does not say which of the three kinds it is to be."""

    key = "wrong_extension"


def write_rows(
    connection: Connection, query: str, target: Path, title: Callable[[str], str]
) -> int:
    """Write a query's rows to an .xlsx (titles from `title`), .csv or .parquet file; how many.
    WrongExtension for any other name."""
    writers = {".xlsx": _write_xlsx, ".csv": _write_csv, ".parquet": _write_parquet}
    writer = writers.get(target.suffix.lower())
    if writer is None:
        raise WrongExtension(file=target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.stem}.part{target.suffix}")
    try:
        written = writer(connection, query, draft, title)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return written


def _write_parquet(connection: Connection, query: str, draft: Path, _: Callable[[str], str]) -> int:
    connection.execute(f"COPY ({query}) TO {literal(draft)} (FORMAT parquet)")
    return int(
        connection.execute(f"SELECT count(*) FROM read_parquet({pattern_free(draft)})").fetchall()[
            0
        ][0]
    )


def _write_csv(connection: Connection, query: str, draft: Path, _: Callable[[str], str]) -> int:
    columns, batches = _batches(connection, query)
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        return sum(_write_all(writer, batch) for batch in batches)


def _write_all(writer: Any, batch: list[tuple[Any, ...]]) -> int:
    writer.writerows([harmless(cell) for cell in row] for row in batch)
    return len(batch)


def _write_xlsx(
    connection: Connection, query: str, draft: Path, title: Callable[[str], str]
) -> int:
    columns, batches = _batches(connection, query)
    book = xlsxwriter.Workbook(
        str(draft),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet()
    styles = {
        "money": book.add_format({"num_format": "#,##0.00"}),
        "day": book.add_format({"num_format": "dd.mm.yyyy"}),
    }
    bold = book.add_format({"bold": True})
    for position, column in enumerate(columns):
        sheet.write_string(0, position, title(column), bold)
    sheet.freeze_panes(1, 0)
    line = 0
    for batch in batches:
        for row in batch:
            line += 1
            for position, cell in enumerate(row):
                _write_cell(sheet, line, position, cell, styles)
    book.close()
    return line


def _write_cell(sheet: Any, line: int, position: int, cell: Any, styles: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, Decimal) and abs(cell) < _EXACT_IN_A_SHEET:
        sheet.write_number(line, position, cell, styles["money"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, position, cell, styles["day"])
    elif isinstance(cell, int) and not isinstance(cell, bool):
        sheet.write_number(line, position, cell)
    else:
        sheet.write_string(line, position, str(cell))


def _batches(
    connection: Connection, query: str
) -> tuple[Sequence[str], Iterable[list[tuple[Any, ...]]]]:
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description or []]
    return columns, iter(lambda: cursor.fetchmany(_BATCH), [])
