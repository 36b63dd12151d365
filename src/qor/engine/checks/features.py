"""The views that checks read: the month's rows with what is derived from them, the history they need, the reference tables.

| view | rows |
|---|---|
| cur | the services of the run's interval of days (one edition of the law, one set of figures), with dates and billed code |
| mispriced | rows of `cur` whose amount is not the expected one, with `expected_amount` |
| stays | round-the-clock stays of the month and two months back; `in_cur` marks the run's own |
| diagnostics, limited, repeated, two_places, infants | rows narrowed to where the check of that purpose can find something |
| dead, disagreeing | people who died; people whose IIN codes another birth date or sex |
| kinds_of_rows, billed_codes | the combinations that licences and contracts are asked of; the codes billed on each day |
| course_stays | stays that are a course or a stage by the dated table |
| operations, subcontracted | operations of the month and two months back; services that a co-executor did |
| people, providers, licences, staff, contracts, tariffs, service_rules, courses, insured | the lake's tables |
| strangers | IINs of the month that the population register does not know, and whether they can be IINs at all |
| calendar, icd_catalogue, icd_limits, rules_today | days; diagnoses; their limits; the rules of codes in the interval |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from qor.engine.checks import diagnoses, entitlements
from qor.engine.duck import Connection, literal, literals, name, parquet
from qor.engine.intake.readings import all_digits, check_digit_holds, sql_type
from qor.engine.intake.tables import table
from qor.engine.lake import Lake
from qor.law.calendar import is_working_day, known_years
from qor.law.expected_amounts import pricings
from qor.law.months import Month

STAY_MONTHS = 2
DIAGNOSTIC_MONTHS = 12
REFERENCE = (
    "people", "providers", "licences", "staff", "contracts", "tariffs", "service_rules", "icd_rules", "courses",
    "coefficients", "norms", "insured",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interval:
    """Days of completion, both included, over which edition and figures stay the same."""

    first: date
    last: date


def prepare(
    connection: Connection, lake: Lake, months: list[Month], folder: Path, instead: dict[str, str] | None = None
) -> None:
    """Make everything that is the same for the whole run: usually one month, or several in a row. `folder` takes small files.

    `instead` gives other SQL for some sources (people, insured, month_services, past_services, year_services): a slice of the lake.
    """
    first = months[0]
    taken = instead or {}
    connection.execute("""CREATE OR REPLACE MACRO full_years(born, day) AS
        year(day) - year(born) - CASE WHEN month(day) * 100 + day(day) < month(born) * 100 + day(born) THEN 1 ELSE 0 END""")
    connection.execute("CREATE OR REPLACE MACRO masked(iin) AS left(iin, 2) || '********' || substr(iin, 11)")
    for reference in REFERENCE:
        connection.execute(
            f"CREATE OR REPLACE VIEW {name(reference)} AS {taken.get(reference) or _rows(lake, reference)}"
        )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE run_days AS SELECT {literal(first.first)} AS first, {literal(months[-1].last)} AS last"
    )
    _calendar(connection, folder)
    diagnoses.prepare(connection, folder)
    sources = {
        "month_services": months,
        "past_services": _back(first, STAY_MONTHS),
        "year_services": _back(first, DIAGNOSTIC_MONTHS),
    }
    for view, of in sources.items():
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS {taken.get(view) or _rows(lake, 'services', of)}")
    connection.execute(f"CREATE OR REPLACE VIEW month_rows AS {_dated('month_services')}")
    connection.execute("CREATE OR REPLACE TEMP TABLE dead AS SELECT * FROM people WHERE death_date IS NOT NULL")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE disagreeing AS SELECT iin, birth_date FROM people WHERE NOT iin_agrees"
    )
    _strangers(connection)
    _prices(connection)
    entitlements.prepare(connection, folder)
    _stays(connection)
    connection.execute(_AGAIN)
    connection.execute(_ROAMING)
    connection.execute("""CREATE OR REPLACE TEMP TABLE operations AS
        SELECT iin, CAST(started_at AS DATE) AS started_on, CAST(ended_at AS DATE) AS ended_on
        FROM (SELECT iin, started_at, ended_at, operation_codes FROM month_services
              UNION ALL SELECT iin, started_at, ended_at, operation_codes FROM past_services)
        WHERE iin IS NOT NULL AND len(operation_codes) > 0""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE subcontracted AS
        SELECT DISTINCT iin, service_code, started_at, subcontract_bin FROM month_services WHERE subcontract_bin IS NOT NULL""")


def _units() -> str:
    """SQL: what a row's price is multiplied by, after the law's table of pricings."""
    cases = " ".join(f"WHEN {literal(p.care_form.value)} THEN c.{p.units_column}" for p in pricings())
    return f"CASE c.care_form {cases} END"


def _priced() -> str:
    """SQL: whether the row is one that its form of care prices (rural care: stays only)."""
    narrowed = [p for p in pricings() if p.settings]
    return " AND ".join(
        f"(c.care_form <> {literal(p.care_form.value)} OR c.setting IN ({literals(p.settings)}))" for p in narrowed
    )


def _back(first: Month, count: int) -> list[Month]:
    return [first.shift(-n) for n in range(count, 0, -1)]


def focus(connection: Connection, interval: Interval) -> None:
    """Point `cur` and all that follows from it at one interval of days."""
    days = f"ended_on BETWEEN {literal(interval.first)} AND {literal(interval.last)}"
    connection.execute(f"CREATE OR REPLACE VIEW cur AS SELECT * FROM month_rows WHERE {days}")
    connection.execute(f"CREATE OR REPLACE VIEW stays AS SELECT *, of_month AND {days} AS in_cur FROM all_stays")
    connection.execute(f"""CREATE OR REPLACE VIEW rules_today AS SELECT * FROM service_rules
        WHERE valid_from <= {literal(interval.last)} AND (valid_to IS NULL OR valid_to >= {literal(interval.last)})""")
    connection.execute(_KINDS_OF_ROWS)
    connection.execute(_BILLED_CODES)
    connection.execute(_MISPRICED.format(units=_units(), priced=_priced()))
    connection.execute(_LIMITED.format(days=days))
    connection.execute(_REPEATED.format(days=days))
    connection.execute(_TWO_PLACES.format(days=days))
    connection.execute(_DIAGNOSTICS.format(days=days))
    connection.execute(_INFANTS.format(days=days, first=literal(interval.first), last=literal(interval.last)))


def empty(table_name: str) -> str:
    """SQL: no rows, with the table's columns and types."""
    columns = (f"CAST(NULL AS {sql_type(column)}) AS {name(column.name)}" for column in table(table_name).columns)
    added = {"services": ", CAST(NULL AS VARCHAR) AS unreadable", "people": ", CAST(NULL AS BOOLEAN) AS iin_agrees"}
    return f"SELECT {', '.join(columns)}{added.get(table_name, '')} WHERE FALSE"


