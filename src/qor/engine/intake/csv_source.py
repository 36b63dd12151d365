"""CSV: comma, semicolon or tab; UTF-8 with or without a mark, or KZ-1048 (Windows-1251). Read by
DuckDB, looked over byte by byte first."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from qor.engine.intake.refusals import EmptyFile, UnclosedQuote, UnevenLines
from qor.engine.intake.signs import bare, cleaned, may_need_cleaning
from qor.engine.intake.sources import Broken, Staged, our_columns, stage_query
from qor.engine.intake.tables import Table
from qor.engine.intake.text_look import Look, cut_wide_lines, look_over, readable, refuse_longest
from qor.engine.storage.duck import Connection, count_of, literal, name, pattern_free

_DELIMITERS = ",;\t"
_MOST_HEADER = 1 << 20
# faulty cells that DuckDB writes down, each with its whole line; beyond that the lines are read one
# by one
_MOST_RECORDED = 5000


@dataclass(frozen=True, slots=True)
class _Text:
    """A CSV file ready to be read: where its text lies, what it is called, its look, delimiter and
    number of columns."""

    path: Path
    called: str
    look: Look
    delimiter: str
    width: int


def stage_csv(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage a CSV file. Refuses NUL bytes, other encodings, unclosed quotes, mixed line ends,
    missing or doubled columns, no rows."""
    readable_path, look = readable(path, look_over(path), folder)
    if look.long_lines:
        refuse_longest(readable_path, path.name)
    delimiter, headers = _header(readable_path, path.name)
    meant = our_columns(path.name, headers, table)
    text = _Text(readable_path, path.name, look, delimiter, len(headers))
    if look.long_lines:
        narrow = cut_wide_lines(text.path, folder / "narrow.csv", delimiter.encode(), text.width)
        text = _Text(narrow, path.name, look, delimiter, text.width)
    staged = folder / "staged.parquet"
    odd = may_need_cleaning(look.unusual, delimiter, look.quotes > 0)
    rows, broken = _copy(connection, text, staged, meant, table if odd else None)
    records = rows + len(broken)
    lines_are_records = look.line_ends == records + look.ends_in_one
    if not lines_are_records or look.quotes % 2:
        broken = _walked(text, rows, broken)
        if look.quotes and not odd:
            odd, (rows, _) = True, _copy(connection, text, staged, meant, table)
    if not rows and not broken:
        raise EmptyFile(file=path.name)
    plain = lines_are_records and not broken

    def point_back(wanted: set[int]) -> dict[int, tuple[int, str]]:
        lines = _plain_lines(text.path, wanted) if plain else _record_lines(text, wanted)
        return dict(lines)

    ignored = tuple(
        header
        for position, header in enumerate(headers)
        if position not in meant and header.strip()
    )
    return Staged(staged, rows, tuple(meant.values()), ignored, broken, point_back, odd)


def _header(path: Path, called: str) -> tuple[str, list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        line = file.readline(_MOST_HEADER)
    delimiter = max(_DELIMITERS, key=line.count)
    try:
        return delimiter, next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise UnclosedQuote(file=called, line=1) from None


def _copy(
    connection: Connection, text: _Text, staged: Path, meant: dict[int, str], cleaning: Table | None
) -> tuple[int, tuple[Broken, ...]]:
    """Stage the rows; how many, and the broken lines. With `cleaning`, unseen signs and unusual
    blanks fall out of the cells."""
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(text.width))
    cells = {
        column: cleaned(f"c{at}", cleaning.keeps_one_line(column)) if cleaning else bare(f"c{at}")
        for at, column in meant.items()
    }
    selected = ", ".join(f"{cell} AS {name(column)}" for column, cell in cells.items())
    query = f"""SELECT {selected} FROM read_csv({pattern_free(text.path)}, auto_detect = false,
        header = false, skip = 1,
        delim = {literal(text.delimiter)}, quote = '"', escape = '"', columns = {{{columns}}},
            compression = 'none',
        store_rejects = true, rejects_limit = {_MOST_RECORDED}, rejects_table = 'broken_lines',
            rejects_scan = 'broken_scans')"""
    connection.execute("DROP TABLE IF EXISTS broken_lines; DROP TABLE IF EXISTS broken_scans")
    try:
        rows = stage_query(connection, query, staged)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        _walked(text, 0, ())
        raise UnevenLines(file=text.called, line=1) from None
    recorded = count_of(connection, "broken_lines")
    if recorded >= _MOST_RECORDED:
        return rows, tuple(_broken_records(text))
    lines = connection.execute(
        "SELECT line, any_value(csv_line), min(error_type) FROM broken_lines GROUP BY "
        "line ORDER BY line"
    ).fetchall()
    return rows, tuple(Broken(line, line_text or "", _why(kind)) for line, line_text, kind in lines)


