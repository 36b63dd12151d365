"""Try a register: what would be found in it, against the lake, with nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qor.engine.checks import features
from qor.engine.checks.edits import edits_of
from qor.engine.intake.lake_rows import source
from qor.engine.intake.readings import sql_type
from qor.engine.intake.rehearse import Rehearsal, rehearse
from qor.engine.intake.tables import table
from qor.engine.monitoring import person_index
from qor.engine.monitoring.loop import Pricing, go_through
from qor.engine.storage.duck import Connection, literal, name
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, ordered_rows, run_step
from qor.law.nouns.months import Month


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
    if indexed:
        instead = person_index.slice_of(connection, lake)
    else:
        instead = slice_by_scan(connection, lake, month)
    features.prepare(connection, lake, [month], folder, instead | month_around(connection, month))
    pricing = Pricing(month, before=lambda _: run_step(connection, "findings_of_others"))
    go_through(connection, lake, on, edits_of(lake), pricing=pricing)
    findings, returns = (ordered_rows(connection, table) for table in ("findings", "returns"))
    return Tried(rehearsal, findings, returns, indexed)


def month_around(connection: Connection, month: Month) -> dict[str, str]:
    """The month is the register's rows and what is around them; a row of the lake with the
    register's key is the older one."""
    columns = [column.name for column in table("services").columns]
    given = set(person_index.CONTEXT)
    around = ", ".join(
        name(c) if c in given else f"CAST(NULL AS {_kind(c)}) AS {name(c)}" for c in columns
    )
    run_step(connection, "rows_around", columns=around)
    listed, of = ", ".join(map(name, columns)), literal(str(month))
    run_step(connection, "month_of_register", columns=listed, month=of)
    back = {
        "past_services": ("past_of_register", features.STAY_MONTHS),
        "year_services": ("year_of_register", features.DIAGNOSTIC_MONTHS),
    }
    for step, months in back.values():
        since = literal(month.shift(-months).first)
        run_step(connection, step, month_first=literal(month.first), since=since)
    of_month = {"month_services": "FROM month_of_register"}
    return of_month | {view: f"FROM {step}" for view, (step, _) in back.items()}


def _kind(column: str) -> str:
    return sql_type(table("services").column(column))


def slice_by_scan(connection: Connection, lake: Lake, month: Month) -> dict[str, str]:
    """Without an index: the same slice by scanning the months that matter."""
    months = [month.shift(-n) for n in range(features.DIAGNOSTIC_MONTHS, -1, -1)]
    make_view(connection, "scanned_services", source(lake, "services", months))
    run_step(connection, "around_by_scan", columns=", ".join(person_index.CONTEXT))
    instead = {}
    for each in filter(lake.has, person_index.ABOUT_PERSONS):
        make_view(connection, each, source(lake, each))
        run_step(connection, f"{each}_by_scan", rows=each)
        instead[each] = f"FROM my_{each}"
    return instead
