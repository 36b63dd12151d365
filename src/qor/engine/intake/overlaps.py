"""Two rows of one thing may not hold on the same day: which rows of a file overlap an earlier one
of it, or one that the lake keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from qor.engine.intake.tables import Table
from qor.engine.storage.duck import Connection, literal, name

_ALWAYS = date.max
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """Days on which a row holds, and its key: a row of the file with the key of one in the lake
    takes its place."""

    row: int
    key: _Key
    first: date
    last: date

    def meets(self, other: _Span) -> bool:
        """Whether some day lies in both; a row does not meet the one whose place it takes."""
        return self.first <= other.last and other.first <= self.last


def reject_overlaps(connection: Connection, shape: Table, lake_rows: str) -> None:
    """Add to `rejects` the rows of `readable` that overlap what stands before them; `lake_rows` is
    SQL, empty without any.

    A row is held only against rows that stand: of three that all overlap, the first is accepted and
    two are rejected, each once.
    """
    good = "SELECT * FROM readable WHERE row NOT IN (SELECT row FROM rejects)"
    _suspects(connection, shape, good, lake_rows)
    groups: dict[_Key, list[_Span]] = defaultdict(list)
    in_lake: dict[_Key, list[_Span]] = defaultdict(list)
    for group, span in _spans(connection, shape, good):
        groups[group].append(span)
    if lake_rows and groups:
        for group, span in _spans(connection, shape, f"SELECT *, -1 AS row FROM ({lake_rows})"):
            in_lake[group].append(span)
    unchanged = {row for (row,) in connection.execute("SELECT row FROM unchanged_rows").fetchall()}
    late = [
        row
        for group, spans in groups.items()
        for row in sorted(_overlapping(spans, in_lake[group], unchanged))
    ]
    for start in range(0, len(late), 1000):
        listed = ", ".join(
            f"({row}, 'overlapping_validity', 'valid_from')" for row in late[start : start + 1000]
        )
        connection.execute(f"INSERT INTO rejects VALUES {listed}")
    connection.execute("DROP TABLE suspects")


def _suspects(connection: Connection, shape: Table, good: str, lake_rows: str) -> None:
    """The groups in which some day has two rows: neighbours in the order of first days are enough
    to see it."""
    group = ", ".join(map(name, shape.apart))
    both = f"SELECT {group}, valid_from, valid_to FROM ({good})"
    if lake_rows:
        mine = " AND ".join(f"o.{name(c)} IS NOT DISTINCT FROM n.{name(c)}" for c in shape.apart)
        key = " AND ".join(f"o.{name(c)} IS NOT DISTINCT FROM n.{name(c)}" for c in shape.key)
        both += f""" UNION ALL SELECT {group}, valid_from, valid_to FROM ({lake_rows}) o
            WHERE EXISTS (SELECT 1 FROM ({good}) n WHERE {mine}) AND NOT EXISTS (SELECT 1
                FROM ({good}) n WHERE {key})"""
    last = f"coalesce(valid_to, {literal(_ALWAYS)})"
    connection.execute(f"""CREATE TEMP TABLE suspects AS SELECT DISTINCT {group} FROM (
        SELECT {group}, valid_from, max({last}) OVER (PARTITION BY {group} ORDER BY valid_from
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM ({both}))
                WHERE before >= valid_from""")


def _spans(connection: Connection, shape: Table, source: str) -> Iterable[tuple[_Key, _Span]]:
    same = " AND ".join(f"s.{name(c)} IS NOT DISTINCT FROM r.{name(c)}" for c in shape.apart)
    cells = ", ".join(f"CAST(r.{name(c)} AS VARCHAR)" for c in (*shape.apart, *shape.key))
    width = len(shape.apart)
    query = f"""SELECT r.row, r.valid_from, r.valid_to, {cells} FROM ({source}) r
        WHERE EXISTS (SELECT 1 FROM suspects s WHERE {same}) ORDER BY r.row"""
    for row, first, last, *texts in connection.execute(query).fetchall():
        yield tuple(texts[:width]), _Span(row, tuple(texts[width:]), first, last or _ALWAYS)


def _overlapping(spans: list[_Span], in_lake: list[_Span], unchanged: set[int]) -> set[int]:
    """Rows that overlap what stands. A rejected row leaves the lake's row of its key where it was,
    so the rest is looked at again."""
    late: set[int] = set()
    while True:
        replaced = {span.key for span in spans if span.row not in late}
        standing = [span for span in in_lake if span.key not in replaced]
        overlapping = set()
        for span in spans:
            if span.row in late:
                continue
            if span.row not in unchanged and any(span.meets(other) for other in standing):
                overlapping.add(span.row)
            else:
                standing.append(span)
        if not overlapping:
            return late
        late |= overlapping
