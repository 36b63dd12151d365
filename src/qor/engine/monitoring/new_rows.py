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
from qor.engine.checks.edits import edits_of, in_force
from qor.engine.checks.proposed_deduction import make_rates
from qor.engine.intake.lake_rows import empty, source
from qor.engine.intake.readings import sql_type
from qor.engine.intake.tables import table
from qor.engine.monitoring.loop import begin, find, intervals, price
from qor.engine.monitoring.person_index import CONTEXT
from qor.engine.storage.duck import Connection, literal, literals, name, one, parquet
from qor.engine.storage.lake import Lake, Part
from qor.law.nouns.months import Month
from qor.law.reading.defects import law_day
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
# SQL over `slice` m and `reaches` r: whether the check was asked about the row.
ASKED = (
    "m.fresh OR CASE r.reach WHEN 'person' THEN m.of_person WHEN 'performer' THEN "
    "m.of_performer WHEN 'time' THEN m.of_time ELSE FALSE END"
)
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


def check_new_rows(
    connection: Connection, lake: Lake, month: Month, since: int, found_on: date, folder: Path
) -> New:
    """Make `findings` and `returns` of what came into a month after commit `since`; `ASKED` says
    which (check, service) were looked at.

    A check that is not asked about a row keeps what stands of it. Sources: 321/2020:21,
    321/2020:24.
    """
    new = _take_slice(connection, lake, month, since, folder)
    begin(connection)
    reaches = ", ".join(f"({literal(check.slug)}, {literal(check.reach.value)})" for check in ALL)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE reaches AS SELECT *
            FROM (VALUES {reaches}) r("check", reach)"""
    )
    edits = edits_of(lake)
    for span in intervals(connection, edits):
        running = [check for check in in_force(edits, span.last) if all(map(lake.has, check.needs))]
        make_rates(connection, running, law_day(span.last, found_on))
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
        connection.execute(f"""DELETE FROM raw_findings WHERE "check" IN
            ({literals(check.slug for check in checks)})
            AND NOT EXISTS (SELECT 1 FROM cur c WHERE c.provider_bin = raw_findings.provider_bin
                AND c.service_id = raw_findings.service_id)""")


def _take_slice(connection: Connection, lake: Lake, month: Month, since: int, folder: Path) -> New:
    """Prepare the features over the new rows and what is around them, in place of the whole
    month."""
    came, gone = _changed(lake, month, since)
    columns = [column.name for column in table("services").columns]
    kept = ", ".join(map(name, [*columns, "unreadable"]))
    if gone:
        fresh = (
            f"SELECT {kept} FROM ({_of(lake, came)}) EXCEPT ALL SELECT {kept} FROM "
            f"({_of(lake, gone)})"
        )
        left = (
            f"SELECT {kept} FROM ({_of(lake, gone)}) EXCEPT ALL SELECT {kept} FROM "
            f"({_of(lake, came)})"
        )
    else:
        fresh, left = (
            f"SELECT {kept} FROM ({_of(lake, came)})",
            f"SELECT {kept} FROM ({empty('services')})",
        )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh_rows AS {fresh}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE left_rows AS {left}")
    _my_people(connection, lake)
    _touched(connection, lake)
    came_paths = {part.path for part in came} if not gone else set()
    elsewhere = [part for part in lake.parts("services", [month]) if part.path not in came_paths]
    _busy_days(connection, lake, elsewhere)
    _month_slice(connection, lake, month, elsewhere, bool(gone))
    instead = {"month_services": "SELECT * FROM slice"}
    back = [month.shift(-n) for n in range(features.DIAGNOSTIC_MONTHS, 0, -1)]
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE my_years AS SELECT {", ".join(CONTEXT)}
        FROM ({source(lake, "services", back)})
        SEMI JOIN touched_persons USING (iin)""")
    since_day = literal(month.shift(-features.STAY_MONTHS).first)
    instead["past_services"] = f"SELECT * FROM my_years WHERE ended_at >= {since_day}"
    instead["year_services"] = "SELECT * FROM my_years"
    instead |= {"people": "SELECT * FROM my_people", "insured": "SELECT * FROM my_insured"}
    features.prepare(connection, lake, [month], folder, instead)
    counted = one(
        connection,
        "SELECT (SELECT count(*) FROM fresh_rows) AS n, (SELECT count(*) FROM "
        "touched_persons) AS p",
    )
    return New(int(counted["n"]), int(counted["p"]))


