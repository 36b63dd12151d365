"""CSV: comma, semicolon or tab; UTF-8 with or without a mark, or Windows-1251. Read by DuckDB, looked over byte by byte first."""

from __future__ import annotations

import codecs
import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from qor.engine.duck import Connection, literal, name
from qor.engine.intake.refusals import EmptyFile, NulByte, WrongEncoding
from qor.engine.intake.sources import Broken, Staged, bare, not_a_table, our_columns, stage_query
from qor.engine.intake.tables import Table

_CHUNK = 1 << 20
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class _Look:
    """What a first pass over the bytes says: is it UTF-8, how many line ends, is there one at the end."""

    utf8: bool
    line_ends: int
    ends_in_one: bool


def stage_csv(connection: Connection, path: Path, table: Table, folder: Path) -> Staged:
    """Stage a CSV file. Refuses NUL bytes, other encodings, missing or doubled columns, a file without rows."""
    look = _look_over(path)
    text = path if look.utf8 else _to_utf8(path, folder / "utf8.csv")
    delimiter, headers = _header(text, path.name)
    meant = our_columns(path.name, headers, table)
    staged = folder / "staged.parquet"
    rows, broken = _copy(connection, text, staged, delimiter, len(headers), meant)
    if not rows and not broken:
        raise EmptyFile(file=path.name)
    records = rows + len(broken)
    lines_are_records = look.line_ends == records + look.ends_in_one
    plain = lines_are_records and not broken
    if not lines_are_records:
        broken = _numbered_by_line(broken, text, delimiter, len(headers))

    def point_back(wanted: set[int]) -> dict[int, tuple[int, str]]:
        found = _plain_lines(text, wanted) if plain else _record_lines(text, delimiter, len(headers), wanted)
        return dict(found)

    ignored = tuple(header for position, header in enumerate(headers) if position not in meant and header.strip())
    return Staged(staged, rows, tuple(meant.values()), ignored, broken, point_back)


def _look_over(path: Path) -> _Look:
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, line_ends, first, last = True, 0, b"", b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            first = first or chunk[:4]
            if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise WrongEncoding(file=path.name, line=1, found="UTF-16")
            if b"\0" in chunk:
                raise NulByte(file=path.name, line=line_ends + chunk[: chunk.index(b"\0")].count(b"\n") + 1)
            line_ends += chunk.count(b"\n")
            last = chunk[-1:]
            utf8 = utf8 and _decodes(decoder, chunk)
    utf8 = utf8 and _decodes(decoder, b"", final=True)
    return _Look(utf8, line_ends, last == b"\n")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _to_utf8(path: Path, target: Path) -> Path:
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as sink:
        for number in itertools.count():
            chunk = source.read(_CHUNK)
            if not chunk:
                return target
            try:
                sink.write(chunk.decode("cp1251"))
            except UnicodeDecodeError as error:
                raise WrongEncoding(file=path.name, line=1, found=f"byte {number * _CHUNK + error.start}") from None
    return target


def _header(path: Path, called: str) -> tuple[str, list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        line = file.readline(_CHUNK)
    delimiter = max(_DELIMITERS, key=line.count)
    try:
        return delimiter, next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise not_a_table(Path(called), str(error)) from None


def _copy(
    connection: Connection, text: Path, staged: Path, delimiter: str, width: int, meant: dict[int, str]
) -> tuple[int, tuple[Broken, ...]]:
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(width))
    taken = ", ".join(f"{bare(f'c{position}')} AS {name(column)}" for position, column in meant.items())
    query = f"""SELECT {taken} FROM read_csv({literal(text)}, auto_detect = false, header = false, skip = 1,
        delim = {literal(delimiter)}, quote = '"', escape = '"', columns = {{{columns}}},
        store_rejects = true, rejects_limit = 0, rejects_table = 'broken_lines', rejects_scan = 'broken_scans')"""
    connection.execute("DROP TABLE IF EXISTS broken_lines; DROP TABLE IF EXISTS broken_scans")
    try:
        rows = stage_query(connection, query, staged)
    except duckdb.InvalidInputException as error:
        raise not_a_table(text, str(error).splitlines()[0]) from None
    found = connection.execute(
        "SELECT line, any_value(csv_line), min(error_type) FROM broken_lines GROUP BY line ORDER BY line"
    ).fetchall()
    return rows, tuple(Broken(line, line_text or "", _why(kind)) for line, line_text, kind in found)


def _numbered_by_line(broken: tuple[Broken, ...], path: Path, delimiter: str, width: int) -> tuple[Broken, ...]:
    """DuckDB numbers records; where cells hold line ends, the lines at which broken records start are counted here."""
    starts = [line for line, cells in _records(path, delimiter) if cells and len(cells) != width]
    if len(starts) != len(broken):
        raise not_a_table(path, "quotes", broken[0].line if broken else 1)
    return tuple(Broken(line, found.text, found.reason) for line, found in zip(starts, broken, strict=True))


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


def _record_lines(path: Path, delimiter: str, width: int, wanted: set[int]) -> Iterator[tuple[int, tuple[int, str]]]:
    """Lines where records are not lines: cells with line ends in them, blank or broken lines between."""
    row = 0
    for started, cells in _records(path, delimiter):
        if len(cells) == width:
            if row in wanted:
                yield row, (started, delimiter.join(cells))
            row += 1


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record after the header, with the line on which it starts."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        next(reader, None)
        started = reader.line_num + 1
        for cells in reader:
            yield started, cells
            started = reader.line_num + 1
