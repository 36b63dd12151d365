"""Joining the many small parts of a table's month into few: a commit of its own; the log and the
files keep what was replaced."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from qor.engine.storage.duck import connect, literal, parquet
from qor.engine.storage.lake.facts import JOIN
from qor.engine.storage.lake.log import Entry, Part
from qor.engine.storage.lake.store import Lake, PartChanged, Writer
from qor.law.nouns.months import Month

PARTS = 64  # fewer small parts than this are left as they are
SMALL = 200_000  # rows: a part that large is no small one
ROWS = 1_000_000  # a joined part: a later change to one of its rows writes all of it anew


def join_parts(lake: Lake, table: str, month: Month, facts: dict[str, Any]) -> Entry | None:
    """Join the small parts of a table's month into one (into several where they hold more than a
    million rows); None where there are few.

    `facts`: who and when. The rows and their number are the same; the entry names every part
    that it replaced and a sha256 over theirs. PartMissing, PartChanged: nothing is changed then.
    """
    if len(_small(lake, table, month)) < PARTS:
        return None
    with lake.writing() as writer:
        small = _small(lake, table, month)
        if len(small) < PARTS:
            return None
        for number, group in enumerate(_groups(small)):
            _join(writer, group, writer.staging / f"{number}.parquet")
        each = "".join(f"{part.sha256} {part.rows}\n" for part in small)
        replaced = {
            "table": table,
            "month": str(month),
            "parts": len(small),
            "rows": sum(part.rows for part in small),
            "parts_sha256": hashlib.sha256(each.encode()).hexdigest(),
        }
        return writer.commit(JOIN, facts | replaced)


def _small(lake: Lake, table: str, month: Month) -> list[Part]:
    return [part for part in lake.parts(table, [month]) if part.rows < SMALL]


def _groups(parts: list[Part]) -> list[list[Part]]:
    groups: list[list[Part]] = [[]]
    rows = 0
    for part in parts:
        if groups[-1] and rows + part.rows > ROWS:
            groups.append([])
            rows = 0
        groups[-1].append(part)
        rows += part.rows
    return groups


def _join(writer: Writer, parts: list[Part], target: Path) -> None:
    """Write the rows of parts into one, in the order in which they came; the same parts give the
    same bytes."""
    files = writer.lake.files_of(parts)
    with connect(writer.staging) as connection:
        connection.execute("SET threads = 1")
        connection.execute(f"COPY (FROM {parquet(files)}) TO {literal(target)} (FORMAT parquet)")
        count = connection.execute(f"SELECT count(*) FROM {parquet([target])}").fetchone()
    rows = sum(part.rows for part in parts)
    if count is None or count[0] != rows:
        raise PartChanged(file=parts[0].path, table=parts[0].table)
    for part in parts:
        writer.drop(part)
    writer.add(parts[0].table, parts[0].month, target, rows)
