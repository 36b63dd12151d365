"""The views that checks read: the month's rows with what is derived from them, the history they
need, the reference tables.

- cur: the services of the run's interval of days (one edition of the law, one set of figures), with
  dates and billed code
- mispriced: rows of `cur` whose amount is not the expected one, with `expected_amount`
- stays: round-the-clock stays of the month and two months back; `in_cur` marks the run's own,
  `priced_by` and `done_by` tell records apart
- diagnostics, limited, repeated, two_places, infants: rows narrowed to where the check of that
  purpose can find something
- dead, disagreeing: people who died; people whose IIN codes another birth date or sex
- kinds_of_rows, billed_codes: the combinations that licences and contracts are asked of; the codes
  billed on each day
- course_stays: stays that are a course or a stage by the dated table
- operations, subcontracted: operations of the month and two months back; services that a co-
  executor did
- needing, met_needs: stays whose diagnosis asks for a service and ended badly; the requirements
  that were met
- serving, grouping, drug_uses, needs_today: alternatives, grouper, drug list and standards, by each
  diagnosis that they cover, in the interval
- stay_paths, group_weights: a stay with each of its operations, and with none; what each group
  weighs
- workload, turned_away, newly_attached: services with minutes; refused admissions; primary care of
  people attached without consent
- written, all_calls: prescriptions and ambulance calls of the month and the month before
- people, providers, licences, staff, contracts, tariffs, service_rules, courses, insured,
  patient_answers, …: the lake's tables
- unknown_persons: IINs of the month and its calls that the population register does not know, and
  whether they can be IINs at all
- calendar, icd_catalogue, icd_limits, rules_today: days; diagnoses; their limits; the rules of
  codes in the interval
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from qor.engine.checks import diagnoses, entitlements, prices
from qor.engine.intake.identifier_digits import all_digits, check_digit_holds
from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import csv_rows, define_macros, make_table, make_view, run_step
from qor.law.nouns.months import Month
from qor.law.reading.calendar import is_working_day, known_years

# One record is the same person, what is priced, performer and start. A stay without a performer is
# the same stay all the same: nobody begins two.
STAY = "coalesce(setting, 'visit') IN ('inpatient', 'day_hospital')"
PRICED_BY = f"""coalesce({prices.billed_code()},
    CASE WHEN {STAY} THEN coalesce(group_code, service_code, bed_profile, '') END)"""
DONE_BY = f"coalesce(performer_id, CASE WHEN {STAY} THEN '' END)"
OUTPATIENT = "coalesce(setting, 'visit') NOT IN ('inpatient', 'day_hospital')"
STAY_MONTHS = 2
DIAGNOSTIC_MONTHS = 12
REFERENCE = (
    "people",
    "providers",
    "licences",
    "staff",
    "contracts",
    "tariffs",
    "service_rules",
    "icd_rules",
    "courses",
    "coefficients",
    "norms",
    "insured",
    "alternatives",
    "grouper",
    "standards",
    "drug_rules",
    "patient_answers",
    "paid_services",
    "complaints",
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days of completion, both included, over which edition and figures stay the same."""

    first: date
    last: date


def prepare(
    connection: Connection,
    lake: Lake,
    months: list[Month],
    folder: Path,
    instead: dict[str, str] | None = None,
) -> None:
    """Make everything that is the same for the whole run: usually one month, or several in a row.
    `folder` takes small files.

    `instead` gives other SQL for some sources (people, insured, month_services, past_services,
    year_services): a slice of the lake.
    """
    sql_of = instead or {}
    define_macros(connection)
    for reference in REFERENCE:
        make_view(connection, reference, sql_of.get(reference) or source(lake, reference))
    run_step(connection, "run_days", first=literal(months[0].first), last=literal(months[-1].last))
    _calendar(connection, folder)
    diagnoses.prepare(connection, folder)
    _month_and_history(connection, lake, months, sql_of)
    for step in ("dead", "disagreeing"):
        run_step(connection, step)
    _unknown_persons(connection)
    prices.prepare(connection, folder)
    entitlements.prepare(connection, folder)
    run_step(connection, "all_stays", priced_by=PRICED_BY, done_by=DONE_BY)
    for step in _OF_THE_MONTH:
        run_step(connection, step)