def _walked(text: _Text, rows: int, broken: tuple[Broken, ...]) -> tuple[Broken, ...]:
    """The broken records at the lines where they start, every record read once more: DuckDB numbers
    records, not lines.

    UnclosedQuote where a quote swallows lines; UnevenLines where the two readings do not agree,
    which nobody can then explain.
    """
    records = tuple(_broken_records(text))
    if broken and len(records) != len(broken):
        raise UnevenLines(
            file=text.called,
            line=min(broken[0].line, records[0].line if records else broken[0].line),
        )
    if rows and not broken and records:
        raise UnevenLines(file=text.called, line=records[0].line)
    return records


def _broken_records(text: _Text) -> Iterator[Broken]:
    for started, cells, raw in _records(text):
        if cells is None:
            yield Broken(started, raw, "broken_line")
        elif len(cells) != text.width:
            reason = "too_few_cells" if len(cells) < text.width else "too_many_cells"
            yield Broken(started, text.delimiter.join(cells), reason)


def _why(error_type: str) -> str:
    kinds = {"MISSING COLUMNS": "too_few_cells", "TOO MANY COLUMNS": "too_many_cells"}
    return kinds.get(error_type, "broken_line")


def _plain_lines(path: Path, wanted: set[int]) -> Iterator[tuple[int, tuple[int, str]]]:
    if not wanted:
        return
    last = max(wanted)
    with path.open("rb") as file:
        next(file, b"")
        for row, line in enumerate(file):
            if row in wanted:
                yield row, (row + 2, line.decode("utf-8").rstrip("\r\n"))
            if row >= last:
                return


def _record_lines(text: _Text, wanted: set[int]) -> Iterator[tuple[int, tuple[int, str]]]:
    """Lines where records are not lines: cells with line ends in them, blank or broken lines
    between."""
    row = 0
    for started, cells, _ in _records(text):
        if cells is not None and len(cells) == text.width:
            if row in wanted:
                yield row, (started, text.delimiter.join(cells))
            row += 1


def _records(text: _Text) -> Iterator[tuple[int, list[str] | None, str]]:
    """Every record after the header, with the line on which it starts: its cells, or None and its
    text where quotes are wrong.

    UnclosedQuote where a record of several lines cannot be one: its quotes or its number of cells
    are wrong, the file ends inside a quote, or a cell with line ends holds as many delimiters as a
    row.
    """
    csv.field_size_limit(1 << 30)
    with text.path.open(encoding="utf-8-sig", newline="") as file:
        source = _Remembering(file)
        reader = csv.reader(source, delimiter=text.delimiter, strict=True)
        next(reader, None)
        while True:
            started = reader.line_num + 1
            source.last = ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                if reader.line_num > started or not source.last.endswith(("\n", "\r")):
                    raise UnclosedQuote(file=text.called, line=started) from None
                yield started, None, source.last.rstrip("\r\n")
                continue
            if reader.line_num > started:
                _refuse_swallowed(text, started, cells)
            if cells:
                yield started, cells, ""


class _Remembering:
    """Lines of a file, the last one kept at hand."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.last = lines, ""

    def __iter__(self) -> _Remembering:
        return self

    def __next__(self) -> str:
        self.last = next(self.lines)
        return self.last


def _refuse_swallowed(text: _Text, started: int, cells: list[str]) -> None:
    line = started
    for cell in cells:
        breaks = cell.count("\n")
        if breaks and (len(cells) != text.width or cell.count(text.delimiter) >= text.width - 1):
            raise UnclosedQuote(file=text.called, line=line)
        line += breaks
