"""Day by day comes to the same as the month at once; what a later row would have changed is listed
and left."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.engine.registers import AT, BIN, GOOD, OTHER, csv_text, lake_with_providers, take
from tests.tiny import PEOPLE

from qor.engine.intake.receive import Delivery, receive
from qor.engine.intake.tables import table
from qor.engine.monitoring.day import DayOutcome, monitor_day
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.simulate.country import MONTH, Files, Size, make_country
from qor.engine.storage.duck import connect, literal, name, parquet
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month

LAST = date(2026, 3, 2)
# What comes when the services stand already: calls and prescriptions from other systems, people's
# own words.
LATER = ("calls", "prescriptions", "patient_answers", "complaints")
SMALL = Size(people=3000, providers=24, services=6000, cases=6)


def _day(on: date) -> RunRequest:
    return RunRequest(MONTH, on, "test", AT)


def _found(lake: Lake) -> list[tuple[Any, ...]]:
    findings, returns = (
        parquet(lake.paths(table_name, [MONTH])) for table_name in ("findings", "returns")
    )
    columns = "* EXCLUDE (found_on) REPLACE (CAST(evidence AS VARCHAR) AS evidence)"
    with connect() as connection:
        rows = connection.execute(f"SELECT {columns} FROM {findings} ORDER BY ALL").fetchall()
        return (
            rows
            + connection.execute(
                f"SELECT * EXCLUDE (found_on) FROM {returns} ORDER BY ALL"
            ).fetchall()
        )


def _batches(files: Files, folder: Path) -> Iterator[tuple[date, Path]]:
    """The month's registers cut by the day of entry, as they would have come in."""
    columns = ", ".join(name(column.name) for column in table("services").columns)
    own = [path for path in files.registers[str(MONTH)] if b";" not in path.read_bytes()[:200]]
    with connect() as connection:
        listed = ", ".join(literal(str(path)) for path in own)
        connection.execute(
            f"CREATE TABLE sent AS SELECT {columns} FROM read_csv([{listed}], all_varchar = true)"
        )
        day = "coalesce(CAST(TRY_CAST(registered_at AS TIMESTAMP) AS DATE), DATE '2026-02-01')"
        days = [
            row[0]
            for row in connection.execute(
                f"SELECT DISTINCT {day} AS d FROM sent ORDER BY d"
            ).fetchall()
        ]
        for first, following in zip(
            days[::6], [*days[6::6], LAST + timedelta(days=90)], strict=False
        ):
            path = folder / f"{first}.csv"
            connection.execute(
                f"COPY (SELECT * FROM sent WHERE {day} >= {literal(first)} AND {day} < "
                f"{literal(following)}) TO {literal(path)} (HEADER)"
            )
            yield min(max(first, MONTH.first), LAST), path


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Lake, list[DayOutcome]]:
    """The same small country twice: run at once, and day by day."""
    folder = tmp_path_factory.mktemp("days")
    (folder / "country").mkdir()
    files = make_country(folder / "country", SMALL)
    once, daily = Lake(folder / "once"), Lake(folder / "daily")
    for lake in (once, daily):
        for table_name, path in files.tables.items():
            if lake is once or table_name not in LATER:
                receive(lake, Delivery(path, table_name, None, "test", AT))
        for of, paths in files.registers.items():
            for path in paths if of < str(MONTH) else []:
                receive(lake, Delivery(path, "services", month(of), "test", AT))
    outcomes = []
    for on, path in _batches(files, folder):
        for lake in (once, daily):
            receive(lake, Delivery(path, "services", MONTH, "test", AT))
        outcomes.append(monitor_day(daily, _day(on)))
    for table_name in LATER:
        receive(daily, Delivery(files.tables[table_name], table_name, None, "test", AT))
    outcomes.append(monitor_day(daily, _day(LAST)))
    run_month(once, _day(LAST))
    return once, daily, outcomes


@pytest.mark.slow
def test_day_by_day_finds_what_the_month_finds(lakes: tuple[Lake, Lake, list[DayOutcome]]) -> None:
    """291/2020:53: rows in the order of their entry, snapshots unchanged: the findings after the
    last day are those of one run, but for the listed differences.
    """
    once, daily, outcomes = lakes
    listed = set()
    if paths := daily.paths("differences", [MONTH]):
        with connect() as connection:
            listed = set(
                connection.execute(
                    f'SELECT provider_bin, service_id, "check" FROM {parquet(paths)}'
                ).fetchall()
            )
    assert sum(outcome.differences for outcome in outcomes) == 0 or listed
    apart = set(_found(once)) ^ set(_found(daily))
    assert {
        (row[1], row[2], row[3]) for row in apart if (row[1], row[2], row[3]) not in listed
    } == set()
    assert len(_found(once)) > 250
    assert sum(outcome.findings for outcome in outcomes) == len(
        [row for row in _found(daily) if len(row) > 9]
    )


@pytest.mark.slow
def test_a_day_without_new_rows_adds_nothing(lakes: tuple[Lake, Lake, list[DayOutcome]]) -> None:
    """The same day again changes nothing."""
    _, daily, _ = lakes
    before = _found(daily)
    outcome = monitor_day(daily, _day(LAST))
    assert (outcome.new.rows, outcome.findings, outcome.returns) == (0, 0, 0)
    assert _found(daily) == before


