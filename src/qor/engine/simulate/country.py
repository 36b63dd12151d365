"""The country on disk: reference tables, registers of three months as their providers would send
them, and the truth beside the lake."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qor.engine.intake.tables import table, titles
from qor.engine.simulate import people_and_services as life
from qor.engine.simulate import purchasing, world
from qor.engine.simulate.builder import OPEN_ON_SUNDAYS, PALLIATIVE, Country, Person, Row
from qor.engine.simulate.cases import (
    clinical_cases,
    death_cases,
    identity_cases,
    people_cases,
    quality_cases,
    unconfirmed_cases,
    volume_cases,
)
from qor.engine.simulate.world import FORMS_OF_ROLE, Provider
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
        unconfirmed_cases,
        death_cases,
        clinical_cases,
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
        truth, ({key: getattr(found, key) for key in found.__slots__} for found in country.truth)
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
            map(_person_row, filter(lambda p: p.registered, country.people)),
        ),
        (
            "insured",
            life.insured_query(),
            map(_insured_row, filter(lambda p: p.insured, country.people)),
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
        "providers": map(_provider_row, country.providers),
        "licences": _licence_rows(country),
        "staff": _staff_rows(country),
        "contracts": _contract_rows(country),
        "tariffs": world.tariff_rows(),
        "service_rules": world.rule_rows(),
        "icd_rules": world.icd_rule_rows(),
        "courses": world.course_rows(),
        "coefficients": _coefficient_rows(country),
        "norms": world.norm_rows(country.providers),
        **world.care_rules(),
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
    _write_csv(tables["contracts"], [*_contract_rows(country), *plans], columns)
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
    found = []
    for partition in sorted(folder.glob("sender=*")):
        (source,) = partition.glob("*.csv")
        found.append(source.replace(folder / f"{partition.name.removeprefix('sender=')}.csv"))
        partition.rmdir()
    return found


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


def _provider_row(provider: Provider) -> Row:
    number, palliative = provider.number + 1, provider.number == PALLIATIVE
    return {
        "bin": provider.bin,
        "name_kk": f"Демо ұйым № {number}",
        "name_ru": f"Демо-организация № {number}",
        "name_en": f"Demo organisation {number}",
        "region": provider.region,
        "ownership": "private" if provider.number % 4 == 3 else "state",
        "rural": provider.role == "rural",
        "palliative": palliative,
        "sole_in_district": provider.role == "rural",
        "works_on_closed_days": provider.role != "polyclinic" or provider.number == OPEN_ON_SUNDAYS,
    }


def _licence_rows(country: Country) -> list[Row]:
    rows: list[Row] = []
    for provider in country.providers:
        rows += [
            {
                "bin": provider.bin,
                "care_form": form,
                "profile": "all",
                "valid_from": world.OPEN_FROM,
            }
            for form in FORMS_OF_ROLE[provider.role]
        ]
    clinics = [provider for provider in country.providers if provider.role == "polyclinic"]
    rows.append(
        {
            "bin": clinics[2].bin,
            "care_form": "railway_mobile",
            "profile": "all",
            "valid_from": world.OPEN_FROM,
            "valid_to": volume_cases.LICENCE_ENDS,
        }
    )
    for clinic in clinics[3:5]:
        rows += [
            {"bin": clinic.bin, "care_form": form, "profile": "all", "valid_from": world.OPEN_FROM}
            for form in ("pathology", "blood")
        ]
    return rows


def _contract_rows(country: Country) -> list[Row]:
    rows: list[Row] = []
    clinics = [provider for provider in country.providers if provider.role == "polyclinic"]
    for provider in country.providers:
        forms = [
            *FORMS_OF_ROLE[provider.role],
            *(["railway_mobile"] if provider in clinics[1:3] else []),
        ]
        rows += [
            _line(provider, n, form, funding)
            for n, (form, funding) in enumerate((f, m) for f in forms for m in ("tmkkk", "osms"))
        ]
    rows.append(
        _line(clinics[4], 90, "pathology", "tmkkk") | {"valid_to": death_cases.CONTRACT_ENDS}
    )
    rows.append(
        _line(clinics[3], 91, "blood", "tmkkk") | {"service_code": world.SPECIAL["contracted"]}
    )
    return rows


def _line(provider: Provider, line: int, form: str, funding: str) -> Row:
    return {
        "contract_no": f"K-{provider.number}",
        "line": line,
        "bin": provider.bin,
        "care_form": form,
        "funding": funding,
        "service_code": "*",
        "valid_from": date(2025, 1, 1),
    }


def _staff_rows(country: Country) -> list[Row]:
    doctors = [
        (provider, provider.doctor(n))
        for provider in country.providers
        for n in range(world.DOCTORS)
    ]
    rows: list[Row] = [
        {
            "performer_id": doctor,
            "bin": p.bin,
            "speciality": "therapy",
            "works_from": world.OPEN_FROM,
        }
        for p, doctor in doctors
    ]
    return rows + country.staff


def _coefficient_rows(country: Country) -> list[Row]:
    pairs = [
        (provider, form) for provider in country.providers for form in FORMS_OF_ROLE[provider.role]
    ]
    entitled = [
        (p, form, world.coefficient(p, form))
        for p, form in pairs
        if world.coefficient(p, form) != 1
    ]
    return [
        {
            "bin": p.bin,
            "care_form": form,
            "kind": "regional",
            "valid_from": world.OPEN_FROM,
            "value": value,
        }
        for p, form, value in entitled
    ]


def _person_row(person: Person) -> Row:
    return {
        "iin": person.iin,
        "birth_date": person.born,
        "sex": person.sex,
        "death_date": person.died,
        "death_cause": person.cause,
        "region": "71",
        "rural": False,
        "attached_bin": person.attached,
        "attached_since": person.attached_since,
        "attachment_consent": person.consent,
        "attachment_basis": person.basis,
        "category": "employed",
    }


def _insured_row(person: Person) -> Row:
    return {
        "iin": person.iin,
        "valid_from": date(2025, 1, 1),
        "valid_to": person.insured_to,
        "basis": "demo",
    }


def _write_csv(path: Path, rows: Iterable[Row], columns: list[str] | None = None) -> None:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(listed[0]), extrasaction="raise")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in listed)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
