"""Writing rows for people and programs: XLSX, CSV, Parquet; whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from qor.engine.storage.duck import Connection, count_of, literal, parquet
from qor.interfaces.documents.cells import harmless
from qor.interfaces.documents.workbook import workbook
from qor.law.nouns.refusals import Refusal

_BATCH = 10_000


class WrongExtension(Refusal):
    """The file's name does not say which of the three kinds it is to be."""

    key = "wrong_extension"


def write_rows(
    connection: Connection,
    query: str,
    target: Path,
    title: Callable[[str], str],
    *,
    before_placing: Callable[[Path, int], None] | None = None,
) -> int:
    """Write a query's rows to an .xlsx (titles from `title`), .csv or .parquet file; how many.

    `before_placing` sees the whole file before it has its name: where it refuses, there is no file.
    WrongExtension for any other name.
    """
    writers = {".xlsx": _write_xlsx, ".csv": _write_csv, ".parquet": _write_parquet}
    writer = writers.get(target.suffix.lower())
    if writer is None:
        raise WrongExtension(file=target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.stem}.part{target.suffix}")
    try:
        written = writer(connection, query, draft, title)
        if before_placing is not None:
            before_placing(draft, written)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return written


def _write_parquet(connection: Connection, query: str, draft: Path, _: Callable[[str], str]) -> int:
    connection.execute(f"COPY ({query}) TO {literal(draft)} (FORMAT parquet)")
    return count_of(connection, parquet([draft]))


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
    with workbook(draft) as sheet:
        sheet.heads(map(title, columns), frozen=True)
        for batch in batches:
            for row in batch:
                sheet.add(row)
    return sheet.lines - 1


def _batches(
    connection: Connection, query: str
) -> tuple[Sequence[str], Iterable[list[tuple[Any, ...]]]]:
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description or []]
    return columns, iter(lambda: cursor.fetchmany(_BATCH), [])
