"""Tiny tables that a lawyer can read: a few rows of text become a lake, one check runs on it, what
is marked must be what is found."""

from __future__ import annotations

import csv
import itertools
import re
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from qor.engine.checks import features
from qor.engine.checks.catalogue import check_named
from qor.engine.checks.features import Interval
from qor.engine.intake.readings import sql_type
from qor.engine.intake.tables import table
from qor.engine.monitoring.loop import find
from qor.engine.simulate.world import person_number, provider_bins
from qor.engine.storage.duck import connect, literal, name
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month

BINS = dict(zip(("P1", "P2", "P3"), provider_bins(3), strict=True))
SINCE = "(since)"
PEOPLE = {
    letter: person_number(date(1980, 3, 14), "f", 5000 + n) for n, letter in enumerate("ABCDEFG")
}
_DEFAULTS: dict[str, str] = {
    "provider_bin": "P1",
    "identity_kind": "iin",
    "care_form": "outpatient",
    "setting": "visit",
    "funding": "tmkkk",
    "service_code": "V1",
    "icd10_main": "J18.0",
    "admission": "planned",
    "quantity": "1",
    "unit_price": "1000.00",
    "amount": "1000.00",
    "performer_id": "D1",
    "card_no": "C1",
    "register_no": "R1",
}
_SHORT = {
    "id": "service_id",
    "at": "provider_bin",
    "form": "care_form",
    "code": "service_code",
    "start": "started_at",
    "out": "outcome",
    "opened": "operation_codes",
    "end": "ended_at",
}
_SHORT |= {
    "entered": "registered_at",
    "icd": "icd10_main",
    "doctor": "performer_id",
    "group": "group_code",
}


_BLANK = re.compile(r"\n\s*\n")
_DAY_AND_TIME = re.compile(r"\d\d-\d\d \d\d:\d\d")  # of the year that most tables are of


def read(text: str) -> list[dict[str, str]]:
    """Rows of a table drawn with bars; the first line names the columns, an empty cell is no value.

    A line `all: form outpatient, at P1` before it says what all rows have. A second table after an
    empty line has more columns of the same rows, found by their first one.
    """
    first, *more = _BLANK.split(text.strip())
    shared: dict[str, str] = {}
    if first.startswith("all: "):
        said, first = first.split("\n", 1)
        shared = dict(fact.split(" ", 1) for fact in said.removeprefix("all: ").split(", "))
    drawn = _table(first)
    for table_ in map(_table, more):
        for row, rest in zip(drawn, table_, strict=True):
            key = next(iter(row))
            assert row[key] == rest[key], "both tables name the same rows"
            row |= rest
    return [shared | row for row in drawn]


def _table(text: str) -> list[dict[str, str]]:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    return [{key: cell for key, cell in zip(head, row, strict=True) if cell} for row in rows]


def services(text: str) -> list[dict[str, str]]:
    """Services drawn with short names; what is left out is proper: an outpatient visit of twenty
    minutes entered an hour later."""
    return [_service(dict(row)) for row in read(text)]


def _service(row: dict[str, str]) -> dict[str, str]:
    given = {_SHORT.get(key, key): cell for key, cell in row.items()}
    full = {
        "setting": "inpatient",
        "service_code": "-",
        "bed_days": "3",
        "outcome": "improved",
        "bed_profile": "THERAPY",
    }
    facts = _DEFAULTS | (full if given.get("setting") == "inpatient" else {}) | given
    facts |= {key: f"2026-{cell}" for key, cell in facts.items() if _DAY_AND_TIME.fullmatch(cell)}
    start = datetime.fromisoformat(facts["started_at"])
    facts.setdefault("ended_at", str(start + timedelta(minutes=20)))
    facts.setdefault(
        "registered_at", str(datetime.fromisoformat(facts["ended_at"]) + timedelta(hours=1))
    )
    return {key: _letters(cell) for key, cell in facts.items() if cell != "-"}


def _letters(cell: str) -> str:
    """P1 is a provider's BIN, A a person's IIN."""
    return BINS.get(cell) or PEOPLE.get(cell) or cell


def make_lake(root: Path, tables: dict[str, list[dict[str, str]]]) -> Lake:
    """A lake with these rows, written as they stand; services go to the months in which they
    ended."""
    lake = Lake(root)
    with connect() as connection, lake.writing() as writer:
        for table_name, rows in tables.items():
            ordered = sorted(rows, key=lambda row: _month(table_name, row))
            for of, group in itertools.groupby(ordered, key=lambda row: _month(table_name, row)):
                lines = list(group)
                path = writer.staging / f"{table_name}-{of}.parquet"
                _write(connection, table_name, lines, path)
                writer.add(table_name, of, path, len(lines))
        writer.commit("intake", {"sha256": "", "table": "", "month": ""})
    return lake


