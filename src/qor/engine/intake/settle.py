"""Settle a file with itself and with what the lake holds: second rows of a key, unchanged rows,
replacements, refusals of clause 24."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qor.engine.intake.judge import kept_columns
from qor.engine.intake.overlaps import reject_overlaps
from qor.engine.intake.tables import Table
from qor.engine.storage.duck import (
    Connection,
    count_of,
    literal,
    literals,
    name,
    one,
    parquet,
    pattern_free,
)
from qor.engine.storage.lake import Part, Writer
from qor.law.nouns.months import month


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many accepted rows were in the lake already, word for word, and how many took the place
    of another."""

    unchanged: int
    replaced: int


def settle(connection: Connection, writer: Writer, shape: Table) -> Outcome:
    """Complete `rejects`, make `unchanged_rows`, and take replaced rows out of the parts that hold
    them.

    Uses the views `readable` (typed rows with `row` and `row_month`) and `keys` (their keys alone).
    A change to a service on which a finding stands is refused (321/2020:24), as is one under a
    signed register or in a closed month; other rows are replaced by the newer one.
    """
    reject_second_rows(connection, shape)
    connection.execute("CREATE TEMP TABLE unchanged_rows (row BIGINT)")
    parts = writer.lake.parts(shape.name)
    if parts:
        _compare(connection, shape, writer.lake.files_of(parts))
        if shape.name == "services":
            _refuse_changes(connection, writer)
    if shape.apart:
        reject_overlaps(
            connection, shape, _lake_rows(shape, writer.lake.files_of(parts)) if parts else ""
        )
    replaced = _replace(connection, writer, shape, parts) if parts else 0
    unchanged = count_of(connection, "unchanged_rows")
    return Outcome(unchanged, replaced)


def reject_second_rows(connection: Connection, shape: Table) -> None:
    """Add to `rejects` every acceptable row whose key an earlier acceptable row of the file has
    (view `keys`)."""
    keys = ", ".join(map(name, shape.key))
    some = count_of(connection, "rejects")
    good = "row NOT IN (SELECT row FROM rejects)" if some else "row >= 0"
    connection.execute(
        f"CREATE TEMP TABLE doubled AS SELECT {keys} FROM keys WHERE {good} GROUP BY "
        f"{keys} HAVING count(*) > 1"
    )
    if not count_of(connection, "doubled"):
        return
    same = " AND ".join(f"r.{name(k)} IS NOT DISTINCT FROM d.{name(k)}" for k in shape.key)
    connection.execute(f"""
        INSERT INTO rejects SELECT row, 'second_of_key', {literal(shape.key[-1])} FROM (
            SELECT r.row, row_number() OVER (PARTITION BY
                {", ".join(f"r.{name(k)}" for k in shape.key)} ORDER BY r.row) AS nth
            FROM keys r JOIN doubled d ON {same} WHERE r.{good}) WHERE nth > 1""")


def _compare(connection: Connection, shape: Table, paths: list[Path]) -> None:
    """`met`: rows of the file whose key the lake holds; the word-for-word same ones go to
    `unchanged_rows`."""
    keys = ", ".join(map(name, shape.key))
    same_key = " AND ".join(f"n.{name(k)} IS NOT DISTINCT FROM o.{name(k)}" for k in shape.key)
    register = "o.register_no" if shape.name == "services" else "NULL"
    touched = _touched_parts(connection, shape, paths)
    if not touched:
        connection.execute(
            f"CREATE TEMP TABLE met AS SELECT row, '' AS part, {keys}, TRUE AS same, '' "
            "AS register_no FROM keys WHERE FALSE"
        )
        return
    same = " AND ".join(
        f"n.{name(c)} IS NOT DISTINCT FROM o.{name(c)}" for c in kept_columns(shape)
    )
    connection.execute(f"""
        CREATE TEMP TABLE met AS SELECT n.row, o.part,
            {", ".join(f"n.{name(k)}" for k in shape.key)}, ({same}) AS same,
            {register} AS register_no
        FROM (SELECT * FROM readable WHERE row NOT IN (SELECT row FROM rejects)) n
            JOIN ({_lake_rows(shape, touched)}) o ON {same_key}""")
    connection.execute("INSERT INTO unchanged_rows SELECT DISTINCT row FROM met WHERE same")