def _my_people(connection: Connection, lake: Lake) -> None:
    """The persons of the new rows, and what they are insured for."""
    people = ", ".join(_PEOPLE)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE my_people AS SELECT {people}, iin_agrees
        FROM ({source(lake, "people")})
        SEMI JOIN (SELECT DISTINCT iin FROM fresh_rows UNION SELECT DISTINCT iin
            FROM left_rows) USING (iin)""")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE my_insured AS SELECT iin, valid_from,
        valid_to FROM ({source(lake, "insured")})
        SEMI JOIN (SELECT DISTINCT iin FROM fresh_rows WHERE funding = 'osms') USING (iin)""")


def _changed(lake: Lake, month: Month, since: int) -> tuple[list[Part], list[Part]]:
    """The month's parts that came after a commit, and those that stood then and are gone."""
    before = {part.path: part for part in lake.parts("services", [month], upto=since)}
    now = {part.path: part for part in lake.parts("services", [month])}
    return [now[path] for path in now if path not in before], [
        before[path] for path in before if path not in now
    ]


def _of(lake: Lake, parts: list[Part]) -> str:
    return f"SELECT * FROM {parquet(lake.files_of(parts))}" if parts else empty("services")


def _touched(connection: Connection, lake: Lake) -> None:
    """Whose rows the new ones can change: persons; persons whole; their days and their
    examinations; performers' days.

    A stay, an operation or an infant's death can change what is said of all the person's services;
    a visit only what is said of those of the same day or the same examination, and of stays.
    """
    both = (
        "iin, performer_id, service_code, setting, operation_codes, started_at, ended_at, "
        "CAST(started_at AS DATE) AS on_day"
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE changed_rows AS SELECT {both} FROM fresh_rows
            UNION ALL SELECT {both} FROM left_rows"""
    )
    rules = "SELECT DISTINCT code FROM service_rules WHERE diagnostic AND repeat_days IS NOT NULL"
    made = {
        "touched_persons": "SELECT DISTINCT iin FROM changed_rows WHERE iin IS NOT NULL",
        "whole_persons": """SELECT DISTINCT iin FROM changed_rows WHERE iin IS NOT NULL
            AND (setting IN ('inpatient', 'admission_department')
                OR array_length(operation_codes) > 0)
            UNION SELECT iin FROM my_people WHERE date_diff('day', birth_date, death_date) <= 366
                OR NOT attachment_consent""",
        "touched_person_days": """SELECT DISTINCT iin, on_day FROM changed_rows
            WHERE iin IS NOT NULL""",
        "touched_examinations": f"""SELECT DISTINCT c.iin, c.service_code FROM changed_rows c
            JOIN ({rules}) r ON r.code = c.service_code
            WHERE c.iin IS NOT NULL""",
        "touched_days": """SELECT DISTINCT performer_id, on_day FROM changed_rows
            WHERE performer_id IS NOT NULL
            UNION SELECT DISTINCT performer_id, CAST(ended_at AS DATE) FROM changed_rows
                WHERE performer_id IS NOT NULL""",
    }
    connection.execute(f"CREATE OR REPLACE VIEW service_rules AS {source(lake, 'service_rules')}")
    for name_, query in made.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name_} AS {query}")


def _busy_days(connection: Connection, lake: Lake, parts: list[Part]) -> None:
    """`busy_days`: of the performers' days that the new rows touch, those at several places or with
    long minutes; the rest is of no interest."""
    columns = (
        "performer_id, service_code, quantity, coalesce(subcontract_bin, provider_bin) AS place"
    )
    rows_ = f"""SELECT {columns}, started_at, ended_at FROM ({_of(lake, parts)})
        UNION ALL SELECT {columns}, started_at, ended_at FROM fresh_rows
        UNION ALL SELECT {columns}, started_at, ended_at FROM left_rows"""
    on_day = f"""SELECT
        {columns.replace("coalesce(subcontract_bin, provider_bin) AS place", "place")},
        CAST(started_at AS DATE) AS on_day FROM ({rows_})
        UNION ALL SELECT performer_id, NULL, NULL, place, CAST(ended_at AS DATE) FROM ({rows_})
            WHERE CAST(ended_at AS DATE) > CAST(started_at AS DATE)"""
    least = min(value.value for value in history("overload_minutes"))
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE busy_days AS SELECT d.performer_id, d.on_day
        FROM ({on_day}) d SEMI JOIN touched_days t ON t.performer_id = d.performer_id
            AND t.on_day = d.on_day
        LEFT JOIN (SELECT code, max(minutes) AS minutes FROM service_rules WHERE minutes > 0
            GROUP BY code) r ON r.code = d.service_code
        GROUP BY d.performer_id, d.on_day
        HAVING min(d.place) <> max(d.place) OR sum(r.minutes * coalesce(d.quantity,
            1)) > {literal(least)}""")