def _rows(lake: Lake, table_name: str, months: list[Month] | None = None) -> str:
    paths = lake.paths(table_name, months)
    return f"SELECT * FROM {parquet(paths)}" if paths else empty(table_name)


def _dated(source: str) -> str:
    grouped = [pricing for pricing in pricings() if pricing.code_column == "group_code"]
    plain = literals(pricing.care_form.value for pricing in grouped if not pricing.settings)
    narrowed = " ".join(
        f"WHEN care_form = {literal(pricing.care_form.value)} AND setting IN ({literals(pricing.settings)}) THEN group_code"
        for pricing in grouped
        if pricing.settings
    )
    return f"""SELECT *, CAST(started_at AS DATE) AS started_on, CAST(ended_at AS DATE) AS ended_on,
        CAST(registered_at AS DATE) AS registered_on, CAST(sample_taken_at AS DATE) AS sample_taken_on,
        CASE WHEN care_form IN ({plain}) THEN group_code {narrowed} ELSE service_code END AS billed_code FROM {source}"""


def _calendar(connection: Connection, folder: Path) -> None:
    """Every day of the known years with the number of working days up to it, and before it."""
    path, count = folder / "calendar.csv", 0
    day, last = date(known_years()[0], 1, 1), date(known_years()[-1], 12, 31)
    with path.open("w", encoding="utf-8") as file:
        while day <= last:
            before, count = count, count + is_working_day(day)
            file.write(f"{day.isoformat()},{count},{before}\n")
            day += timedelta(days=1)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE calendar AS SELECT * FROM read_csv({literal(path)}, header = false,
        auto_detect = false, columns = {{'day': 'DATE', 'working_days': 'INTEGER', 'working_days_before': 'INTEGER'}})""")


def _strangers(connection: Connection) -> None:
    """IINs that the register does not know; those that could not be anyone's must never make strangers one person."""
    digits = all_digits("iin")
    day = "CAST(substr(iin, 5, 2) AS INTEGER) BETWEEN 1 AND 31"
    coded = "CASE WHEN substr(iin, 7, 1) IN ('1', '2') THEN '18' WHEN substr(iin, 7, 1) IN ('3', '4') THEN '19' ELSE '20' END"
    born = f"TRY_CAST({coded} || substr(iin, 1, 2) || '-' || substr(iin, 3, 2) || '-' || substr(iin, 5, 2) AS DATE)"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE strangers AS
        SELECT iin, CASE WHEN NOT {digits} THEN FALSE WHEN substr(iin, 7, 1) > '6' THEN FALSE
                         WHEN NOT ({day}) OR {born} IS NULL OR {born} > (SELECT last FROM run_days) THEN FALSE ELSE {check_digit_holds("iin")} END AS valid
        FROM (SELECT DISTINCT c.iin FROM month_services c ANTI JOIN people p ON p.iin = c.iin WHERE c.iin IS NOT NULL)""")


def _prices(connection: Connection) -> None:
    """`tariff_lines`: the tariff of each code in each form of care that has a price per service; its own line before the general one."""
    forms = ", ".join(f"({literal(p.care_form.value)}, {literal(p.tariff_kind)})" for p in pricings())
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE tariff_lines AS
        SELECT f.care_form, t.code, t.valid_from, coalesce(t.valid_to, DATE '9999-12-31') AS valid_to, t.price
        FROM (VALUES {forms}) f(care_form, kind) JOIN tariffs t ON t.kind = f.kind
        WHERE t.care_form = f.care_form OR (t.care_form IS NULL AND NOT EXISTS (
            SELECT 1 FROM tariffs o WHERE o.code = t.code AND o.kind = t.kind AND o.care_form = f.care_form
            AND o.valid_from <= coalesce(t.valid_to, DATE '9999-12-31') AND coalesce(o.valid_to, DATE '9999-12-31') >= t.valid_from))""")