def _touched_parts(connection: Connection, shape: Table, paths: list[Path]) -> list[Path]:
    """The parts that hold a key of the file: found by the keys alone, and by what each part says of
    its first key's range."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE own_keys AS SELECT DISTINCT "
        f"{', '.join(map(name, shape.key))} FROM keys"
    )
    first = name(shape.key[0])
    span = one(connection, f"SELECT min({first}) AS low, max({first}) AS high FROM own_keys")
    if span["low"] is None:
        return []
    within = f"o.{first} BETWEEN {literal(span['low'])} AND {literal(span['high'])}"
    same_key = " AND ".join(f"n.{name(k)} IS NOT DISTINCT FROM o.{name(k)}" for k in shape.key)
    files = ", ".join(map(pattern_free, paths))
    with_own_keys = connection.execute(f"""SELECT DISTINCT o.filename
        FROM read_parquet([{files}], union_by_name = true, filename = true) o
        JOIN own_keys n ON {same_key} WHERE {within}""").fetchall()
    hit = {filename for (filename,) in with_own_keys}
    return [path for path in paths if str(path) in hit]


def _refuse_changes(connection: Connection, writer: Writer) -> None:
    lake = writer.lake
    changed = "SELECT * FROM met WHERE NOT same"
    findings, registers = lake.paths("findings"), lake.paths("registers")
    if findings:
        connection.execute(f"""INSERT INTO rejects SELECT DISTINCT m.row, 'has_finding',
            'service_id' FROM ({changed}) m
            JOIN {parquet(findings)} f ON f.provider_bin = m.provider_bin
                AND f.service_id = m.service_id""")
    if registers:
        connection.execute(f"""INSERT INTO rejects SELECT DISTINCT m.row, 'register_signed',
            'register_no' FROM ({changed}) m
            JOIN {parquet(registers)} g ON g.provider_bin = m.provider_bin
                AND g.register_no = m.register_no
            WHERE g.signed_at IS NOT NULL AND g.returned_at IS NULL AND m.row NOT IN (SELECT row
                FROM rejects)""")
    frozen = [month(each) for each in sorted(lake.frozen())]
    closed = [part.path for part in lake.parts("services", frozen)]
    if closed:
        connection.execute(f"""INSERT INTO rejects SELECT DISTINCT row, 'frozen_month', 'service_id'
            FROM ({changed}) m
            WHERE part IN ({literals(closed)}) AND row NOT IN (SELECT row FROM rejects)""")


def _replace(connection: Connection, writer: Writer, shape: Table, parts: list[Part]) -> int:
    """Write each part anew without the rows that the file replaces; how many rows those are."""
    stays = "NOT same AND row NOT IN (SELECT row FROM rejects)"
    touched = connection.execute(
        f"SELECT part, count(*) FROM met WHERE {stays} GROUP BY part ORDER BY part"
    ).fetchall()
    same_key = " AND ".join(f"m.{name(k)} IS NOT DISTINCT FROM o.{name(k)}" for k in shape.key)
    for number, (path, count) in enumerate(touched):
        part = next(part for part in parts if part.path == path)
        target = writer.staging / f"rest-{number}.parquet"
        connection.execute(
            f"""COPY (SELECT o.* EXCLUDE (part) FROM
                ({_lake_rows(shape, [writer.lake.root / path])}) o
            WHERE NOT EXISTS (SELECT 1 FROM met m WHERE {stays.replace("NOT same", "NOT m.same")}
                AND {same_key})
            ORDER BY o.nth) TO {literal(target)} (FORMAT parquet)""".replace(
                "EXCLUDE (part)", "EXCLUDE (part, nth)"
            )
        )
        writer.drop(part)
        if part.rows > count:
            writer.add(shape.name, part.month, target, part.rows - count)
    return sum(count for _, count in touched)


def _lake_rows(shape: Table, paths: list[Path]) -> str:
    """Rows of the lake's parts with `part`, the part's path inside the lake, and `nth`, the place
    in it."""
    columns = ", ".join(map(name, kept_columns(shape)))
    listed = ", ".join(map(pattern_free, paths))
    inside = "regexp_extract(filename, 'data/[^/]+/[^/]+/[^/]+$')"
    return f"""SELECT {columns}, {inside} AS part, file_row_number AS nth
        FROM read_parquet([{listed}], union_by_name = true, filename = true,
            file_row_number = true)"""
