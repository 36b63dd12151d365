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
from qor.engine.storage.steps import make_view, row_of, step_facts
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
        make_view(
            connection, f"s_{name}", f"FROM read_csv({pattern_free(path)}, all_varchar = true)"
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
    paths_of = {}
    for name in _NEEDED:
        paths = [
            path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.exists()
        ]
        if paths:
            paths_of[name] = paths[0]
    missing = [name for name in _NEEDED if name not in paths_of]
    if missing:
        raise NotSynthea(path=str(folder), missing=", ".join(missing))
    return paths_of


def _days(connection: Connection) -> int:
    [last] = row_of(connection, "synthea_last_day")
    return int((LAST_DAY - last).days)


def _bins(connection: Connection) -> dict[str, str]:
    organizations = [row["id"] for row in step_facts(connection, "synthea_organizations")]
    return dict(zip(organizations, provider_bins(len(organizations)), strict=True))


def _moved(value: str | None, days: int) -> date | None:
    return date.fromisoformat(value[:10]) + timedelta(days=days) if value else None


def _moved_moment(value: str, days: int) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "")) + timedelta(days=days)


def _people(connection: Connection, days: int) -> tuple[dict[str, str], list[Row]]:
    iins: dict[str, str] = {}
    people: list[Row] = []
    for row in step_facts(connection, "synthea_patients"):
        born, sex = _moved(row["birthdate"], days), row["gender"].lower()
        serial, iin = 5000, None
        while iin is None or iin in iins.values():
            iin = person_number(born or LAST_DAY, sex, serial)
            serial += 1
        iins[row["id"]] = iin
        people.append(
            {
                "iin": iin,
                "birth_date": born,
                "sex": sex,
                "death_date": _moved(row["deathdate"], days),
                "region": "71",
            }
        )
    return iins, people


def _providers(connection: Connection, bins: dict[str, str]) -> list[Row]:
    organizations = step_facts(connection, "synthea_organizations")
    return [
        {
            "bin": bins[row["id"]],
            "name_en": row["name"],
            "name_kk": row["name"],
            "name_ru": row["name"],
            "region": "71",
        }
        for row in organizations
    ]


def _staff(connection: Connection, bins: dict[str, str]) -> list[Row]:
    staff = step_facts(connection, "synthea_staff")
    since = date(1950, 1, 1)
    return [
        {
            "performer_id": r["id"],
            "bin": bins[r["organization"]],
            "speciality": r["speciality"],
            "works_from": since,
        }
        for r in staff
    ]


def _insured(connection: Connection, iins: dict[str, str], days: int) -> list[Row]:
    """Periods with a payer; the day on which one ends and the next begins belongs to the next.
    NO_INSURANCE is no right to care."""
    columns = {row["column_name"] for row in rows(connection, "DESCRIBE s_payer_transitions")}
    start, end = (
        ("START_DATE", "END_DATE") if "START_DATE" in columns else ("START_YEAR", "END_YEAR")
    )
    payers = step_facts(connection, "synthea_payers", since=f"t.{start}", until=f"t.{end}")
    lines: list[Row] = []
    for row in payers:
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
    for row in step_facts(connection, "synthea_encounters"):
        icd10 = (
            codes["reasons"].get(row["reasoncode"])
            if row["reasoncode"]
            else codes["contacts"].get(row["code"])
        )
        unmapped["SNOMED CT"] += icd10 is None
        place = codes["classes"].get(row["encounterclass"])
        unmapped["encounter class"] += place is None
        lines.append(_service(row, iins, bins, days, icd10, place or {}))
    return lines, unmapped


def _service(
    row: Row, iins: dict[str, str], bins: dict[str, str], days: int, icd10: str | None, place: Row
) -> Row:
    started, ended = _moved_moment(row["start"], days), _moved_moment(row["stop"], days)
    stay = place.get("setting") == "inpatient"
    return {
        "provider_bin": bins[row["organization"]],
        "service_id": row["id"],
        "iin": iins[row["patient"]],
        "card_no": row["patient"],
        "identity_kind": "iin",
        "funding": "osms" if place.get("care_form") != "primary" else "tmkkk",
        "service_code": f"SCT{row['code']}",
        "group_code": f"SCT{row['code']}" if place.get("care_form") == "stay_group" else None,
        "icd10_main": icd10,
        "started_at": started,
        "ended_at": ended,
        "registered_at": ended,
        "quantity": 1,
        "unit_price": row["total_claim_cost"],
        "amount": row["total_claim_cost"],
        "performer_id": row["provider"],
        "bed_days": (ended.date() - started.date()).days if stay else None,
        "outcome": "discharged" if stay else None,
        "bed_profile": "GENERAL" if stay else None,
        **place,
    }


def _prescriptions(connection: Connection, iins: dict[str, str], days: int) -> list[Row]:
    """RxNorm codes stay as they are: no free table leads from them to ATC."""
    medications = step_facts(connection, "synthea_medications")
    return [
        {
            "prescription_id": f"M{row['n']}",
            "iin": iins[row["patient"]],
            "drug_code": f"RXNORM{row['code']}",
            "quantity": row["dispenses"],
            "prescribed_on": _moved(row["start"], days),
            "dispensed_on": _moved(row["start"], days),
            "price": row["base_cost"],
        }
        for row in medications
    ]


def _write(path: Path, name: str, lines: list[Row]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in table(name).columns])
        writer.writeheader()
        writer.writerows(lines)
    return path
