"""Take one file into the lake: stage, judge, settle it with what is there, write, commit. All or
nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qor.engine.intake.civil import civil_day
from qor.engine.intake.csv_source import stage_csv
from qor.engine.intake.json_source import stage_json_lines
from qor.engine.intake.judge import (
    KNOWN_PROVIDERS,
    Terms,
    doubtful_columns,
    judged,
    kept_columns,
    normalised,
    parsed,
    parsed_keys,
    row_month,
)
from qor.engine.intake.lost_zeros import with_zeros
from qor.engine.intake.other_sources import stage_xlsx
from qor.engine.intake.parquet_source import stage_parquet
from qor.engine.intake.refusals import NoProviders, OldWorkbook, PackedFile
from qor.engine.intake.rejected_rows import File, write_rejected
from qor.engine.intake.settle import settle
from qor.engine.intake.sources import Staged, head_of
from qor.engine.intake.tables import Table, table
from qor.engine.storage.duck import (
    Connection,
    connect,
    count_of,
    literal,
    name,
    one,
    parquet,
    pattern_free,
    rows,
)
from qor.engine.storage.lake import Lake, Writer, sha256_of
from qor.law.nouns.months import Month

DEFAULT_MEMORY = "700MB"  # bounds the engine's buffers, so that memory does not grow with the file
_MONTHS_READ_ONE_BY_ONE = 3
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
_MAY_CHANGE = {
    "not_yet_rendered",
    "unknown_provider",
    "register_signed",
    "has_finding",
    "frozen_month",
    "overlapping_validity",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file. received = accepted + rejected; `unchanged` and `replaced` are parts
    of accepted.

    `reasons` counts rejected rows by reason, `normalised` codes by column; amounts in tenge where a
    row's could be read. `ignored` are columns, `left` sheets of a workbook that were not read.
    """

    file: str
    sha256: str
    table: str
    month: str
    received: int
    accepted: int
    rejected: int
    unchanged: int = 0
    replaced: int = 0
    seen_before: bool = False
    reasons: dict[str, int] = field(default_factory=dict)
    normalised: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    padded_iin: int = 0
    amount_rejected: str = "0.00"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file handed in: where it lies, the table it is of, the month it is for (if said), by whom
    and when."""

    path: Path
    table: str
    month: Month | None
    by: str
    at: datetime


def receive(lake: Lake, delivery: Delivery, *, memory: str = DEFAULT_MEMORY) -> Receipt:
    """Take a file into the lake in one commit, or refuse it whole (see
    `qor.engine.intake.refusals`).

    A file received before changes nothing and answers with its first receipt, unless its rows may
    stand otherwise by now: then it is judged again. Source of the promise: tables.md; 321/2020:24.
    """
    shape = table(delivery.table)
    head = head_of(delivery.path)
    digest = sha256_of(delivery.path)
    with lake.writing() as writer:
        before = _seen(lake, delivery, digest)
        if before is not None:
            return before
        connection = connect(writer.staging, memory)
        try:
            return _take(connection, writer, delivery, shape, head, digest)
        finally:
            connection.close()


def _take(
    connection: Connection,
    writer: Writer,
    delivery: Delivery,
    shape: Table,
    head: bytes,
    digest: str,
) -> Receipt:
    lake = writer.lake
    know_providers(connection, lake, shape)
    staged = stage(connection, delivery.path, shape, writer.staging, head)
    terms = judge_rows(connection, lake, shape, staged, delivery.month, civil_day(delivery.at))
    source = pattern_free(staged.path)
    rows_sql = parsed(shape, staged.columns, source)
    connection.execute(
        f"CREATE TEMP VIEW readable AS SELECT *, {row_month(shape, terms)} AS row_month "
        f"FROM ({rows_sql})"
    )
    outcome = settle(connection, writer, shape)
    accepted = _write_accepted(connection, writer, shape, delivery.month)
    rejected = write_rejected(
        connection, writer, shape, staged, File(delivery.path.name, digest, delivery.month)
    )
    query = normalised(shape, staged.columns, source)
    counts = one(connection, query) if query else {}
    receipt = Receipt(
        file=delivery.path.name,
        sha256=digest,
        table=shape.name,
        month=str(delivery.month or ""),
        received=staged.rows + len(staged.broken),
        accepted=accepted + outcome.unchanged,
        rejected=rejected.count,
        unchanged=outcome.unchanged,
        replaced=outcome.replaced,
        reasons=rejected.reasons,
        normalised={column: count for column, count in counts.items() if count},
        ignored=list(staged.ignored),
        left=list(staged.left),
        padded_iin=staged.padded,
        amount_rejected=str(rejected.amount),
    )
    if receipt.received != receipt.accepted + receipt.rejected:
        raise AssertionError(f"rows lost: {receipt}")
    writer.commit("intake", _told(receipt) | {"by": delivery.by, "at": delivery.at.isoformat()})
    return receipt


def judge_rows(
    connection: Connection,
    lake: Lake,
    shape: Table,
    staged: Staged,
    month: Month | None,
    on: date | None = None,
) -> Terms:
    """Make the table `rejects` and the view `keys` of a staged file handed in on a day; the terms
    it was held against."""
    terms, source = Terms(month, frozenset(lake.frozen()), on), pattern_free(staged.path)
    query = doubtful_columns(shape, staged.columns, source)
    doubts = (
        [column for column, is_doubtful in one(connection, query).items() if is_doubtful]
        if query
        else []
    )
    query = judged(shape, staged.columns, source, terms, staged.odd, doubts)
    connection.execute(f"CREATE TEMP TABLE rejects AS {query}")
    connection.execute(
        f"CREATE TEMP VIEW keys AS {parsed_keys(shape, staged.columns, source, terms)}"
    )
    return terms


def _seen(lake: Lake, delivery: Delivery, digest: str) -> Receipt | None:
    """The last receipt of the same file, if it still says what stands.

    It does not where rows were rejected because of what the lake held or which day it was then, or
    where a later file replaced rows of this table: they may be this file's, and what was handed in
    last is what stands.
    """
    month = str(delivery.month or "")
    for entry in reversed(lake.deliveries(digest)):
        facts = entry.facts
        if (facts["table"], facts["month"]) != (delivery.table, month):
            continue
        replaced_since = lake.facts.replacing.get(delivery.table, 0) > entry.number
        if replaced_since or _MAY_CHANGE & set(facts["reasons"]):
            return None
        known = {key: facts[key] for key in _told(Receipt("", "", "", "", 0, 0, 0)) if key in facts}
        return Receipt(**(known | {"seen_before": True}))
    return None


def _told(receipt: Receipt) -> dict[str, Any]:
    return {key: getattr(receipt, key) for key in Receipt.__slots__ if key != "seen_before"}


def know_providers(connection: Connection, lake: Lake, shape: Table) -> None:
    """Make the table of known providers for a table whose rows name one. NoProviders where none was
    ever loaded."""
    if not shape.provider:
        return
    if not lake.has("providers"):
        raise NoProviders(table=shape.name)
    connection.execute(
        f"CREATE TEMP TABLE {KNOWN_PROVIDERS} AS SELECT bin FROM {parquet(lake.paths('providers'))}"
    )


def stage(connection: Connection, path: Path, shape: Table, folder: Path, head: bytes) -> Staged:
    """Stage a file of whatever kind its first bytes say it is. Refuses what is none of ours."""
    if head.startswith(_OLD_WORKBOOK):
        raise OldWorkbook(file=path.name)
    if head.startswith(_ARCHIVES):
        raise PackedFile(file=path.name)
    if head.startswith(b"PAR1"):
        staged = stage_parquet(connection, path, shape, folder)
    elif head.startswith(b"PK"):
        staged = stage_xlsx(connection, path, shape, folder)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        staged = stage_json_lines(connection, path, shape, folder)
    else:
        staged = stage_csv(connection, path, shape, folder)
    return with_zeros(connection, staged, shape)


def _not_among(connection: Connection, *tables: str) -> str:
    """SQL: the row is in none of these tables; the empty ones cost nothing."""
    full = [table for table in tables if count_of(connection, name(table))]
    return " AND ".join(f"row NOT IN (SELECT row FROM {name(table)})" for table in full) or "TRUE"


def _write_accepted(
    connection: Connection, writer: Writer, shape: Table, month: Month | None
) -> int:
    """Write the rows that stay, one file a month; how many. `readable` less `rejects` less
    `unchanged_rows`."""
    stays = _not_among(connection, "rejects", "unchanged_rows")
    if shape.monthly and month is None:
        months_met = rows(
            connection, f"SELECT DISTINCT row_month AS m FROM keys WHERE {stays} ORDER BY m"
        )
        months = [row["m"] for row in months_met]
    else:
        months = [str(month) if shape.monthly else ""]
    columns = ", ".join(map(name, kept_columns(shape)))
    total, source = 0, "readable"
    if len(months) > _MONTHS_READ_ONE_BY_ONE:
        source = "read_once"
        connection.execute(
            f"CREATE TEMP TABLE read_once AS SELECT row, {columns}, row_month FROM readable"
        )
    for each in months:
        target = writer.staging / f"accepted-{each}.parquet"
        only = f"AND row_month = {literal(each)}" if len(months) > 1 else ""
        connection.execute(
            f"COPY (SELECT {columns} FROM {source} WHERE {stays} {only}) TO "
            f"{literal(target)} (FORMAT parquet)"
        )
        count = count_of(connection, parquet([target]))
        if count:
            writer.add(shape.name, each, target, count)
        total += count
    return total
