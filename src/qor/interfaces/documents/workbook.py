"""The only writer of workbooks: a text stays a text, tenge and days are numbers with their form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LINES = 1 << 20  # of a sheet
_EXACT_IN_A_SHEET = Decimal(10) ** 13  # a spreadsheet keeps fifteen digits
_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}


class Stream(Protocol):
    """What bytes can be written to: a buffer, an answer to a browser."""

    def write(self, content: bytes, /) -> Any:
        """Write some bytes."""
        ...


class Sheet:
    """One sheet, filled line by line from the top."""

    def __init__(self, book: Any) -> None:
        self._sheet = book.add_worksheet()
        self._money = book.add_format({"num_format": "#,##0.00"})
        self._day = book.add_format({"num_format": "dd.mm.yyyy"})
        self._moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        self._bold = book.add_format({"bold": True})
        self.lines = 0

    def heads(self, titles: Iterable[str], *, frozen: bool = False) -> None:
        """Write a line of titles in bold; `frozen` ones stay in sight while the rest is moved."""
        for column, title in enumerate(titles):
            self._sheet.write_string(self.lines, column, title, self._bold)
        self.lines += 1
        if frozen:
            self._sheet.freeze_panes(self.lines, 0)

    def add(self, cells: Iterable[Any]) -> None:
        """Write a line: texts, whole numbers, tenge (Decimal), days, moments of the civil clock;
        None leaves a cell empty."""
        for column, cell in enumerate(cells):
            self._write(column, cell)
        self.lines += 1

    def skip(self) -> None:
        """Leave a line empty."""
        self.lines += 1

    def _write(self, column: int, cell: Any) -> None:
        if cell is None:
            return
        if isinstance(cell, Decimal) and abs(cell) < _EXACT_IN_A_SHEET:
            self._sheet.write_number(self.lines, column, cell, self._money)
        elif isinstance(cell, date):
            form = self._moment if isinstance(cell, datetime) else self._day
            self._sheet.write_datetime(self.lines, column, cell, form)
        elif isinstance(cell, int) and not isinstance(cell, bool):
            self._sheet.write_number(self.lines, column, cell)
        else:
            self._sheet.write_string(self.lines, column, str(cell))


@contextmanager
def workbook(target: Path | Stream) -> Iterator[Sheet]:
    """A workbook of one sheet, written to a file (line by line, of any length) or to a stream."""
    to_file = isinstance(target, Path)
    way = {"constant_memory": True} if to_file else {"in_memory": True}
    book = xlsxwriter.Workbook(str(target) if to_file else target, _TEXT_STAYS_TEXT | way)
    yield Sheet(book)
    book.close()
