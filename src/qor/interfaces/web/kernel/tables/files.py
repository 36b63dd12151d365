"""A list as a file: a workbook or CSV of the same rows, in the same order, under the same
headings."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.http import FileResponse, StreamingHttpResponse

from qor.interfaces import messages
from qor.interfaces.documents.cells import harmless
from qor.interfaces.documents.workbook import CONTENT_TYPE, MOST_LINES, workbook
from qor.interfaces.web.kernel.tables.address import Asked, UnknownInList
from qor.interfaces.web.kernel.tables.declared import Column, Kind
from qor.interfaces.web.kernel.tables.sources import Source
from qor.law.nouns.refusals import Refusal

XLSX, CSV = "xlsx", "csv"
_MARK = "\ufeff"  # tells a spreadsheet that the text is UTF-8


class TooLongForAWorkbook(Refusal):
    """The list has more rows than a sheet can hold."""

    key = "too_long_for_a_workbook"


def file_of(
    asked: Asked, source: Source, kind: str, language: str
) -> FileResponse | StreamingHttpResponse:
    """The list as a file of that kind: the columns that the address chooses, or all.

    UnknownInList for another kind; TooLongForAWorkbook.
    """
    columns = tuple(c for c in asked.columns if c.kind is not Kind.ACTION)
    columns = columns or asked.table.in_files
    heads = [messages.text(column.title, language) for column in columns]
    name = f"qor-{asked.table.name}.{kind}"
    if kind == CSV:
        return _csv(name, heads, _rows(columns, source, language))
    if kind == XLSX:
        count = source.count()
        if count >= MOST_LINES:
            raise TooLongForAWorkbook(rows=count, most=MOST_LINES - 1)
        return _xlsx(name, heads, _rows(columns, source, language))
    raise UnknownInList(list=asked.table.name, value=kind)


def _rows(columns: tuple[Column, ...], source: Source, language: str) -> Iterator[list[Any]]:
    for row in source.all():
        yield [column.filed(column.read(row, language), language) for column in columns]


def _csv(name: str, heads: list[str], rows: Iterable[list[Any]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(heads: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _MARK + writer.writerow([harmless(head) for head in heads])
    for row in rows:
        yield writer.writerow([harmless(_plain(cell)) for cell in row])


def _plain(cell: Any) -> Any:
    """A cell of a text file: money as its decimal, days and moments as ISO 8601 has them."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else cell


class _Echo:
    """Gives back what the writer of CSV would write."""

    def write(self, line: str) -> str:
        return line


def _xlsx(name: str, heads: list[str], rows: Iterable[list[Any]]) -> FileResponse:
    """A workbook, written line by line to a file that is gone once it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with workbook(path) as sheet:
            sheet.heads(heads, frozen=True)
            for row in rows:
                sheet.add(row)  # a text stays a text there, whatever it begins with
        opened = path.open("rb")
    return FileResponse(opened, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
