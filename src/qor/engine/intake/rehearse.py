"""A register judged as if it were handed in, without writing anything: the first half of trying it
before signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qor.engine.intake.judge import kept_columns, parsed
from qor.engine.intake.receive import judge_rows, know_providers, stage
from qor.engine.intake.settle import reject_second_rows
from qor.engine.intake.sources import head_of
from qor.engine.intake.tables import table
from qor.engine.storage.duck import Connection, count_of, name, pattern_free
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How many rows of the register came, and would be accepted and rejected (by reason); the BINs
    that any of its rows names."""

    received: int
    accepted: int
    rejected: int
    reasons: dict[str, int]
    providers: frozenset[str]


def rehearse(
    connection: Connection,
    lake: Lake,
    path: Path,
    month: Month,
    folder: Path,
    on: date | None = None,
) -> Rehearsal:
    """Make the table `mine` of the rows of a register of services that intake would accept on a
    day. Refuses files as intake does."""
    shape = table("services")
    know_providers(connection, lake, shape)
    staged = stage(connection, path, shape, folder, head_of(path))
    judge_rows(connection, lake, shape, staged, month, on)
    reject_second_rows(connection, shape)
    columns = ", ".join(map(name, kept_columns(shape)))
    every = parsed(shape, staged.columns, pattern_free(staged.path))
    connection.execute(f"""CREATE TEMP TABLE mine AS SELECT {columns} FROM ({every})
        WHERE row NOT IN (SELECT row FROM rejects)""")
    counted = connection.execute(
        "SELECT reason, count(*) FROM rejects GROUP BY reason ORDER BY reason"
    ).fetchall()
    reasons = dict(counted) | ({"broken_line": len(staged.broken)} if staged.broken else {})
    accepted = count_of(connection, "mine")
    named = connection.execute(
        f"SELECT DISTINCT provider_bin FROM ({every}) WHERE provider_bin IS NOT NULL"
    ).fetchall()
    bins = frozenset(str(bin_) for (bin_,) in named)
    return Rehearsal(
        staged.rows + len(staged.broken), accepted, sum(reasons.values()), reasons, bins
    )
