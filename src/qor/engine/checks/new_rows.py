"""A day's new rows, checked against the month and the history that they need (order 19, clause 21).

Only what the new rows can change is looked at again: they themselves, the other services of their persons, those of their performers'
days, and services whose prescriptions wait. The rest of the month is not touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qor.engine.checks import features
from qor.engine.checks.catalogue import ALL
from qor.engine.checks.check import Check, Reach
from qor.engine.checks.edits import edits_of, in_force
from qor.engine.checks.features import source
from qor.engine.checks.person_index import CONTEXT
from qor.engine.checks.run import begin, find, intervals, price
from qor.engine.checks.stakes import make_rates
from qor.engine.duck import Connection, literal, literals, name, one
from qor.engine.intake.readings import sql_type
from qor.engine.intake.tables import table
from qor.engine.lake import Lake, Part
from qor.law.months import Month

# Which rows of the slice a check of each reach is asked about again.
_ASKED = {
    Reach.SERVICE: "fresh",
    Reach.PERSON: "of_person OR fresh",
    Reach.PERFORMER: "of_performer OR fresh",
    Reach.TIME: "of_time OR fresh",
}
# What a service's own finding needs beside what others ask of it.
_OWN = ("funding", "amount", "sample_taken_at")
# SQL over `slice` m and `reaches` r: whether the check was asked about the row.
ASKED = "m.fresh OR CASE r.reach WHEN 'person' THEN m.of_person WHEN 'performer' THEN m.of_performer WHEN 'time' THEN m.of_time ELSE FALSE END"
_PEOPLE = (
    "iin",
    "birth_date",
    "sex",
    "death_date",
    "death_cause",
    "attached_bin",
    "attached_since",
    "attachment_consent",
    "attachment_basis",
)


@dataclass(frozen=True, slots=True)
class New:
    """What came since a commit: rows, and persons whose other services are looked at again."""

    rows: int
    persons: int


def check_new_rows(connection: Connection, lake: Lake, month: Month, since: int, found_on: date, folder: Path) -> New:
    """Make `findings` and `returns` of what came into a month after commit `since`; `ASKED` says which (check, service) were looked at.

    A check that is not asked about a row keeps what stands of it. Sources: 321/2020:21, 321/2020:24.
    """
    new = _take_slice(connection, lake, month, since, folder)
    begin(connection)
    reaches = ", ".join(f"({literal(check.slug)}, {literal(check.reach.value)})" for check in ALL)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE reaches AS SELECT * FROM (VALUES {reaches}) r("check", reach)"""
    )
    edits = edits_of(lake)
    for span in intervals(connection, edits):
        running = [check for check in in_force(edits, span.last) if all(map(lake.has, check.needs))]
        make_rates(connection, running, span.last)
        for reach, only in _ASKED.items():
            _find_reach(connection, [c for c in running if c.reach is reach], only, span, found_on)
        features.point(connection, span)
        price(connection, span, month, found_on)
    return new


def _find_reach(
    connection: Connection, checks: list[Check], only: str, span: features.Interval, found_on: date
) -> None:
    """Run the checks of one reach over the rows that they are asked about."""
    if not checks or not one(connection, f"SELECT count(*) AS n FROM month_rows WHERE {only}")["n"]:
        return
    features.focus(connection, span, f"({only})", checks[0].reach is Reach.SERVICE)
    for check in checks:
        find(connection, check, span.last, found_on)
    if checks[0].reach is not Reach.SERVICE:
        connection.execute(f"""DELETE FROM raw_findings WHERE "check" IN ({literals(check.slug for check in checks)})
            AND NOT EXISTS (SELECT 1 FROM cur c WHERE c.provider_bin = raw_findings.provider_bin AND c.service_id = raw_findings.service_id)""")