_MONTHLY = {
    "services": "ended_at",
    "calls": "received_at",
    "prescriptions": "prescribed_on",
    "attached": "month",
    "reported_sums": "month",
}


def _month(table_name: str, row: dict[str, str]) -> str:
    return row[_MONTHLY[table_name]][:7] if table_name in _MONTHLY else ""


def _write(connection: Any, table_name: str, rows: list[dict[str, str]], path: Path) -> None:
    columns = table(table_name).columns
    extra = {"services": ["unreadable"], "people": ["iin_agrees"]}.get(table_name, [])
    text = path.with_suffix(".csv")
    with text.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*(column.name for column in columns), *extra])
        writer.writeheader()
        dated = any(column.name == "valid_from" for column in columns)
        writer.writerows(_since(row, dated) for row in rows)
    typed = [
        f"CAST({_cell(column.name, sql_type(column))} AS {sql_type(column)}) AS {name(column.name)}"
        for column in columns
    ]
    typed += [
        f"CAST({name(column)} AS {'BOOLEAN' if column == 'iin_agrees' else 'VARCHAR'}) AS {column}"
        for column in extra
    ]
    connection.execute(
        f"COPY (SELECT {', '.join(typed)} FROM read_csv({literal(text)}, all_varchar = "
        f"true)) TO {literal(path)} (FORMAT parquet)"
    )


def _since(row: dict[str, str], dated: bool) -> dict[str, str]:
    rest = {key: cell for key, cell in row.items() if key != SINCE}
    return {"valid_from": row[SINCE]} | rest if dated and SINCE in row else rest


def _cell(column: str, kind: str) -> str:
    return f"string_split({name(column)}, ' ')" if kind.endswith("[]") else name(column)


def people(text: str) -> list[dict[str, str]]:
    """Persons drawn as `person | born | sex | died | cause`; the register agrees with the IIN
    unless said otherwise."""
    rows = []
    for row in read(text):
        facts = {"birth_date": "1980-03-14", "sex": "f", "iin_agrees": "true"}
        names = {
            "person": "iin",
            "born": "birth_date",
            "died": "death_date",
            "cause": "death_cause",
        }
        rows.append(facts | {names.get(key, key): _letters(cell) for key, cell in row.items()})
    return rows


def lines(text: str) -> list[dict[str, str]]:
    """Rows of a reference table; where it has intervals, valid since 2020 unless told otherwise."""
    return [
        {SINCE: "2020-01-01"} | {key: _letters(cell) for key, cell in row.items()}
        for row in read(text)
    ]


EVERYONE = [
    {"iin": str(iin), "birth_date": "1980-03-14", "sex": "f", "iin_agrees": "true"}
    for iin in PEOPLE.values()
]
PROVIDERS = [{"bin": bin_, "region": "71"} for bin_ in BINS.values()]


def check(slug: str, drawn: str, of: str = "2026-02", **tables: list[dict[str, str]]) -> None:
    """Run one check over the month; the rows marked `found` in the column `expect`, and no others,
    must be found."""
    rows = services(drawn)
    expected = {row["service_id"] for row in rows if row.pop("expect", "") == "found"}
    reference = {"people": EVERYONE, "providers": PROVIDERS} | tables
    findings = run_one(slug, {"services": rows, **reference}, of)
    assert {row["service_id"] for row in findings} == expected


def run_one(
    slug: str,
    tables: dict[str, list[dict[str, str]]],
    of: str = "2026-02",
    found_on: date = date(2026, 3, 2),
) -> list[dict[str, Any]]:
    """What one check yields over a month of a lake with these rows."""
    with tempfile.TemporaryDirectory() as folder, connect() as connection:
        lake = make_lake(Path(folder) / "lake", tables)
        features.prepare(connection, lake, [month(of)], Path(folder))
        span = Interval(month(of).first, month(of).last)
        features.focus(connection, span)
        connection.execute("""CREATE TEMP TABLE raw_findings ("check" VARCHAR, provider_bin VARCHAR,
            service_id VARCHAR, seen VARCHAR,
            expected VARCHAR, other_provider_bin VARCHAR, other_service_id VARCHAR)""")
        find(connection, check_named(slug), span.last, found_on)
        cursor = connection.execute("SELECT * FROM raw_findings ORDER BY provider_bin, service_id")
        columns = [column[0] for column in cursor.description or []]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
