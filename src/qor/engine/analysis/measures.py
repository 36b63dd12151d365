"""What is measured of each provider and each performer in a month: shares and means, one SQL table
each. Statistics, never money to be paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qor.engine.checks.features import OUTPATIENT
from qor.engine.storage.duck import Connection, rows
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


# Each measure: what is averaged over a subject's services; NULL rows do not count.
_OF_SERVICES = {
    "cost": "CAST(amount AS DOUBLE)",
    "length_of_stay": """CASE WHEN setting = 'inpatient'
        THEN date_diff('day', started_on, ended_on) END""",
    "group_weight": "CAST(weight_of_group AS DOUBLE)",
    "repeats": "CASE WHEN iin IS NULL THEN NULL WHEN nth_of_person > 1 THEN 1.0 ELSE 0.0 END",
    "days_off": (
        f"CASE WHEN {OUTPATIENT} AND coalesce(admission, 'planned') = 'planned' THEN CASE "
        "WHEN day_off THEN 1.0 ELSE 0.0 END END"
    ),
    "end_of_month": "CASE WHEN registered_late THEN 1.0 ELSE 0.0 END",
    "round_figures": "CASE WHEN amount % 1000 = 0 THEN 1.0 ELSE 0.0 END",
    "one_diagnosis": "CASE WHEN icd10_main = usual_icd THEN 1.0 ELSE 0.0 END",
    "shared_patients": "CASE WHEN seen_elsewhere THEN 1.0 ELSE 0.0 END",
}
NAMES = (*_OF_SERVICES, "services_a_day")


def measure(connection: Connection, month: Month, by_performer: bool) -> list[Measured]:
    """The measures of all providers (or performers) with services in the month; the features must
    be prepared (`features.prepare`)."""
    subject = "provider_bin, performer_id" if by_performer else "provider_bin, '' AS performer_id"
    keys = "provider_bin, performer_id" if by_performer else "provider_bin"
    connection.execute(_SERVICES.format(keys=keys, month=month))
    averages = ", ".join(f"avg({text}) AS {name}" for name, text in _OF_SERVICES.items())
    only = "WHERE performer_id IS NOT NULL" if by_performer else ""
    found = rows(
        connection,
        f"""SELECT m.*, p.region, f.care_form FROM (
            SELECT {subject}, count(*) AS services, {averages},
                CAST(count(*) AS DOUBLE) / count(DISTINCT started_on) AS services_a_day
            FROM measured_services {only} GROUP BY ALL) m
        JOIN providers p ON p.bin = m.provider_bin
        JOIN (SELECT {keys}, arg_max(care_form, n) AS care_form
            FROM (SELECT {keys}, care_form, sum(amount) AS n FROM measured_services
              GROUP BY ALL ORDER BY care_form) GROUP BY ALL) f USING ({keys})
        ORDER BY m.provider_bin, m.performer_id""",
    )
    return [_measured(row) for row in found]


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


_SERVICES = """CREATE OR REPLACE TEMP TABLE measured_services AS
    SELECT c.*, w.weight AS weight_of_group, d.working_days = d.working_days_before AS day_off,
           c.registered_on > CAST(strptime('{month}-01', '%Y-%m-%d') + INTERVAL 1 MONTH - INTERVAL 3
               DAY AS DATE)
             AND date_diff('day', c.ended_on, c.registered_on) > 5 AS registered_late,
           mode(c.icd10_main) OVER (PARTITION BY {keys}) AS usual_icd,
           row_number() OVER (PARTITION BY c.provider_bin, c.iin, c.service_code
               ORDER BY c.started_at, c.service_id) AS nth_of_person,
           o.iin IS NOT NULL AS seen_elsewhere
    FROM (SELECT provider_bin, service_id, iin, performer_id, care_form, setting, admission,
        service_code, group_code, amount, icd10_main,
                 started_at, started_on, ended_on, registered_on FROM month_rows) c
    JOIN calendar d ON d.day = c.started_on
    LEFT JOIN (SELECT code, max(weight) AS weight FROM group_weights GROUP BY code) w
        ON w.code = c.group_code
    LEFT JOIN (SELECT iin, started_on FROM month_rows WHERE iin IS NOT NULL GROUP BY iin, started_on
               HAVING count(DISTINCT provider_bin) > 1) o ON o.iin = c.iin
                   AND o.started_on = c.started_on"""
