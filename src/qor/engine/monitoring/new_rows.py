"""A day's new rows, checked against the month and the history that they need (order 19, clause 21).

Only what the new rows can change is looked at again: they themselves, the other services of their
persons, those of their performers' days, and services of which a prescription, a call, an answer or
a complaint may have come since. The rest of the month is not touched; what a later death, a sale or
a withdrawn answer changes is seen when the month is closed by a run over all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qor.engine.checks import features
from qor.engine.checks.catalogue import ALL
from qor.engine.checks.check import Check, Reach
from qor.engine.checks.diagnoses import infant_days
from qor.engine.checks.edits import edits_of
from qor.engine.intake.lake_rows import rows_of_parts, source
from qor.engine.intake.readings import sql_type
from qor.engine.intake.tables import table
from qor.engine.monitoring.loop import Pricing, find, go_through
from qor.engine.monitoring.person_index import CONTEXT
from qor.engine.storage.duck import Connection, literal, literals, name
from qor.engine.storage.lake import Lake, Part
from qor.engine.storage.steps import listed_rows, make_table, make_view, row_of, run_step
from qor.law.nouns.months import Month
from qor.law.reading.figures import history

# Which rows of the slice a check of each reach is asked about again.
_ASKED = {
    Reach.SERVICE: "fresh",
    Reach.PERSON: "of_person OR fresh",
    Reach.PERFORMER: "of_performer OR fresh",
    Reach.TIME: "of_time OR fresh",
}
# What a service's own finding needs beside what others ask of it.
_OWN = ("funding", "amount", "sample_taken_at")
# Whose rows the new ones can change: persons; persons whole; their days and their examinations;
# performers' days. A visit changes only what is said of those of the same day or the same
# examination, and of stays.
_TOUCHED = (
    "changed_rows",
    "touched_persons",
    "touched_person_days",
    "touched_examinations",
    "touched_days",
)
# What the features are prepared of, in place of the whole month and the lake.
_INSTEAD = {
    "month_services": "FROM slice",
    "past_services": "FROM my_stays",
    "year_services": "FROM my_years",
    "people": "FROM people_of_new_rows",
    "insured": "FROM insured_of_new_rows",
}


@dataclass(frozen=True, slots=True)
class New:
    """What came since a commit: rows, and persons whose other services are looked at again."""

    rows: int
    persons: int


def check_new_rows(
    connection: Connection, lake: Lake, month: Month, since: int, found_on: date, folder: Path
) -> New:
    """Make `findings` and `returns` of what came into a month after commit `since`; `asked_again`
    says which (check, service) were looked at.

    A check that is not asked about a row keeps what stands of it. Sources: 321/2020:21,
    321/2020:24.
    """
    new = _take_slice(connection, lake, month, since, folder)
    reaches = [(check.slug, check.reach.value) for check in ALL]
    make_table(
        connection, "reaches", listed_rows(reaches, {"check": "VARCHAR", "reach": "VARCHAR"})
    )
    run_step(connection, "asked_again")

    def look(span: features.Interval, running: list[Check]) -> None:
        for reach, only in _ASKED.items():
            _find_reach(connection, [c for c in running if c.reach is reach], only, span, found_on)

    pricing = Pricing(month, before=lambda span: features.point(connection, span))
    go_through(connection, lake, found_on, edits_of(lake), look, pricing)
    return new


def _find_reach(
    connection: Connection, checks: list[Check], only: str, span: features.Interval, found_on: date
) -> None:
    """Run the checks of one reach over the rows that they are asked about."""
    if not checks or row_of(connection, "rows_asked_about", narrowed=only) == (0,):
        return
    features.focus(connection, span, f"({only})", checks[0].reach is Reach.SERVICE)
    for check in checks:
        find(connection, check, span.last, found_on)
    if checks[0].reach is not Reach.SERVICE:
        slugs = literals(check.slug for check in checks)
        run_step(connection, "findings_not_asked", checks=slugs)


def _take_slice(connection: Connection, lake: Lake, month: Month, since: int, folder: Path) -> New:
    """Prepare the features over the new rows and what is around them, in place of the whole
    month."""
    came, gone = _changed(lake, month, since)
    _new_rows(connection, lake, came, gone)
    _around(connection, lake, month)
    for step in ("people_of_new_rows", "insured_of_new_rows", *_TOUCHED, "awaited_services"):
        run_step(connection, step)
    run_step(connection, "whole_persons", most_days=literal(infant_days()))
    came_paths = {part.path for part in came} if not gone else set()
    elsewhere = [part for part in lake.parts("services", [month]) if part.path not in came_paths]
    make_view(connection, "rows_elsewhere", rows_of_parts(lake, "services", elsewhere))
    run_step(connection, "performers_rows")
    least = min(value.value for value in history("overload_minutes"))
    run_step(connection, "busy_days", least=literal(least))
    _month_slice(connection, rewritten=bool(gone))
    run_step(connection, "my_years", columns=", ".join(CONTEXT))
    run_step(connection, "my_stays", since=literal(month.shift(-features.STAY_MONTHS).first))
    features.prepare(connection, lake, [month], folder, _INSTEAD)
    return New(*row_of(connection, "size_of_day"))


def _new_rows(connection: Connection, lake: Lake, came: list[Part], gone: list[Part]) -> None:
    """`fresh_rows` and `left_rows`: the rows that are there since, and those that are no more."""
    columns = ", ".join(name(c) for c in (*_columns(), "unreadable"))
    make_view(connection, "rows_that_came", rows_of_parts(lake, "services", came))
    make_view(connection, "rows_that_went", rows_of_parts(lake, "services", gone))
    if gone:
        came_not_gone = {"these": "rows_that_came", "those": "rows_that_went"}
        gone_not_come = {"these": "rows_that_went", "those": "rows_that_came"}
        run_step(connection, "fresh_rows", columns=columns, **came_not_gone)
        run_step(connection, "left_rows", columns=columns, **gone_not_come)
    else:  # comparing a whole day with nothing takes its time
        run_step(connection, "all_fresh_rows", columns=columns, rows="rows_that_came")
        run_step(connection, "no_left_rows", columns=columns, rows="rows_that_went")


def _around(connection: Connection, lake: Lake, month: Month) -> None:
    """The tables of the lake of which the day takes a part, whole, until the features are
    prepared."""
    for each in ("people", "insured", "service_rules", "patient_answers", "complaints"):
        make_view(connection, each, source(lake, each))
    near = [month.shift(-1), month]
    make_view(connection, "near_prescriptions", source(lake, "prescriptions", near))
    make_view(connection, "near_calls", source(lake, "calls", near))
    back = [month.shift(-n) for n in range(features.DIAGNOSTIC_MONTHS, 0, -1)]
    make_view(connection, "year_services", source(lake, "services", back))


def _changed(lake: Lake, month: Month, since: int) -> tuple[list[Part], list[Part]]:
    """The month's parts that came after a commit, and those that stood then and are gone."""
    before = {part.path: part for part in lake.parts("services", [month], upto=since)}
    now = {part.path: part for part in lake.parts("services", [month])}
    return [now[path] for path in now if path not in before], [
        before[path] for path in before if path not in now
    ]


def _month_slice(connection: Connection, *, rewritten: bool) -> None:
    """`slice`: the new rows whole; of the others around them only what checks ask of such rows."""
    given, columns = {*CONTEXT, *_OWN}, _columns()
    around = ", ".join(
        f"s.{name(c)}" if c in given else f"CAST(NULL AS {kind}) AS {name(c)}"
        for c, kind in columns.items()
    )
    listed = ", ".join(map(name, columns))
    run_step(connection, "slice", columns=listed, around=around, given=", ".join(sorted(given)))
    if rewritten:  # the new rows stand in parts beside old ones
        run_step(connection, "replaced_rows")


def _columns() -> dict[str, str]:
    """The columns of a service, and their types."""
    return {column.name: sql_type(column) for column in table("services").columns}
