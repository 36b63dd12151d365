"""Try a register: what would be found in it, against the lake, with nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qor.engine.checks import features
from qor.engine.checks.edits import edits_of, in_force
from qor.engine.checks.proposed_deduction import make_rates
from qor.engine.intake.lake_rows import empty
from qor.engine.intake.readings import sql_type
from qor.engine.intake.rehearse import Rehearsal, rehearse
from qor.engine.intake.tables import table
from qor.engine.monitoring import person_index
from qor.engine.monitoring.loop import begin, find, intervals, price
from qor.engine.storage.duck import Connection, name, parquet, rows
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.reading.defects import law_day


@dataclass(frozen=True, slots=True)
class Tried:
    """What a register would meet: its rows accepted and rejected, and the findings and returned
    rows among them."""

    rehearsal: Rehearsal
    findings: list[dict[str, Any]]
    returns: list[dict[str, Any]]
    indexed: bool


def try_register(
    connection: Connection, lake: Lake, path: Path, month: Month, on: date, folder: Path
) -> Tried:
    """Find what the checks would find in a register of services of a month, were it handed in on
    the day `on`; nothing is written.

    With an index (`build_index`) the people's other services come by look-up, else by a scan of the
    lake.
    """
    rehearsal = rehearse(connection, lake, path, month, folder, on)
    indexed = person_index.attach_index(connection, lake)
    instead = person_index.slice_of(connection, lake) if indexed else _scan(connection, lake, month)
    features.prepare(connection, lake, [month], folder, instead | _sources(month))
    begin(connection)
    edits = edits_of(lake)
    for span in intervals(connection, edits):
        features.focus(connection, span)
        running = [check for check in in_force(edits, span.last) if all(map(lake.has, check.needs))]
        make_rates(connection, running, law_day(span.last, on))
        for check in running:
            find(connection, check, span.last, on)
        connection.execute("""DELETE FROM raw_findings WHERE NOT EXISTS (SELECT 1 FROM mine m
            WHERE m.provider_bin = raw_findings.provider_bin
                AND m.service_id = raw_findings.service_id)""")
        price(connection, span, month, on)
    found = rows(connection, 'SELECT * FROM findings ORDER BY provider_bin, service_id, "check"')
    back = rows(connection, "SELECT * FROM returns ORDER BY provider_bin, service_id, reason")
    return Tried(rehearsal, found, back, indexed)


def _sources(month: Month) -> dict[str, str]:
    """The month is the register's rows and what is around them; a row of the lake with the
    register's key is the older one."""
    columns = [column.name for column in table("services").columns]
    given = set(person_index.CONTEXT)
    around = ", ".join(
        name(c) if c in given else f"CAST(NULL AS {_kind(c)}) AS {name(c)}" for c in columns
    )
    others = f"""SELECT DISTINCT {around}, CAST(NULL AS VARCHAR) AS unreadable FROM around a
        WHERE NOT EXISTS (SELECT 1 FROM mine m WHERE m.provider_bin = a.provider_bin
            AND m.service_id = a.service_id)"""
    of_month = f"strftime(ended_at, '%Y-%m') = '{month}'"
    before = f"ended_at < DATE '{month.first}' AND ended_at >= DATE '{{}}'"
    stays, year = (
        month.shift(-features.STAY_MONTHS).first,
        month.shift(-features.DIAGNOSTIC_MONTHS).first,
    )
    return {
        "month_services": (
            f"SELECT {', '.join(map(name, columns))}, unreadable FROM mine UNION ALL SELECT * "
            f"FROM ({others}) WHERE {of_month}"
        ),
        "past_services": f"SELECT * FROM ({others}) WHERE {before.format(stays)}",
        "year_services": f"SELECT * FROM ({others}) WHERE {before.format(year)}",
    }


def _kind(column: str) -> str:
    return sql_type(table("services").column(column))


def _scan(connection: Connection, lake: Lake, month: Month) -> dict[str, str]:
    """Without an index: the same slice by scanning the months that matter."""
    months = [month.shift(-n) for n in range(features.DIAGNOSTIC_MONTHS, -1, -1)]
    paths = lake.paths("services", months)
    columns = ", ".join(person_index.CONTEXT)
    source = (
        f"SELECT {columns} FROM {parquet(paths)}"
        if paths
        else f"SELECT {columns} FROM ({empty('services')})"
    )
    connection.execute(f"""CREATE TEMP TABLE around AS {source} WHERE iin IN (SELECT iin FROM mine)
        OR performer_id IN (SELECT performer_id FROM mine)""")
    found = {}
    for reference in ("people", "insured"):
        if lake.has(reference):
            connection.execute(f"""CREATE TEMP TABLE my_{reference} AS SELECT *
                FROM {parquet(lake.paths(reference))}
                WHERE iin IN (SELECT iin FROM mine) OR iin IN (SELECT iin FROM around)""")
            found[reference] = f"SELECT * FROM my_{reference}"
    return found
