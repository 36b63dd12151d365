"""The rejected rows of a file, kept with line, text, column, value and reason, so that a person can
mend each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from qor.engine.intake.readings import reading
from qor.engine.intake.refusals import UnevenLines
from qor.engine.intake.signs import shown
from qor.engine.intake.sources import Staged
from qor.engine.intake.tables import Column, Table
from qor.engine.storage.duck import Connection, literal, name, parquet, pattern_free, rows
from qor.engine.storage.lake import Lake, Part, Writer
from qor.law.nouns.months import Month


@dataclass(frozen=True, slots=True)
class Rejected:
    """How many rows were rejected, by reason, and the amounts of those that could be read, in
    tenge."""

    count: int
    reasons: dict[str, int]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class File:
    """The file that rows were rejected of: its name, the sha256 of its bytes, and the month it is
    for, if said."""

    name: str
    digest: str
    month: Month | None


def write_rejected(
    connection: Connection, writer: Writer, shape: Table, staged: Staged, file: File
) -> Rejected:
    """Write the rejected rows with line, text, column, value and reason; the amount is counted
    where it can be read."""
    _point_back(connection, staged, file.name)
    target = writer.staging / "rejected.parquet"
    _write(connection, shape, staged, file, target)
    counted = rows(
        connection,
        f"SELECT reason, count(*) AS n, sum(amount) AS total FROM {parquet([target])} "
        "GROUP BY reason ORDER BY reason",
    )
    reasons = {row["reason"]: int(row["n"]) for row in counted}
    _drop_earlier(writer, file.digest)
    if reasons:
        writer.add("rejected", "", target, sum(reasons.values()))
    return Rejected(
        sum(reasons.values()),
        reasons,
        sum((row["total"] or Decimal("0.00") for row in counted), Decimal("0.00")),
    )


def _write(connection: Connection, shape: Table, staged: Staged, file: File, target: Path) -> None:
    """The rows as a file: those that were read, and lines that could not even be split."""
    legible = shown if staged.odd else str
    values = " ".join(
        f"WHEN {literal(column)} THEN {legible(name(column))}" for column in staged.columns
    )
    key = {
        column: _raw(shape, staged, column)
        for column in (shape.provider or shape.key[0], shape.key[-1], "amount", shape.monthly)
    }
    named = (
        'receipt, file, "table", line, month, provider_bin, row_key, "column", value, reason, '
        "amount, text"
    )
    main = literal(_main_month(connection, shape))
    query = f"""
        SELECT {literal(file.digest[:16])} AS receipt, {literal(file.name)} AS file,
            {literal(shape.name)} AS "table",
               l.at_line AS line, coalesce({_month_or(key[shape.monthly], file.month)},
                   {main}) AS month,
               {key[shape.provider or shape.key[0]]} AS provider_bin,
                   {legible(key[shape.key[-1]])} AS row_key,
               r.at_column, CASE r.at_column {values} END AS value_read, r.why,
                   {key["amount"]} AS amount_read, {legible("l.at_text")} AS text
        FROM (SELECT row, reason AS why, "column" AS at_column FROM rejects) r
            JOIN lines l USING (row)
        JOIN read_parquet({pattern_free(staged.path)}, file_row_number = true) s
            ON s.file_row_number = r.row
        UNION ALL
        SELECT {literal(file.digest[:16])}, {literal(file.name)}, {literal(shape.name)}, line,
               {literal(str(file.month)) if file.month else main}, NULL, NULL, '', NULL, reason,
                   NULL, text FROM broken"""
    connection.execute(
        f"COPY (SELECT * FROM ({query}) rejected({named}) ORDER BY line) TO "
        f"{literal(target)} (FORMAT parquet)"
    )


def _drop_earlier(writer: Writer, digest: str) -> None:
    """A file judged again (its provider was not known the first time): its earlier rejections no
    longer count."""
    for part in _parts_of(writer.lake, digest):
        writer.drop(part)


def _parts_of(lake: Lake, digest: str) -> list[Part]:
    return [
        part for entry in lake.deliveries(digest) for part in entry.adds if part.table == "rejected"
    ]


def _point_back(connection: Connection, staged: Staged, called: str) -> None:
    wanted = {row for (row,) in connection.execute("SELECT row FROM rejects").fetchall()}
    lines = staged.point_back(wanted)
    if set(lines) != wanted:
        raise UnevenLines(file=called, line=1)
    connection.execute("CREATE TEMP TABLE lines (row BIGINT, at_line BIGINT, at_text VARCHAR)")
    connection.execute("CREATE TEMP TABLE broken (line BIGINT, text VARCHAR, reason VARCHAR)")
    if lines:
        _fill(connection, "lines", [[row, line, text] for row, (line, text) in lines.items()])
    if staged.broken:
        _fill(connection, "broken", [[each.line, each.text, each.reason] for each in staged.broken])


def _fill(connection: Connection, target: str, values: list[list[Any]]) -> None:
    marks = ", ".join("?" for _ in values[0])
    for start in range(0, len(values), 1000):
        batch = values[start : start + 1000]
        many = ", ".join(f"({marks})" for _ in batch)
        connection.execute(
            f"INSERT INTO {name(target)} VALUES {many}", [cell for row in batch for cell in row]
        )


def _raw(shape: Table, staged: Staged, column: str) -> str:
    if column not in staged.columns:
        return "CAST(NULL AS DECIMAL(18,2))" if column == "amount" else "CAST(NULL AS VARCHAR)"
    kind = shape.column(column)
    if column in {"amount", shape.monthly}:
        return reading(Column(f"{column}", kind.type, kind.words))
    return name(column)


def _main_month(connection: Connection, shape: Table) -> str | None:
    """The month of most of the file's rows: where a row's own cannot be read."""
    if not shape.monthly:
        return None
    counted = (
        "SELECT row_month FROM keys WHERE row_month IS NOT NULL GROUP BY row_month ORDER BY "
        "count(*) DESC, row_month LIMIT 1"
    )
    most = connection.execute(counted).fetchall()
    return str(most[0][0]) if most else None


def _month_or(own: str, given: Month | None) -> str:
    if given is not None:
        return literal(str(given))
    return (
        own
        if own.startswith("CAST(NULL")
        else f"CASE WHEN ({own}) IS NULL THEN NULL ELSE left(CAST(({own}) AS VARCHAR), 7) END"
    )
