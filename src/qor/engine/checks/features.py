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
from qor.engine.checks import feature_views as views
from qor.engine.intake.readings import all_digits, check_digit_holds, sql_type
from qor.engine.intake.tables import table
from qor.engine.storage.duck import (
    Connection,
    literal,
    name,
    parquet,
    parquet_columns,
    pattern_free,
)
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.reading.calendar import is_working_day, known_years

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


# Tables whose rows hold from a day to a day: where one changes, the month's days are cut.
DATED_RULES = ("service_rules", "alternatives", "grouper", "standards", "drug_rules")


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
    taken = instead or {}
    _macros(connection)
    for reference in REFERENCE:
        connection.execute(
            f"CREATE OR REPLACE VIEW {name(reference)} AS "
            f"{taken.get(reference) or source(lake, reference)}"
        )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE run_days AS
        SELECT {literal(months[0].first)} AS first, {literal(months[-1].last)} AS last""")
    _calendar(connection, folder)
    diagnoses.prepare(connection, folder)
    _month_and_history(connection, lake, months, taken)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE dead AS SELECT * FROM people WHERE death_date IS NOT NULL"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE disagreeing AS SELECT iin, birth_date FROM people "
        "WHERE NOT iin_agrees"
    )
    _unknown_persons(connection)
    prices.prepare(connection, folder)
    entitlements.prepare(connection, folder)
    _stays(connection)
    for view in _OF_THE_MONTH:
        connection.execute(view)


_OF_THE_MONTH = (
    views.SAME_START,
    views.PERFORMER_TWO_SITES,
    views.OPERATIONS,
    views.SUBCONTRACTED,
    views.WRITTEN,
    views.ALL_CALLS,
    views.MOVED,
    views.GROUP_WEIGHTS,
)


def _macros(connection: Connection) -> None:
    """The two functions of our own that checks may call."""
    connection.execute("""CREATE OR REPLACE MACRO full_years(born, day) AS
        year(day) - year(born) - CASE WHEN month(day) * 100 + day(day) < month(born) * 100 +
            day(born) THEN 1 ELSE 0 END""")
    connection.execute(
        "CREATE OR REPLACE MACRO masked(iin) AS left(iin, 2) || '********' || substr(iin, 11)"
    )


def _month_and_history(
    connection: Connection, lake: Lake, months: list[Month], taken: dict[str, str]
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
        connection.execute(
            f"CREATE OR REPLACE VIEW {view} AS {taken.get(view) or source(lake, table_name, of)}"
        )
    connection.execute(f"CREATE OR REPLACE VIEW month_rows AS {_dated('month_services')}")


def _back(first: Month, count: int) -> list[Month]:
    return [first.shift(-n) for n in range(count, 0, -1)]


def point(connection: Connection, interval: Interval, only: str = "TRUE") -> str:
    """Point `cur` alone at one interval of days, narrowed to rows of which `only` is true; the SQL
    that says whether a row is of those days."""
    days = f"ended_on BETWEEN {literal(interval.first)} AND {literal(interval.last)}"
    connection.execute(
        f"CREATE OR REPLACE VIEW cur AS SELECT * FROM month_rows WHERE {days} AND {only}"
    )
    return days


def focus(
    connection: Connection, interval: Interval, only: str = "TRUE", of_services: bool = True
) -> None:
    """Point `cur` and all that follows from it at one interval of days; `only` narrows `cur` to
    rows of which it is true.

    Without `of_services` what only checks of single services read is left out.
    """
    days = point(connection, interval, only)
    connection.execute(
        f"CREATE OR REPLACE VIEW stays AS SELECT *, of_month AND {days} AS in_cur FROM all_stays"
    )
    connection.execute(
        f"CREATE OR REPLACE VIEW rules_today AS {_in_force('service_rules', interval.last)}"
    )
    for table_name, source in (
        ("serving", "alternatives"),
        ("grouping", "grouper"),
        ("drug_uses", "drug_rules"),
        ("needs_today", "standards"),
    ):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table_name} AS "
            f"{diagnoses.by_diagnosis(_in_force(source, interval.last))}"
        )
    connection.execute(views.LIMITED.format(days=days))
    connection.execute(views.REPEATED.format(days=days))
    connection.execute(views.TWO_PLACES.format(days=days))
    connection.execute(views.DIAGNOSTICS.format(days=days))
    connection.execute(
        views.INFANTS.format(days=days, first=literal(interval.first), last=literal(interval.last))
    )
    for made in (views.NEEDING, views.MET_NEEDS):
        connection.execute(made)
    if of_services:
        connection.execute(views.KINDS_OF_ROWS)
        connection.execute(views.BILLED_CODES)
        connection.execute(prices.mispriced())
        connection.execute(views.STAY_PATHS)
    for view in (views.WORKLOAD, views.TURNED_AWAY, views.NEWLY_ATTACHED):
        connection.execute(view.format(days=days))


def _in_force(table_name: str, on: date) -> str:
    return f"""SELECT * FROM {table_name}
        WHERE valid_from <= {literal(on)} AND (valid_to IS NULL OR valid_to >= {literal(on)})"""


def empty(table_name: str) -> str:
    """SQL: no rows, with the table's columns and types."""
    columns = (
        f"CAST(NULL AS {sql_type(column)}) AS {name(column.name)}"
        for column in table(table_name).columns
    )
    added = {
        "services": ", CAST(NULL AS VARCHAR) AS unreadable",
        "people": ", CAST(NULL AS BOOLEAN) AS iin_agrees",
    }
    return f"SELECT {', '.join(columns)}{added.get(table_name, '')} WHERE FALSE"