def _stays(connection: Connection) -> None:
    columns = "provider_bin, service_id, iin, care_form, started_at, ended_at, registered_at, outcome, operation_codes, icd10_main, group_code, bed_profile"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE all_stays AS
        SELECT s.*, substr(s.icd10_main, 1, 3) AS disease, CAST(s.started_at AS DATE) AS started_on, CAST(s.ended_at AS DATE) AS ended_on
        FROM (SELECT {columns}, TRUE AS of_month FROM month_services WHERE setting = 'inpatient' AND iin IS NOT NULL
              UNION ALL
              SELECT {columns}, FALSE FROM past_services WHERE setting = 'inpatient' AND iin IS NOT NULL) s
        ANTI JOIN (SELECT iin FROM strangers WHERE NOT valid) b ON b.iin = s.iin""")
    connection.execute(_COURSE_STAYS)


# Stays that are a course or a stage by the dated table: found by each basis apart, so that each is a join on equality.
_COURSE_STAYS = """CREATE OR REPLACE TEMP TABLE course_stays AS
    WITH course_icd AS MATERIALIZED (
        SELECT i.icd10, k.valid_from, k.valid_to FROM icd_catalogue i JOIN courses k ON k.basis = 'icd10'
           AND (i.icd10 = k.code OR i.disease = k.code
             OR (contains(k.code, '-') AND i.disease BETWEEN split_part(k.code, '-', 1) AND split_part(k.code, '-', 2)))),
    named AS NOT MATERIALIZED (
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to
        FROM all_stays s JOIN courses k ON k.basis = 'bed_profile' AND k.code = s.bed_profile
        UNION ALL
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to
        FROM all_stays s JOIN courses k ON k.basis = 'group_code' AND k.code = s.group_code
        UNION ALL
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to
        FROM (SELECT provider_bin, service_id, started_on, unnest(operation_codes) AS code FROM all_stays WHERE len(operation_codes) > 0) s
        JOIN courses k ON k.basis = 'operation_code' AND k.code = s.code
        UNION ALL
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to FROM all_stays s JOIN course_icd k ON k.icd10 = s.icd10_main)
    SELECT DISTINCT provider_bin, service_id FROM named
    WHERE valid_from <= started_on AND (valid_to IS NULL OR valid_to >= started_on)"""

# What licences and contracts are asked of is the same for many rows: such kinds of rows, once each; and the codes billed on each day.
_KINDS_OF_ROWS = """CREATE OR REPLACE TEMP TABLE kinds_of_rows AS
    SELECT provider_bin, care_form, funding, subcontract_bin, started_on, ended_on FROM cur GROUP BY ALL"""
_BILLED_CODES = """CREATE OR REPLACE TEMP TABLE billed_codes AS
    SELECT billed_code, ended_on FROM cur WHERE billed_code IS NOT NULL GROUP BY ALL"""

# Three checks ask where the amount is not the expected one: reckoned once, and only such rows are kept.
_MISPRICED = """CREATE OR REPLACE TEMP TABLE mispriced AS SELECT * FROM (
    SELECT c.provider_bin, c.service_id, c.care_form, c.setting, c.amount,
           CAST(round(CAST(least({units}, 1000000000) AS DECIMAL(38, 6))
                      * t.price * coalesce(k.value, 1), 2) AS DECIMAL(38, 2)) AS expected_amount
    FROM cur c
    JOIN tariff_lines t ON t.care_form = c.care_form AND t.code = c.billed_code AND c.ended_on BETWEEN t.valid_from AND t.valid_to
    LEFT JOIN coefficient_lines k ON k.bin = c.provider_bin AND k.care_form = c.care_form
                                 AND c.ended_on BETWEEN k.valid_from AND k.valid_to
    WHERE {priced}) WHERE amount <> expected_amount"""

_KNOWN_IIN = "c.iin IS NOT NULL AND NOT EXISTS (SELECT 1 FROM strangers b WHERE b.iin = c.iin AND NOT b.valid)"

# One record is the same person, code, performer and start; without a performer, every row is a record of its own.
_LIMITED = f"""CREATE OR REPLACE VIEW limited AS
    SELECT c.provider_bin, c.service_id, c.iin, c.service_code, c.care_form, c.started_on, c.quantity, c.registered_at, g.max_daily,
           {{days}} AS in_cur,
           row_number() OVER (PARTITION BY c.iin, c.service_code, coalesce(c.performer_id, c.provider_bin || '/' || c.service_id), c.started_at
                              ORDER BY c.registered_at, c.provider_bin, c.service_id) AS nth_of_same
    FROM month_rows c JOIN (
        SELECT c.iin, c.service_code, c.started_on, s.max_daily
        FROM month_rows c JOIN rules_today s ON s.code = c.service_code AND s.max_daily IS NOT NULL
        WHERE {_KNOWN_IIN}
        GROUP BY c.iin, c.service_code, c.started_on, s.max_daily HAVING sum(c.quantity) > s.max_daily) g
      ON g.iin = c.iin AND g.service_code = c.service_code AND g.started_on = c.started_on"""

# Where a person has two services of one start, and a performer two places in one day: found once, so that the views on them are small.
# An identifier that is on no staff list (a placeholder) is not one performer.
# A record of an earlier month can only be met by a row that started before this month began.
_OUTPATIENT = "coalesce(setting, 'visit') NOT IN ('inpatient', 'day_hospital')"
_AGAIN = f"""CREATE OR REPLACE TEMP TABLE again AS
    SELECT iin, started_at FROM month_rows WHERE iin IS NOT NULL AND {_OUTPATIENT} GROUP BY iin, started_at HAVING count(*) > 1
    UNION
    SELECT m.iin, m.started_at FROM month_rows m JOIN past_services p ON p.iin = m.iin AND p.started_at = m.started_at
    WHERE m.started_at < (SELECT first FROM run_days)"""
_ROAMING = f"""CREATE OR REPLACE TEMP TABLE roaming AS
    SELECT performer_id, on_day FROM (
        SELECT performer_id, started_on AS on_day, coalesce(subcontract_bin, provider_bin) AS place FROM month_rows
        WHERE performer_id IS NOT NULL AND {_OUTPATIENT}
        UNION ALL
        SELECT performer_id, ended_on, coalesce(subcontract_bin, provider_bin) FROM month_rows
        WHERE performer_id IS NOT NULL AND {_OUTPATIENT} AND ended_on > started_on) SEMI JOIN staff USING (performer_id)
    GROUP BY performer_id, on_day HAVING min(place) <> max(place)"""

_REPEATED = f"""CREATE OR REPLACE VIEW repeated AS
    SELECT c.*, row_number() OVER (PARTITION BY c.iin, c.service_code, c.performer_id, c.started_at
                                   ORDER BY c.registered_at, c.provider_bin, c.service_id) AS nth_of_same
    FROM (SELECT m.provider_bin, m.service_id, m.iin, m.service_code, m.care_form, m.performer_id, m.started_at, m.registered_at,
                 m.subcontract_bin, {{days}} AS in_cur FROM month_rows m JOIN again g ON g.iin = m.iin AND g.started_at = m.started_at
          WHERE {_OUTPATIENT}
          UNION ALL
          SELECT p.provider_bin, p.service_id, p.iin, p.service_code, p.care_form, p.performer_id, p.started_at, p.registered_at,
                 p.subcontract_bin, FALSE FROM past_services p JOIN again g ON g.iin = p.iin AND g.started_at = p.started_at
          WHERE {_OUTPATIENT} AND p.started_at < (SELECT first FROM run_days)) c
    WHERE c.performer_id IS NOT NULL AND c.service_code IS NOT NULL AND {_KNOWN_IIN}"""

_TWO_PLACES = f"""CREATE OR REPLACE VIEW two_places AS
    SELECT c.provider_bin, c.service_id, c.iin, c.service_code, c.care_form, c.performer_id, g.on_day, c.started_at, c.ended_at, c.registered_at,
           coalesce(c.subcontract_bin, c.provider_bin) AS place, {{days}} AS in_cur
    FROM month_rows c
    JOIN roaming g ON g.performer_id = c.performer_id AND (g.on_day = c.started_on OR g.on_day = c.ended_on)
    LEFT JOIN rules_today s ON s.code = c.service_code
    WHERE {_OUTPATIENT} AND coalesce(c.setting, 'visit') <> 'remote' AND NOT coalesce(s.remote_reading, FALSE)"""

# More on one day is the daily limit's affair where the code has one, and the same record twice is a duplicate: neither is a repeat.
_DIAGNOSTICS = f"""CREATE OR REPLACE VIEW diagnostics AS
    WITH examined AS NOT MATERIALIZED (
        SELECT c.*, s.repeat_days, s.max_daily
        FROM (SELECT provider_bin, service_id, iin, service_code, care_form, performer_id, substr(icd10_main, 1, 3) AS disease, started_at,
                     started_on, registered_at, {{days}} AS in_cur FROM month_rows
              UNION ALL
              SELECT provider_bin, service_id, iin, service_code, care_form, performer_id, substr(icd10_main, 1, 3), started_at,
                     CAST(started_at AS DATE), registered_at, FALSE FROM year_services) c
        JOIN rules_today s ON s.code = c.service_code AND s.diagnostic AND s.repeat_days IS NOT NULL
        WHERE c.iin IS NOT NULL AND c.disease IS NOT NULL)
    SELECT c.*, row_number() OVER (PARTITION BY c.iin, c.service_code, c.disease, c.started_on,
                                                CASE WHEN c.max_daily IS NULL THEN c.started_at END, CASE WHEN c.max_daily IS NULL THEN c.performer_id END
                                   ORDER BY c.started_at, c.registered_at, c.provider_bin, c.service_id) AS nth_of_day
    FROM examined c
    JOIN (SELECT iin, service_code FROM examined GROUP BY iin, service_code HAVING count(*) > 1) g
      ON g.iin = c.iin AND g.service_code = c.service_code
    WHERE {_KNOWN_IIN}"""

_COMPLICATION = "({0} BETWEEN 'Y40' AND 'Y84.9' OR {0} BETWEEN 'T80' AND 'T88.9')"
_ANY_COMPLICATION = " OR ".join(
    (
        _COMPLICATION.format("coalesce(c.icd10_main, '')"),
        _COMPLICATION.format("coalesce(p.death_cause, '')"),
        f"len(list_filter(coalesce(c.icd10_other, []), lambda o: {_COMPLICATION.format('o')})) > 0",
    )
)

_INFANTS = f"""CREATE OR REPLACE VIEW infants AS
    SELECT c.provider_bin, c.service_id, c.care_form, c.started_at, c.started_on, c.icd10_main, {{days}} AS in_cur, p.birth_date,
           p.death_date AS died_on, coalesce(p.death_cause, c.icd10_main) AS cause, c.iin AS child, ({_ANY_COMPLICATION}) AS complication
    FROM month_rows c JOIN (SELECT * FROM dead WHERE date_diff('day', birth_date, death_date) <= 366
                            AND death_date BETWEEN (SELECT first FROM run_days) AND (SELECT last FROM run_days)) p ON p.iin = c.iin
    UNION ALL
    SELECT c.provider_bin, c.service_id, c.care_form, c.started_at, c.started_on, c.icd10_main, {{days}}, NULL, c.ended_on, c.icd10_main,
           c.provider_bin || '/' || c.service_id, ({_ANY_COMPLICATION.replace("p.death_cause", "c.icd10_main")})
    FROM month_rows c WHERE c.identity_kind = 'newborn' AND c.outcome = 'died'
      AND NOT EXISTS (SELECT 1 FROM dead p WHERE p.iin = c.iin)"""
