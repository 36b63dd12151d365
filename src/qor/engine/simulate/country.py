"""The country on disk: reference tables, registers of three months as their providers would send
them, and the truth beside the lake."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qor.engine.intake.tables import table, titles
from qor.engine.simulate import people_and_services as life
from qor.engine.simulate import purchasing, rule_tables, world
from qor.engine.simulate.builder import Country, Row
from qor.engine.simulate.cases import (
    call_cases,
    clinical_cases,
    death_cases,
    identity_cases,
    people_cases,
    price_cases,
    quality_cases,
    unconfirmed_cases,
    volume_cases,
)
from qor.engine.simulate.reference_rows import (
    coefficient_rows,
    contract_rows,
    insured_row,
    licence_rows,
    person_row,
    provider_row,
    staff_rows,
)
from qor.engine.simulate.world import Provider
from qor.engine.storage.duck import Connection, connect, literal, name, pattern_free
from qor.law.nouns.months import Month

MONTH = Month(2026, 2)
AFTERWARDS = Month(2026, 3)  # planted cases only: what the edition of 14 March brings
HISTORY = 2
CASES = 60
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a country: `services` a month, `cases` defects (and look-alikes) of each check."""

    people: int = 200_000
    providers: int = 60
    services: int = 400_000
    cases: int = CASES


@dataclass(frozen=True, slots=True)
class Files:
    """Where the country's files lie: tables to load first, registers by month, and the truth, which
    no check may see."""

    tables: dict[str, Path]
    registers: dict[str, list[Path]]
    truth: Path
    planted: dict[str, int]
    decoys: dict[str, int]
    broken_rows: int


