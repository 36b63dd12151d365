"""Synthea CSV exports (both schema versions) as lake tables: people, insured, providers, staff,
services, prescriptions.

Identifiers: IIN and BIN are invented (birth date and sex as Synthea has them, after the move of
dates); encounter and provider keep their UUIDs as service_id and performer_id, organisations their
names. One encounter is one service, priced at its total claim cost; the procedures of an encounter
are part of its case and no rows of their own. Every date moves by one whole number of days, so that
the last encounter falls on 28 February 2026.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from qor.engine.intake.tables import table
from qor.engine.simulate.world import person_number, provider_bins
from qor.engine.storage.duck import Connection, pattern_free, rows
from qor.law.nouns.refusals import Refusal
from qor.law.pages import page

LAST_DAY = date(2026, 2, 28)
_NEEDED = (
    "patients",
    "encounters",
    "organizations",
    "providers",
    "payer_transitions",
    "payers",
    "medications",
)
Row = dict[str, Any]


class NotSynthea(Refusal):
    """The folder lacks files of a Synthea export."""

    key = "not_synthea"


@dataclass(frozen=True, slots=True)
class Export:
    """A Synthea export made ready: one CSV file a table in our columns, days moved, and codes that
    had no match, counted."""

    tables: dict[str, Path]
    days: int
    unmapped: dict[str, int]


def read_synthea(connection: Connection, folder: Path, target: Path) -> Export:
    """Turn an export (.csv or .csv.gz) into files that intake takes, under `target`. NotSynthea if
    files are missing."""
    files = _files(folder)
    for name, path in files.items():
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW s_{name} AS SELECT * FROM "
            f"read_csv({pattern_free(path)}, all_varchar = true)"
        )
    days = _days(connection)
    bins = _bins(connection)
    iins, people = _people(connection, days)
    services, unmapped = _services(connection, iins, bins, days)
    drugs = _prescriptions(connection, iins, days)
    written = {
        "providers": _providers(connection, bins),
        "staff": _staff(connection, bins),
        "people": people,
        "insured": _insured(connection, iins, days),
        "services": services,
        "prescriptions": drugs,
    }
    tables = {
        name: _write(target / f"{name}.csv", name, lines)
        for name, lines in written.items()
        if lines
    }
    return Export(tables, days, unmapped | {"RxNorm": len({row["drug_code"] for row in drugs})})


def _files(folder: Path) -> dict[str, Path]:
    found = {}
    for name in _NEEDED:
        paths = [
            path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.exists()
        ]
        if paths:
            found[name] = paths[0]
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        raise NotSynthea(path=str(folder), missing=", ".join(missing))
    return found


def _days(connection: Connection) -> int:
    last = rows(
        connection, "SELECT max(CAST(CAST(STOP AS TIMESTAMP) AS DATE)) AS last FROM s_encounters"
    )[0]["last"]
    return int((LAST_DAY - last).days)


def _bins(connection: Connection) -> dict[str, str]:
    found = [row["Id"] for row in rows(connection, "SELECT Id FROM s_organizations ORDER BY Id")]
    return dict(zip(found, provider_bins(len(found)), strict=True))


def _moved(value: str | None, days: int) -> date | None:
    return date.fromisoformat(value[:10]) + timedelta(days=days) if value else None


def _moved_moment(value: str, days: int) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "")) + timedelta(days=days)


def _people(connection: Connection, days: int) -> tuple[dict[str, str], list[Row]]:
    iins: dict[str, str] = {}
    people: list[Row] = []
    for row in rows(
        connection, "SELECT Id, BIRTHDATE, DEATHDATE, GENDER FROM s_patients ORDER BY Id"
    ):
        born, sex = _moved(row["BIRTHDATE"], days), row["GENDER"].lower()
        serial, iin = 5000, None
        while iin is None or iin in iins.values():
            iin = person_number(born or LAST_DAY, sex, serial)
            serial += 1
        iins[row["Id"]] = iin
        people.append(
            {
                "iin": iin,
                "birth_date": born,
                "sex": sex,
                "death_date": _moved(row["DEATHDATE"], days),
                "region": "71",
            }
        )
    return iins, people


def _providers(connection: Connection, bins: dict[str, str]) -> list[Row]:
    found = rows(connection, "SELECT Id, NAME FROM s_organizations ORDER BY Id")
    return [
        {
            "bin": bins[row["Id"]],
            "name_en": row["NAME"],
            "name_kk": row["NAME"],
            "name_ru": row["NAME"],
            "region": "71",
        }
        for row in found
    ]


def _staff(connection: Connection, bins: dict[str, str]) -> list[Row]:
    found = rows(connection, "SELECT Id, ORGANIZATION, SPECIALITY FROM s_providers ORDER BY Id")
    since = date(1950, 1, 1)
    return [
        {
            "performer_id": r["Id"],
            "bin": bins[r["ORGANIZATION"]],
            "speciality": r["SPECIALITY"],
            "works_from": since,
        }
        for r in found
    ]


def _insured(connection: Connection, iins: dict[str, str], days: int) -> list[Row]:
    """Periods with a payer; the day on which one ends and the next begins belongs to the next.
    NO_INSURANCE is no right to care."""
    columns = {row["column_name"] for row in rows(connection, "DESCRIBE s_payer_transitions")}
    start, end = (
        ("START_DATE", "END_DATE") if "START_DATE" in columns else ("START_YEAR", "END_YEAR")
    )
    found = rows(
        connection,
        f"""SELECT t.PATIENT AS patient, t.{start} AS since, t.{end} AS until, p.NAME AS payer
            FROM s_payer_transitions t JOIN s_payers p ON p.Id = t.PAYER
                ORDER BY t.PATIENT, t.{start}""",
    )
    lines: list[Row] = []
    for row in found:
        since, until = _moved(row["since"], days), _moved(row["until"], days)
        last = until - timedelta(days=1) if until else None
        if row["payer"] != "NO_INSURANCE" and since and (last is None or last >= since):
            lines.append(
                {
                    "iin": iins[row["patient"]],
                    "valid_from": since,
                    "valid_to": last,
                    "basis": row["payer"],
                }
            )
    return lines


def _services(
    connection: Connection, iins: dict[str, str], bins: dict[str, str], days: int
) -> tuple[list[Row], dict[str, int]]:
    codes = page("qor.engine.imports", "synthea_codes.yaml")
    unmapped = {"SNOMED CT": 0, "encounter class": 0}
    lines = []
    for row in rows(connection, "SELECT * FROM s_encounters ORDER BY START, Id"):
        icd10 = (
            codes["reasons"].get(row["REASONCODE"])
            if row["REASONCODE"]
            else codes["contacts"].get(row["CODE"])
        )
        unmapped["SNOMED CT"] += icd10 is None
        place = codes["classes"].get(row["ENCOUNTERCLASS"])
        unmapped["encounter class"] += place is None
        lines.append(_service(row, iins, bins, days, icd10, place or {}))
    return lines, unmapped


def _service(
    row: Row, iins: dict[str, str], bins: dict[str, str], days: int, icd10: str | None, place: Row
) -> Row:
    started, ended = _moved_moment(row["START"], days), _moved_moment(row["STOP"], days)
    stay = place.get("setting") == "inpatient"
    return {
        "provider_bin": bins[row["ORGANIZATION"]],
        "service_id": row["Id"],
        "iin": iins[row["PATIENT"]],
        "card_no": row["PATIENT"],
        "identity_kind": "iin",
        "funding": "osms" if place.get("care_form") != "primary" else "tmkkk",
        "service_code": f"SCT{row['CODE']}",
        "group_code": f"SCT{row['CODE']}" if place.get("care_form") == "stay_group" else None,
        "icd10_main": icd10,
        "started_at": started,
        "ended_at": ended,
        "registered_at": ended,
        "quantity": 1,
        "unit_price": row["TOTAL_CLAIM_COST"],
        "amount": row["TOTAL_CLAIM_COST"],
        "performer_id": row["PROVIDER"],
        "bed_days": (ended.date() - started.date()).days if stay else None,
        "outcome": "discharged" if stay else None,
        "bed_profile": "GENERAL" if stay else None,
        **place,
    }


def _prescriptions(connection: Connection, iins: dict[str, str], days: int) -> list[Row]:
    """RxNorm codes stay as they are: no free table leads from them to ATC."""
    found = rows(
        connection,
        "SELECT *, row_number() OVER (ORDER BY START, PATIENT, ENCOUNTER, CODE) AS n FROM "
        "s_medications ORDER BY n",
    )
    return [
        {
            "prescription_id": f"M{row['n']}",
            "iin": iins[row["PATIENT"]],
            "drug_code": f"RXNORM{row['CODE']}",
            "quantity": row["DISPENSES"],
            "prescribed_on": _moved(row["START"], days),
            "dispensed_on": _moved(row["START"], days),
            "price": row["BASE_COST"],
        }
        for row in found
    ]


def _write(path: Path, name: str, lines: list[Row]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in table(name).columns])
        writer.writeheader()
        writer.writerows(lines)
    return path
