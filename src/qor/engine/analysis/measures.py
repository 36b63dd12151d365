"""What is measured of each provider and each performer in a month: shares and means, one SQL table
each. Statistics, never money to be paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qor.engine.checks.features import OUTPATIENT
from qor.engine.storage.duck import Connection, literal, rows
from qor.engine.storage.steps import run_step
from qor.law.nouns.months import Month


@dataclass(frozen=True, slots=True)
class Measured:
    """One provider (or performer at a provider): the peers it is compared with, how many services,
    and the measures that it has."""

    provider_bin: str
    performer_id: str
    kind: str
    region: str
    services: int
    measures: dict[str, float]


NAMES = (
    "cost",
    "length_of_stay",
    "group_weight",
    "repeats",
    "days_off",
    "end_of_month",
    "round_figures",
    "one_diagnosis",
    "shared_patients",
    "services_a_day",
)


def measure(connection: Connection, month: Month, by_performer: bool) -> list[Measured]:
    """The measures of all providers (or performers) with services in the month; the features must
    be prepared (`features.prepare`)."""
    subject = "provider_bin, performer_id" if by_performer else "provider_bin, '' AS performer_id"
    keys = "provider_bin, performer_id" if by_performer else "provider_bin"
    run_step(connection, "measured_services", keys=keys, month=literal(str(month)))
    run_step(
        connection,
        "measures",
        subject=subject,
        keys=keys,
        outpatient=OUTPATIENT,
        narrowed="performer_id IS NOT NULL" if by_performer else "TRUE",
    )
    return [_measured(row) for row in rows(connection, 'FROM "measures"')]


def _measured(row: dict[str, Any]) -> Measured:
    values = {name: float(row[name]) for name in NAMES if row[name] is not None}
    return Measured(
        row["provider_bin"],
        row["performer_id"],
        row["care_form"],
        row["region"],
        int(row["services"]),
        values,
    )