# What is kept once for the run, and what is made anew for each interval of days.
_OF_THE_MONTH = (
    "course_stays",
    "same_start",
    "performer_two_sites",
    "operations",
    "subcontracted",
    "written",
    "all_calls",
    "moved",
    "group_weights",
)
_RULES = {
    "serving": "alternatives",
    "grouping": "grouper",
    "drug_uses": "drug_rules",
    "needs_today": "standards",
}


def _month_and_history(
    connection: Connection, lake: Lake, months: list[Month], sql_of: dict[str, str]
) -> None:
    """The month's services, and the months before it as far as some check looks back."""
    first = months[0]
    sources = {
        "month_services": ("services", months),
        "past_services": ("services", _back(first, STAY_MONTHS)),
        "year_services": ("services", _back(first, DIAGNOSTIC_MONTHS)),
        "near_calls": ("calls", [*_back(first, 1), *months]),
        "near_prescriptions": ("prescriptions", [*_back(first, 1), *months]),
    }
    for view, (table_name, of) in sources.items():
        make_view(connection, view, sql_of.get(view) or source(lake, table_name, of))
    run_step(connection, "month_rows", billed_code=prices.billed_code())


def _back(first: Month, count: int) -> list[Month]:
    return [first.shift(-n) for n in range(count, 0, -1)]


def point(connection: Connection, interval: Interval, only: str = "TRUE") -> str:
    """Point `cur` alone at one interval of days, narrowed to rows of which `only` is true; the SQL
    that says whether a row is of those days."""
    days = f"ended_on BETWEEN {literal(interval.first)} AND {literal(interval.last)}"
    run_step(connection, "cur", days=days, narrowed=only)
    return days


def focus(
    connection: Connection, interval: Interval, only: str = "TRUE", of_services: bool = True
) -> None:
    """Point `cur` and all that follows from it at one interval of days; `only` narrows `cur` to
    rows of which it is true.

    Without `of_services` what only checks of single services read is left out.
    """
    days, last = point(connection, interval, only), literal(interval.last)
    run_step(connection, "stays", days=days)
    run_step(connection, "rules_today", last=last)
    for step, rules in _RULES.items():
        run_step(connection, step, rules=rules, last=last)
    run_step(connection, "repeated", days=days, priced_by=PRICED_BY, done_by=DONE_BY)
    for step in ("limited", "two_places", "diagnostics"):
        run_step(connection, step, days=days)
    complications = diagnoses.categories("complications_of_care")
    run_step(
        connection,
        "infants",
        days=days,
        most_days=literal(diagnoses.infant_days()),
        complications=complications,
    )
    run_step(connection, "needing", complications=complications)
    run_step(connection, "met_needs")
    if of_services:
        for step in ("kinds_of_rows", "billed_codes", "stay_paths"):
            run_step(connection, step)
        prices.find_mispriced(connection)
    for step in ("workload", "turned_away", "newly_attached"):
        run_step(connection, step, days=days)


def _calendar(connection: Connection, folder: Path) -> None:
    """Every day of the known years with the number of working days up to it, and before it."""
    path, count = folder / "calendar.csv", 0
    day, last = date(known_years()[0], 1, 1), date(known_years()[-1], 12, 31)
    with path.open("w", encoding="utf-8") as file:
        while day <= last:
            before, count = count, count + is_working_day(day)
            file.write(f"{day.isoformat()},{count},{before}\n")
            day += timedelta(days=1)
    make_table(
        connection,
        "calendar",
        csv_rows(
            path, {"day": "DATE", "working_days": "INTEGER", "working_days_before": "INTEGER"}
        ),
    )


def _unknown_persons(connection: Connection) -> None:
    """IINs that the register does not know; those that could not be anyone's must never make two
    people one person."""
    coded = """CASE WHEN substr(iin, 7, 1) IN ('1', '2') THEN '18'
        WHEN substr(iin, 7, 1) IN ('3', '4') THEN '19' ELSE '20' END"""
    born = f"""TRY_CAST({coded} || substr(iin, 1, 2) || '-' || substr(iin, 3, 2) || '-'
        || substr(iin, 5, 2) AS DATE)"""
    run_step(
        connection,
        "unknown_persons",
        digits=all_digits("iin"),
        born=born,
        check_digit_holds=check_digit_holds("iin"),
    )