def source(lake: Lake, table_name: str, months: list[Month] | None = None) -> str:
    """SQL: a table's rows; a column that came into the table later than all its files is empty in
    them."""
    paths = lake.paths(table_name, months)
    if not paths:
        return empty(table_name)
    held = parquet_columns(paths)
    later = (column for column in table(table_name).columns if column.name not in held)
    added = "".join(
        f", CAST(NULL AS {sql_type(column)}) AS {name(column.name)}" for column in later
    )
    return f"SELECT *{added} FROM {parquet(paths)}"


def _dated(source: str) -> str:
    return f"""SELECT *, CAST(started_at AS DATE) AS started_on, CAST(ended_at AS DATE) AS ended_on,
        CAST(registered_at AS DATE) AS registered_on, CAST(sample_taken_at AS DATE) AS
            sample_taken_on,
        {prices.billed_code()} AS billed_code FROM {source}"""


def _calendar(connection: Connection, folder: Path) -> None:
    """Every day of the known years with the number of working days up to it, and before it."""
    path, count = folder / "calendar.csv", 0
    day, last = date(known_years()[0], 1, 1), date(known_years()[-1], 12, 31)
    with path.open("w", encoding="utf-8") as file:
        while day <= last:
            before, count = count, count + is_working_day(day)
            file.write(f"{day.isoformat()},{count},{before}\n")
            day += timedelta(days=1)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE calendar AS SELECT *
        FROM read_csv({pattern_free(path)}, header = false,
        auto_detect = false, columns = {{'day': 'DATE', 'working_days': 'INTEGER',
            'working_days_before': 'INTEGER'}})""")


def _unknown_persons(connection: Connection) -> None:
    """IINs that the register does not know; those that could not be anyone's must never make two
    people one person."""
    digits = all_digits("iin")
    day = "CAST(substr(iin, 5, 2) AS INTEGER) BETWEEN 1 AND 31"
    coded = (
        "CASE WHEN substr(iin, 7, 1) IN ('1', '2') THEN '18' WHEN substr(iin, 7, 1) IN ('3', "
        "'4') THEN '19' ELSE '20' END"
    )
    born = (
        f"TRY_CAST({coded} || substr(iin, 1, 2) || '-' || substr(iin, 3, 2) || '-' || "
        "substr(iin, 5, 2) AS DATE)"
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE unknown_persons AS
        SELECT iin, CASE WHEN NOT {digits} THEN FALSE WHEN substr(iin, 7, 1) > '6' THEN FALSE
                         WHEN NOT ({day}) OR {born} IS NULL OR {born} > (SELECT last FROM run_days)
                             THEN FALSE ELSE {check_digit_holds("iin")} END AS valid
        FROM (SELECT c.iin FROM month_services c ANTI JOIN people p ON p.iin = c.iin
            WHERE c.iin IS NOT NULL
              UNION SELECT c.iin FROM near_calls c ANTI JOIN people p ON p.iin = c.iin
                  WHERE c.iin IS NOT NULL)""")


def _stays(connection: Connection) -> None:
    columns = f"""provider_bin, service_id, iin, care_form, started_at, ended_at, registered_at,
        outcome, admission, operation_codes, icd10_main, group_code, bed_profile,
        subcontract_bin, {views.PRICED_BY} AS priced_by, {views.DONE_BY} AS done_by"""
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE all_stays AS
        SELECT s.*, substr(s.icd10_main, 1, 3) AS disease, CAST(s.started_at AS DATE) AS started_on,
            CAST(s.ended_at AS DATE) AS ended_on
        FROM (SELECT {columns}, TRUE AS of_month FROM month_services WHERE setting = 'inpatient'
            AND iin IS NOT NULL
              UNION ALL
              SELECT {columns}, FALSE FROM past_services WHERE setting = 'inpatient'
                  AND iin IS NOT NULL) s
        ANTI JOIN (SELECT iin FROM unknown_persons WHERE NOT valid) b ON b.iin = s.iin""")
    connection.execute(views.COURSE_STAYS)