def _waiting(lake: Lake, month: Month) -> str:
    """SQL: the services of which something else may have come since: a prescription, an ambulance
    call, an answer, a complaint."""
    near = [month.shift(-1), month]
    return f"""
        SELECT prescriber_bin AS provider_bin, service_id
            FROM ({source(lake, "prescriptions", near)}) WHERE service_id IS NOT NULL
        UNION SELECT station_bin, call_id FROM ({source(lake, "calls", near)})
        UNION SELECT provider_bin, service_id FROM ({source(lake, "patient_answers")})
            WHERE answer <> 'received'
        UNION SELECT provider_bin, service_id FROM ({source(lake, "complaints")})"""


def _month_slice(
    connection: Connection, lake: Lake, month: Month, parts: list[Part], rewritten: bool
) -> None:
    """`slice`: the new rows whole; of the others around them only what checks ask of such rows."""
    columns = [column.name for column in table("services").columns]
    given = {*CONTEXT, *_OWN}
    kinds = {column.name: sql_type(column) for column in table("services").columns}
    around = ", ".join(
        f"s.{name(c)}" if c in given else f"CAST(NULL AS {kinds[c]}) AS {name(c)}" for c in columns
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE waiting AS {_waiting(lake, month)}")
    kept = ", ".join(name(c) for c in columns)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE slice AS
        SELECT {kept}, unreadable, TRUE AS fresh, TRUE AS of_person, TRUE AS of_performer,
            TRUE AS of_time FROM fresh_rows
        UNION ALL
        SELECT {around}, CAST(NULL AS VARCHAR) AS unreadable, FALSE, s.of_person, s.of_performer,
            s.of_time
        FROM (SELECT o.*, o.touched AND (o.setting = 'inpatient' OR h.iin IS NOT NULL
            OR y.iin IS NOT NULL OR x.iin IS NOT NULL) AS of_person
              FROM (SELECT r.*, p.iin IS NOT NULL AS touched, d.performer_id IS NOT NULL
                  OR e.performer_id IS NOT NULL AS of_performer,
                           w.service_id IS NOT NULL AS of_time
                    FROM (SELECT {", ".join(sorted(given))} FROM ({_of(lake, parts)})) r
                    LEFT JOIN touched_persons p ON p.iin = r.iin
                    LEFT JOIN busy_days d ON d.performer_id = r.performer_id
                        AND d.on_day = CAST(r.started_at AS DATE)
                    LEFT JOIN busy_days e ON e.performer_id = r.performer_id
                        AND e.on_day = CAST(r.ended_at AS DATE)
                                         AND CAST(r.ended_at AS DATE) > CAST(r.started_at AS DATE)
                    LEFT JOIN waiting w ON w.provider_bin = r.provider_bin
                        AND w.service_id = r.service_id
                    WHERE p.iin IS NOT NULL OR d.performer_id IS NOT NULL
                        OR e.performer_id IS NOT NULL OR w.service_id IS NOT NULL) o
              LEFT JOIN whole_persons h ON h.iin = o.iin
              LEFT JOIN touched_person_days y ON y.iin = o.iin
                  AND y.on_day = CAST(o.started_at AS DATE)
              LEFT JOIN touched_examinations x ON x.iin = o.iin
                  AND x.service_code = o.service_code) s
        WHERE s.touched OR s.of_performer OR s.of_time""")
    if rewritten:  # the new rows stand in parts beside old ones
        connection.execute("""DELETE FROM slice WHERE NOT fresh AND EXISTS (SELECT 1
            FROM fresh_rows f
            WHERE f.provider_bin = slice.provider_bin AND f.service_id = slice.service_id)""")