def make_country(folder: Path, size: Size, progress: Progress = lambda *_: None) -> Files:
    """Write the country into a new folder. The same size gives the same files."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    country = Country(MONTH, world.providers(size.providers))
    for cases in (
        identity_cases,
        quality_cases,
        volume_cases,
        price_cases,
        unconfirmed_cases,
        death_cases,
        clinical_cases,
        call_cases,
        people_cases,
    ):
        cases.register_all(country, size.cases)
    connection = connect(folder / "spill")
    try:
        progress("people", 0, 6)
        life.make_people(
            connection, size.people, [p for p in country.providers if p.role == "polyclinic"]
        )
        life.make_places(connection, country.providers)
        tables = _write_tables(connection, country, inbox)
        registers, broken = _write_registers(connection, country, size, inbox, progress)
        _write_purchases(connection, country, size, inbox, tables)
    finally:
        connection.close()
    truth = folder / "truth.csv"
    _write_csv(
        truth, ({key: getattr(each, key) for key in each.__slots__} for each in country.truth)
    )
    return Files(tables, registers, truth, country.planted, country.decoys, broken)


def write_reference(providers: list[Provider], folder: Path) -> dict[str, Path]:
    """The reference tables alone, without people and planted cases, as CSV files; for
    measurements."""
    folder.mkdir(parents=True, exist_ok=True)
    return _write_reference(Country(MONTH, providers), folder)


def _write_tables(connection: Connection, country: Country, inbox: Path) -> dict[str, Path]:
    paths = _write_reference(country, inbox)
    for table_name, query, planted in (
        (
            "people",
            life.people_query(),
            map(person_row, filter(lambda p: p.registered, country.people)),
        ),
        (
            "insured",
            life.insured_query(),
            map(insured_row, filter(lambda p: p.insured, country.people)),
        ),
    ):
        paths[table_name] = inbox / f"{table_name}.parquet"
        _write_parquet(connection, table_name, query, planted, paths[table_name])
    for table_name, lines in country.others.items():
        paths[table_name] = inbox / f"{table_name}.csv"
        _write_csv(paths[table_name], lines, [column.name for column in table(table_name).columns])
    return paths


def _write_reference(country: Country, inbox: Path) -> dict[str, Path]:
    rows: dict[str, Iterable[Row]] = {
        "providers": map(provider_row, country.providers),
        "licences": licence_rows(country),
        "staff": staff_rows(country),
        "contracts": contract_rows(country),
        "tariffs": rule_tables.tariff_rows(),
        "service_rules": rule_tables.rule_rows(),
        "icd_rules": rule_tables.icd_rule_rows(),
        "courses": rule_tables.course_rows(),
        "coefficients": coefficient_rows(country),
        "norms": rule_tables.norm_rows(country.providers),
        **rule_tables.care_rules(),
    }
    paths = {}
    for table_name, lines in rows.items():
        paths[table_name] = inbox / f"{table_name}.csv"
        _write_csv(paths[table_name], lines, [column.name for column in table(table_name).columns])
    return paths


def _write_registers(
    connection: Connection, country: Country, size: Size, inbox: Path, progress: Progress
) -> tuple[dict[str, list[Path]], int]:
    per_hundred = size.services * 100 // size.people
    registers: dict[str, list[Path]] = {}
    for back in range(HISTORY, -2, -1):
        month = MONTH.shift(-back)
        progress(str(month), HISTORY - back + 1, 6)
        rows = [row for row in country.rows if f"{row['ended_at']:%Y-%m}" == str(month)]
        query = life.services_query(month, back, per_hundred)
        if month == AFTERWARDS:
            query = f"SELECT * FROM ({query}) WHERE FALSE"
        if back:
            registers[str(month)] = [inbox / f"services-{month}.parquet"]
            _write_parquet(connection, "services", query, rows, registers[str(month)][0])
        else:
            broken = _broken_rows(country, rows)
            registers[str(month)] = _write_by_provider(
                connection, query, [*rows, *broken], inbox / f"{month}"
            )
    _other_hands(country, registers[str(MONTH)])
    return registers, len(broken)


def _write_purchases(
    connection: Connection, country: Country, size: Size, inbox: Path, tables: dict[str, Path]
) -> None:
    """What the fund bought: sums of the contracts' lines beside the lines themselves, populations,
    bank accounts."""
    month_query = life.services_query(MONTH, 0, size.services * 100 // size.people)
    plans = purchasing.plan_rows(connection, country.providers, size.people, month_query)
    columns = [column.name for column in table("contracts").columns]
    _write_csv(tables["contracts"], [*contract_rows(country), *plans], columns)
    months = [MONTH.shift(n) for n in range(-HISTORY, 2)]
    for name_, lines in (
        ("attached", purchasing.attached_rows(country.providers, size.people, months)),
        ("bank_accounts", purchasing.account_rows(country.providers)),
        ("receipts", purchasing.receipt_rows(size.people)),
    ):
        tables[name_] = inbox / f"{name_}.csv"
        _write_csv(tables[name_], lines)


def _write_parquet(
    connection: Connection, table_name: str, query: str, rows: Iterable[Row], target: Path
) -> None:
    columns = [column.name for column in table(table_name).columns]
    planted = target.with_suffix(".planted.csv")
    _write_csv(planted, rows, columns)
    listed = ", ".join(f"CAST({name(column)} AS VARCHAR) AS {name(column)}" for column in columns)
    connection.execute(f"""COPY (SELECT {listed} FROM ({query}) UNION ALL BY NAME
        SELECT {", ".join(map(name, columns))} FROM read_csv({pattern_free(planted)},
            all_varchar = true)) TO {literal(target)} (FORMAT parquet)""")
    planted.unlink()


def _write_by_provider(
    connection: Connection, query: str, rows: list[Row], folder: Path
) -> list[Path]:
    """One CSV register a provider, as their systems would send them."""
    columns = [column.name for column in table("services").columns]
    planted = folder.with_suffix(".planted.csv")
    _write_csv(planted, rows, columns)
    listed = ", ".join(f"CAST({name(column)} AS VARCHAR) AS {name(column)}" for column in columns)
    connection.execute("SET partitioned_write_max_open_files = 2000")
    connection.execute(f"""COPY (SELECT *, provider_bin AS sender FROM (SELECT {listed}
        FROM ({query}) UNION ALL BY NAME
        SELECT {", ".join(map(name, columns))} FROM read_csv({pattern_free(planted)},
            all_varchar = true)))
        TO {literal(folder)} (FORMAT csv, HEADER, PARTITION_BY (sender),
            FILENAME_PATTERN 'register-{{i}}')""")
    planted.unlink()
    registers = []
    for partition in sorted(folder.glob("sender=*")):
        (source,) = partition.glob("*.csv")
        registers.append(source.replace(folder / f"{partition.name.removeprefix('sender=')}.csv"))
        partition.rmdir()
    return registers


def _other_hands(country: Country, registers: list[Path]) -> None:
    """Some providers' systems write otherwise: Russian headers, semicolons, decimal commas and
    Windows-1251; JSON would do as well."""
    for path in registers:
        if path.stem in {provider.bin for provider in country.providers[4:6]}:
            with path.open(encoding="utf-8", newline="") as file:
                lines = list(csv.reader(file))
            lines[0] = [titles(header)["ru"][0] for header in lines[0]]
            with path.open("w", encoding="cp1251", errors="strict", newline="") as file:
                csv.writer(file, delimiter=";").writerows(
                    [[cell.replace("\u20b8", "") for cell in line] for line in lines]
                )


def _broken_rows(country: Country, rows: list[Row]) -> list[Row]:
    """Rows that no one could accept: each with one thing wrong, at providers whose systems are
    careless."""
    wrong: tuple[Row, ...] = (
        {"service_id": None},
        {"amount": "twelve"},
        {"amount": "-1500.00"},
        {"care_form": "massage"},
        {"started_at": "yesterday"},
        {"ended_at": "2026-03-02 10:00:00"},
        {"quantity": "-1"},
        {"registered_at": None},
        {},
    )
    sound = [row for row in rows if row["care_form"] == "outpatient"]
    return [
        {**sound[n], "service_id": f"B-{n}" if fault else sound[n]["service_id"], **fault}
        for n, fault in enumerate(wrong * min(30, len(sound) // len(wrong)))
    ]


def _write_csv(path: Path, rows: Iterable[Row], columns: list[str] | None = None) -> None:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(listed[0]), extrasaction="raise")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in listed)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