def test_a_later_row_changes_no_earlier_finding(tmp_path: Path) -> None:
    """An operation entered later would have explained the repeated examination: it is listed, the
    finding stands (clause 24)."""
    lake = lake_with_providers(tmp_path)
    rule = {
        "code": "B03.001.001",
        "valid_from": "2020-01-01",
        "diagnostic": "true",
        "repeat_days": "30",
    }
    take(lake, tmp_path, "rules.csv", csv_text([rule]), "service_rules", None)
    exam = GOOD | {"service_code": "B03.001.001", "icd10_main": "J18.0", "iin": PEOPLE["A"]}
    rows = [exam | {"service_id": f"e{day}", **_at(day)} for day in (3, 10)]
    take(lake, tmp_path, "a.csv", csv_text(rows))
    assert monitor_day(lake, _day(date(2026, 2, 12))).findings > 0
    stay = GOOD | {
        "service_id": "op",
        "iin": PEOPLE["A"],
        "setting": "inpatient",
        "operation_codes": "47.09",
        **_at(6),
    }
    take(lake, tmp_path, "b.csv", csv_text([stay]))
    outcome = monitor_day(lake, _day(date(2026, 2, 13)))
    with connect() as connection:
        listed = connection.execute(
            f'SELECT service_id, "check", change FROM {parquet(lake.paths("differences", [MONTH]))}'
        ).fetchall()
        stands = connection.execute(
            f"""SELECT count(*) FROM {parquet(lake.paths("findings", [MONTH]))}
                WHERE "check" = 'repeat-diagnostics'"""
        ).fetchall()
    assert outcome.differences == 1
    assert listed == [("e10", "repeat-diagnostics", "withdrawn")]
    assert stands == [(1,)]


def test_another_visit_does_not_forget_the_earlier_ones(tmp_path: Path) -> None:
    """The imaging that a stay needed came in before the stay; a later visit of the person has the
    stay looked at again: still in order."""
    lake = lake_with_providers(tmp_path)
    need = {
        "icd10": "I64",
        "requirement": "imaging",
        "service_code": "B03.001.001",
        "within_hours": "48",
        "valid_from": "2020-01-01",
    }
    take(lake, tmp_path, "standards.csv", csv_text([need]), "standards", None)
    imaging = GOOD | {
        "service_id": "i",
        "service_code": "B03.001.001",
        "iin": PEOPLE["A"],
        **_at(2),
    }
    stay = GOOD | {
        "service_id": "st",
        "iin": PEOPLE["A"],
        "care_form": "stay_group",
        "setting": "inpatient",
        "icd10_main": "I64",
        "outcome": "worse",
        **_at(3),
        "ended_at": "2026-02-09 09:00:00",
        "registered_at": "2026-02-09 10:00:00",
    }
    visit = GOOD | {"service_id": "v", "iin": PEOPLE["A"], **_at(10)}
    for number, row in enumerate((imaging, stay, visit)):
        take(lake, tmp_path, f"{number}.csv", csv_text([row]))
        monitor_day(lake, _day(date(2026, 2, 12 + number)))
    with connect() as connection:
        query = f"""SELECT service_id FROM {parquet(lake.paths("findings", [MONTH]))}
            WHERE "check" = 'core-service-missing'"""
        assert connection.execute(query).fetchall() == []


def test_a_row_that_left_frees_the_performers_day(tmp_path: Path) -> None:
    """Two places at once, until the other place takes its row back: listed as withdrawn."""
    lake = lake_with_providers(tmp_path)
    take(
        lake,
        tmp_path,
        "staff.csv",
        csv_text(
            [
                {"performer_id": "D1", "bin": bin_, "works_from": "2020-01-01"}
                for bin_ in (BIN, OTHER)
            ]
        ),
        "staff",
        None,
    )
    proper = {
        "icd10_main": "J18.0",
        "funding": "tmkkk",
        "unit_price": "1500.00",
        "performer_id": "D1",
    }
    both = [
        GOOD | proper | {"provider_bin": bin_, "service_id": f"s{n}", **_at(3)}
        for n, bin_ in enumerate((BIN, OTHER))
    ]
    both[1]["registered_at"] = "2026-02-04 09:00:00"  # the later entry is the finding
    for row in both:
        take(lake, tmp_path, f"{row['service_id']}.csv", csv_text([row]))
    monitor_day(lake, _day(date(2026, 2, 12)))
    query = f"""SELECT service_id FROM {parquet(lake.paths("findings", [MONTH]))}
        WHERE "check" = 'doctor-two-places'"""
    with connect() as connection:
        assert connection.execute(query).fetchall() == [("s1",)]
    assert take(lake, tmp_path, "again.csv", csv_text([both[0] | _at(5)])).replaced == 1
    monitor_day(lake, _day(date(2026, 2, 13)))
    with connect() as connection:
        listed = connection.execute(
            f"""SELECT service_id, "check", change FROM
                {parquet(lake.paths("differences", [MONTH]))}"""
        ).fetchall()
    assert listed == [("s1", "doctor-two-places", "withdrawn")]


def _at(day: int) -> dict[str, str]:
    start = datetime(2026, 2, day, 9)
    return {
        "started_at": str(start),
        "ended_at": str(start + timedelta(minutes=20)),
        "registered_at": str(start + timedelta(hours=2)),
    }