def _take_slice(connection: Connection, lake: Lake, month: Month, since: int, folder: Path) -> New:
    """Prepare the features over the new rows and what is around them, in place of the whole month."""
    came, gone = _changed(lake, month, since)
    columns = [column.name for column in table("services").columns]
    kept = ", ".join(map(name, [*columns, "unreadable"]))
    if gone:
        fresh = f"SELECT {kept} FROM ({_of(lake, came)}) EXCEPT ALL SELECT {kept} FROM ({_of(lake, gone)})"
        left = f"SELECT {kept} FROM ({_of(lake, gone)}) EXCEPT ALL SELECT {kept} FROM ({_of(lake, came)})"
    else:
        fresh, left = f"SELECT {kept} FROM ({_of(lake, came)})", f"SELECT {kept} FROM ({features.empty('services')})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh_rows AS {fresh}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE left_rows AS {left}")
    _touched(connection)
    came_paths = {part.path for part in came} if not gone else set()
    elsewhere = [part for part in lake.parts("services", [month]) if part.path not in came_paths]
    _month_slice(connection, lake, month, columns, elsewhere, bool(gone))
    instead = {"month_services": "SELECT * FROM slice"}
    for view, months in (("past_services", features.STAY_MONTHS), ("year_services", features.DIAGNOSTIC_MONTHS)):
        back = [month.shift(-n) for n in range(months, 0, -1)]
        connection.execute(f"""CREATE OR REPLACE TEMP TABLE my_{view} AS SELECT {", ".join(CONTEXT)} FROM ({source(lake, "services", back)})
            SEMI JOIN touched_persons USING (iin)""")
        instead[view] = f"SELECT * FROM my_{view}"
    people = ", ".join(_PEOPLE)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE my_people AS SELECT {people}, iin_agrees FROM ({source(lake, "people")})
        SEMI JOIN slice_persons USING (iin)""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE my_insured AS SELECT iin, valid_from, valid_to FROM ({source(lake, "insured")})
        SEMI JOIN (SELECT DISTINCT iin FROM fresh_rows WHERE funding = 'osms') USING (iin)""")
    instead |= {"people": "SELECT * FROM my_people", "insured": "SELECT * FROM my_insured"}
    features.prepare(connection, lake, [month], folder, instead)
    counted = one(
        connection, "SELECT (SELECT count(*) FROM fresh_rows) AS n, (SELECT count(*) FROM touched_persons) AS p"
    )
    return New(int(counted["n"]), int(counted["p"]))


def _changed(lake: Lake, month: Month, since: int) -> tuple[list[Part], list[Part]]:
    """The month's parts that came after a commit, and those that stood then and are gone."""
    before = {part.path: part for part in lake.parts("services", [month], upto=since)}
    now = {part.path: part for part in lake.parts("services", [month])}
    return [now[path] for path in now if path not in before], [before[path] for path in before if path not in now]


def _of(lake: Lake, parts: list[Part]) -> str:
    paths = literals(str(lake.root / part.path) for part in parts)
    return f"SELECT * FROM read_parquet([{paths}], union_by_name = true)" if parts else features.empty("services")


def _touched(connection: Connection) -> None:
    both = "SELECT iin, performer_id, started_at, ended_at FROM fresh_rows UNION ALL SELECT iin, performer_id, started_at, ended_at FROM left_rows"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE changed_rows AS {both}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched_persons AS SELECT DISTINCT iin FROM changed_rows WHERE iin IS NOT NULL"
    )
    connection.execute("""CREATE OR REPLACE TEMP TABLE touched_days AS
        SELECT DISTINCT performer_id, CAST(started_at AS DATE) AS on_day FROM changed_rows WHERE performer_id IS NOT NULL
        UNION SELECT DISTINCT performer_id, CAST(ended_at AS DATE) FROM changed_rows WHERE performer_id IS NOT NULL""")


def _month_slice(connection: Connection, lake: Lake, month: Month, columns: list[str], elsewhere: list[Part], rewritten: bool) -> None:
    """`slice`: the new rows whole; of the others around them only what checks ask of such rows."""
    given = {*CONTEXT, *_OWN}
    kinds = {column.name: sql_type(column) for column in table("services").columns}
    around = ", ".join(f"s.{name(c)}" if c in given else f"CAST(NULL AS {kinds[c]}) AS {name(c)}" for c in columns)
    waiting = f"""SELECT DISTINCT prescriber_bin, service_id FROM ({source(lake, "prescriptions", [month.shift(-1), month])})
        WHERE dispensed_on IS NULL AND service_id IS NOT NULL"""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE waiting AS {waiting}")
    kept = ", ".join(name(c) for c in columns)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE slice AS
        SELECT {kept}, unreadable, TRUE AS fresh, TRUE AS of_person, TRUE AS of_performer, TRUE AS of_time FROM fresh_rows
        UNION ALL
        SELECT {around}, CAST(NULL AS VARCHAR) AS unreadable, FALSE, p.iin IS NOT NULL,
               d.performer_id IS NOT NULL OR e.performer_id IS NOT NULL, w.service_id IS NOT NULL
        FROM ({_of(lake, elsewhere)}) s
        LEFT JOIN touched_persons p ON p.iin = s.iin
        LEFT JOIN touched_days d ON d.performer_id = s.performer_id AND d.on_day = CAST(s.started_at AS DATE)
        LEFT JOIN touched_days e ON e.performer_id = s.performer_id AND e.on_day = CAST(s.ended_at AS DATE)
                                AND CAST(s.ended_at AS DATE) > CAST(s.started_at AS DATE)
        LEFT JOIN waiting w ON w.prescriber_bin = s.provider_bin AND w.service_id = s.service_id
        WHERE p.iin IS NOT NULL OR d.performer_id IS NOT NULL OR e.performer_id IS NOT NULL OR w.service_id IS NOT NULL""")
    if rewritten:  # the new rows stand in parts beside old ones
        connection.execute("""DELETE FROM slice WHERE NOT fresh AND EXISTS (SELECT 1 FROM fresh_rows f
            WHERE f.provider_bin = slice.provider_bin AND f.service_id = slice.service_id)""")
    connection.execute("CREATE OR REPLACE TEMP TABLE slice_persons AS SELECT DISTINCT iin FROM slice WHERE iin IS NOT NULL")
