"""What a user would pick instead: a dozen checks row by row in Python over PostgreSQL, and in plain
pandas, against ours; the same findings.

    .venv/bin/pip install psycopg[binary] pandas pyarrow
    .venv/bin/python bench/rivals.py LAKE [--postgres "host=127.0.0.1 user=postgres dbname=test"]

LAKE: made by bench/checks.py (lake-1m). All three find the same services, or the run fails. Loading
rows into PostgreSQL and reading files into pandas is not counted. Prints CPU and wall seconds of
the checks alone, and ratios.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
from rival_checks.in_pandas import in_pandas
from rival_checks.reference import Found, Reference

from qor.engine.checks import features
from qor.engine.checks.catalogue import check_named
from qor.engine.monitoring.loop import begin, find, intervals
from qor.engine.simulate.country import MONTH
from qor.engine.storage.duck import Connection, connect
from qor.engine.storage.lake import Lake

CHECKS = (
    "after-death",
    "before-birth",
    "dates-inverted",
    "late-entry",
    "icd-unknown",
    "duplicate-service",
    "overlapping-stays",
    "readmission",
    "during-stay",
    "sex-conflict",
    "doctor-unknown",
    "code-unknown",
)
COLUMNS = (
    "provider_bin",
    "service_id",
    "iin",
    "care_form",
    "setting",
    "service_code",
    "group_code",
    "icd10_main",
    "started_at",
    "ended_at",
    "registered_at",
    "outcome",
    "performer_id",
    "subcontract_bin",
)
FOUND_ON = date(2026, 3, 2)


@contextmanager
def counted(label: str, into: dict[str, tuple[float, float]]) -> Iterator[None]:
    """Wall and CPU seconds of this process and what it waited for."""
    usage, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    yield
    now = resource.getrusage(resource.RUSAGE_SELF)
    into[label] = (
        time.monotonic() - started,
        now.ru_utime + now.ru_stime - usage.ru_utime - usage.ru_stime,
    )


def ours(connection: Connection, lake: Lake, folder: Path) -> Found:
    """The checks as they stand in the catalogue."""
    features.prepare(connection, lake, [MONTH], folder)
    begin(connection)
    for span in intervals(connection):
        features.focus(connection, span)
        for slug in CHECKS:
            find(connection, check_named(slug), span.last, FOUND_ON)
    by_check: Found = {slug: set() for slug in CHECKS}
    for slug, bin_, service in connection.execute(
        'SELECT "check", provider_bin, service_id FROM raw_findings'
    ).fetchall():
        by_check[slug].add((bin_, service))
    return by_check


def load(connection: Connection, server: Any) -> None:
    """Put the month, the stays before it and their people into PostgreSQL, with the indexes that a
    careful user would make."""
    listed = ", ".join(COLUMNS)
    server.execute("DROP SCHEMA IF EXISTS rival CASCADE")
    server.execute("CREATE SCHEMA rival")
    kinds = ", ".join(f"{c} {'timestamp' if c.endswith('_at') else 'text'}" for c in COLUMNS)
    server.execute(f"CREATE TABLE rival.services ({kinds}, of_month boolean)")
    server.execute(
        "CREATE TABLE rival.people (iin text PRIMARY KEY, birth_date date, sex text, "
        "death_date date)"
    )
    both = (
        f"SELECT {listed}, TRUE FROM month_services UNION ALL SELECT {listed}, FALSE FROM "
        "past_services WHERE setting = 'inpatient'"
    )
    _copy(connection, server, both, "rival.services")
    _copy(connection, server, "SELECT iin, birth_date, sex, death_date FROM people", "rival.people")
    server.execute("CREATE INDEX ON rival.services (iin)")
    server.execute("ANALYZE rival.services; ANALYZE rival.people")


def _copy(connection: Connection, server: Any, query: str, target: str) -> None:
    cursor = connection.execute(query)
    with server.cursor().copy(f"COPY {target} FROM STDIN") as copy:
        while batch := cursor.fetchmany(50_000):
            for row in batch:
                copy.write_row(row)


def row_by_row(server: Any, ref: Reference) -> Found:
    """As clinic-side tools do it: read each service, ask the database about its person, decide in
    Python."""
    by_check: Found = {slug: set() for slug in CHECKS}
    asking = server.cursor()
    with server.cursor(name="rows") as reading:
        reading.itersize = 10_000
        reading.execute(f"SELECT {', '.join(COLUMNS)} FROM rival.services WHERE of_month")
        for row in reading:
            service = dict(zip(COLUMNS, row, strict=True))
            person = others = None
            if service["iin"]:
                person = asking.execute(
                    "SELECT birth_date, sex, death_date FROM rival.people WHERE iin = %s",
                    (service["iin"],),
                ).fetchone()
                others = asking.execute(
                    f"SELECT {', '.join(COLUMNS)} FROM rival.services WHERE iin = %s",
                    (service["iin"],),
                ).fetchall()
            for slug in _judge(
                service, person, [dict(zip(COLUMNS, o, strict=True)) for o in others or []], ref
            ):
                by_check[slug].add((service["provider_bin"], service["service_id"]))
    return by_check


def _judge(
    s: dict[str, Any], person: Any, others: list[dict[str, Any]], ref: Reference
) -> Iterator[str]:
    start, end, entered = s["started_at"].date(), s["ended_at"].date(), s["registered_at"].date()
    billed = s["group_code"] if s["care_form"] == "stay_group" else s["service_code"]
    born, sex, died = person or (None, None, None)
    answers = {
        "after-death": died is not None and start > died and s["care_form"] != "pathology",
        "before-birth": born is not None and start < born,
        "dates-inverted": s["ended_at"] < s["started_at"] or s["ended_at"] > s["registered_at"],
        "late-entry": _late(s["care_form"], end, entered, ref),
        "icd-unknown": s["care_form"] != "blood" and s["icd10_main"] not in ref.icd,
        "doctor-unknown": bool(s["performer_id"])
        and (s["performer_id"], s["provider_bin"]) not in ref.staff,
        "code-unknown": bool(billed) and billed not in ref.codes,
        "sex-conflict": person is not None and sex != ref.sex.get(s["service_code"], sex),
        "duplicate-service": any(_duplicates(s, o) for o in others),
    }
    yield from (slug for slug, answer in answers.items() if answer)
    yield from _judge_stays(s, start, [o for o in others if o["setting"] == "inpatient"], ref)


def _judge_stays(
    s: dict[str, Any], start: date, stays: list[dict[str, Any]], ref: Reference
) -> Iterator[str]:
    if s["setting"] == "inpatient":
        if any(_overlaps(s, o) for o in stays):
            yield "overlapping-stays"
        if any(_readmitted(s, o, ref) for o in stays if o["service_id"] != s["service_id"]):
            yield "readmission"
    elif s["setting"] in {"visit", "home_visit", "remote", "call"} and s["care_form"] not in {
        "ambulance",
        "pathology",
    }:
        beds = (o for o in stays if o["provider_bin"] != s["provider_bin"])
        if any(o["started_at"].date() < start < o["ended_at"].date() for o in beds):
            yield "during-stay"


def _late(form: str, end: date, entered: date, ref: Reference) -> bool:
    if form in {"primary", "outpatient"}:
        before = ref.working[entered - timedelta(days=1)]
        return before - ref.working[end] >= 3
    return form == "ambulance" and (entered - end).days > 1


def _entry(s: dict[str, Any]) -> tuple[Any, ...]:
    return s["registered_at"], s["provider_bin"], s["service_id"]


def _record(s: dict[str, Any]) -> tuple[Any, Any, Any]:
    stay = s["setting"] in {"inpatient", "day_hospital"}
    priced = s["group_code"] if s["care_form"] == "stay_group" else s["service_code"]
    if stay:
        priced = priced or s["group_code"] or s["service_code"] or "-"
    return priced, s["performer_id"] or ("-" if stay else None), s["started_at"]


def _duplicates(s: dict[str, Any], o: dict[str, Any]) -> bool:
    record = _record(s)
    return None not in record and record == _record(o) and _entry(o) < _entry(s)


def _overlaps(s: dict[str, Any], o: dict[str, Any]) -> bool:
    shared = (
        min(s["ended_at"], o["ended_at"]).date() - max(s["started_at"], o["started_at"]).date()
    ).days
    return shared >= 1 and _entry(o) < _entry(s) and _record(o) != _record(s)


def _readmitted(s: dict[str, Any], o: dict[str, Any], ref: Reference) -> bool:
    days = (s["started_at"].date() - o["ended_at"].date()).days
    if (
        not 0 <= days <= 30
        or (s["icd10_main"] or "")[:3] != (o["icd10_main"] or "-")[:3]
        or s["provider_bin"] in ref.palliative
    ):
        return False
    if (o["outcome"] or "") in {"left", "refused"} or (
        (o["outcome"] or "") == "transferred" and days == 0
    ):
        return False
    keys = {(s["provider_bin"], s["service_id"]), (o["provider_bin"], o["service_id"])}
    return (
        not keys & ref.courses and o["started_at"] < s["started_at"]
    )  # the same record twice starts at the same time


def main() -> int:
    """All three over the same lake; 1 if they disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--postgres", default="host=127.0.0.1 user=postgres dbname=test")
    given = parser.parse_args()
    lake = Lake(given.lake)
    spent: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder)) as connection:
        with counted("ours", spent):
            own = ours(connection, lake, Path(folder))
        ref = Reference(connection)
        listed = ", ".join(COLUMNS)
        both = (
            f"SELECT {listed}, TRUE AS of_month FROM month_services UNION ALL SELECT "
            f"{listed}, FALSE FROM past_services WHERE setting = 'inpatient'"
        )
        services = connection.execute(both).df()
        people = connection.execute("SELECT iin, birth_date, sex, death_date FROM people").df()
        with counted("pandas", spent):
            by_frame = in_pandas(services, people, ref)
        del services, people
        with psycopg.connect(given.postgres) as server:
            load(connection, server)
            with counted("python over PostgreSQL", spent):
                by_row = row_by_row(server, ref)
            server.execute("DROP SCHEMA rival CASCADE")
    wrong = [
        (slug, len(own[slug]), len(by_frame[slug]), len(by_row[slug]))
        for slug in CHECKS
        if not own[slug] == by_frame[slug] == by_row[slug]
    ]
    for label, (wall, cpu) in spent.items():
        print(
            f"{label:<24} wall {wall:8.1f} s  cpu {cpu:8.1f} s  wall over ours "
            f"{wall / spent['ours'][0]:6.1f}"
        )
    print(f"findings {sum(map(len, own.values())):,}; disagreeing checks: {wrong or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
