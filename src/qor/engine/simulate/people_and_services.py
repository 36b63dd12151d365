"""The country's everyday life, by the million: people, their insurance and their services, written
as SQL so that any size is quick.

Everything follows from the number of the person and of the service by fixed arithmetic: the same
size gives the same country. By construction nothing here is a defect: each person's services of a
month lie in slots apart from each other, codes and diseases never repeat within three months, each
doctor works at one provider, every row is priced by tariff and entered the same day.
"""

from __future__ import annotations

from datetime import date, timedelta

from qor.engine.intake.readings import check_digit_of
from qor.engine.simulate.world import (
    DISEASES,
    EXAMINATIONS,
    FORMS_OF_ROLE,
    GROUPS,
    VISITS,
    Provider,
    coefficient,
    price,
)
from qor.engine.storage.duck import Connection, literal, literals
from qor.law.nouns.months import Month
from qor.law.reading.calendar import is_working_day

BIRTHS_FROM = date(1946, 1, 1)
BIRTH_DAYS = 29_150
SLOTS = ((0, 5), (8, 5), (16, 2))
# Of a thousand services, so many are of each form.
SHARES = (
    ("outpatient", 540),
    ("primary", 200),
    ("stay_group", 70),
    ("ambulance", 55),
    ("rural", 45),
    ("stay_bed_day", 18),
    ("railway_mobile", 12),
    ("mental", 14),
    ("tuberculosis", 10),
    ("hiv", 8),
    ("pathology", 18),
    ("blood", 10),
)


def make_people(connection: Connection, count: int, homes: list[Provider]) -> None:
    """The table `everyone`: number, IIN, birth date, sex, death date, home provider. One in 97 died
    before the months that are run.

    At most 58 million, twice a thousand serials a birthday.
    """
    bins = ", ".join(
        f"({n}, {literal(home.bin)}, {literal(home.region)})" for n, home in enumerate(homes)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE homes AS SELECT * FROM (VALUES {bins}) h(n, bin, region)"
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE everyone AS
        SELECT i, CASE WHEN serial < 1000 THEN coalesce({_iin("9")}, {_iin("8")}, {_iin("7")},
            {_iin("6")})
                       ELSE coalesce({_iin("5")}, {_iin("4")}, {_iin("3")}, {_iin("2")}) END AS iin,
                           born, CASE WHEN female THEN 'f' ELSE 'm' END AS sex,
               CASE WHEN i % 97 = 0 THEN DATE '2025-09-15' END AS died, h.bin AS home, h.region
        FROM (SELECT i, DATE '{BIRTHS_FROM}' + CAST((i * 7919) % {BIRTH_DAYS} AS INTEGER) AS born,
            (i // 3 + i) % 2 = 0 AS female,
                     i // {BIRTH_DAYS} AS serial FROM range({count}) r(i)) p JOIN homes h
                         ON h.n = p.i % {len(homes)}""")


def people_query() -> str:
    """SQL: everyone as rows of the table `people`."""
    return """SELECT iin, born AS birth_date, sex, died AS death_date, NULL AS death_cause, region,
        i % 3 = 0 AS rural, home AS attached_bin,
        DATE '2024-01-01' AS attached_since, TRUE AS attachment_consent, NULL AS attachment_basis,
            'employed' AS category FROM everyone"""


def insured_query() -> str:
    """SQL: everyone alive is insured, as rows of the table `insured`."""
    return (
        "SELECT iin, DATE '2025-01-01' AS valid_from, died AS valid_to, 'demo' AS basis FROM "
        "everyone"
    )


def make_places(connection: Connection, all_providers: list[Provider]) -> None:
    """The tables `places` (the providers of each form, numbered) and `goods` (codes and prices of
    each form)."""
    lines = []
    for form in {form for forms in FORMS_OF_ROLE.values() for form in forms}:
        serving = [provider for provider in all_providers if form in FORMS_OF_ROLE[provider.role]]
        lines += [
            f"({literals((form, n, len(serving), p.bin, p.number))}, {coefficient(p, form)})"
            for n, p in enumerate(serving)
        ]
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE places AS SELECT care_form, n, of_form, bin,
        number, CAST(factor AS DECIMAL(9,4)) AS factor
        FROM (VALUES {", ".join(lines)}) p(care_form, n, of_form, bin, number, factor)""")
    codes = [
        *((n, code) for n, code in enumerate((*VISITS, *EXAMINATIONS))),
        *((100 + n, code) for n, code in enumerate(GROUPS)),
        (200, "BD.001"),
    ]
    prices = ", ".join(
        f"({n}, {literal(code)}, {'24500.00' if code == 'BD.001' else price(code)})"
        for n, code in codes
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE goods AS SELECT n, code, CAST(price AS "
        f"DECIMAL(18,2)) AS price FROM (VALUES {prices}) g(n, code, price)"
    )
    ills = ", ".join(f"({n}, {literal(code)})" for n, code in enumerate(DISEASES))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE ills AS SELECT * FROM (VALUES {ills}) i(n, icd10)"
    )


def services_query(month: Month, back: int, per_hundred: int) -> str:
    """SQL: the month's services as typed rows of `services`; `per_hundred` services a hundred
    people, `back` tells the months apart.

    Needs `everyone`, `places`, `goods`, `ills`. At most 300 per hundred (three slots a month).
    """
    days = _working_days(month)
    slots = ", ".join(f"({k}, {first}, {width})" for k, (first, width) in enumerate(SLOTS))
    calendar = ", ".join(f"({n}, {literal(day)})" for n, day in enumerate(days))
    return f"""
        SELECT w.bin AS provider_bin, '{month}-' || s.i || '-' || s.k AS service_id,
               CASE WHEN s.form <> 'blood' THEN s.iin END AS iin, 'C' || s.i AS card_no,
                   'R-{month}' AS register_no,
               CASE WHEN s.form = 'blood' THEN 'none'
                   ELSE 'iin' END AS identity_kind, s.form AS care_form, s.setting,
               CASE WHEN s.form IN ('outpatient', 'stay_group') AND s.dice % 3 > 0 THEN 'osms'
                   ELSE 'tmkkk' END AS funding,
               CASE WHEN s.form <> 'stay_group' THEN g.code END AS service_code, CASE
                   WHEN s.form = 'stay_group' THEN g.code END AS group_code,
               NULL AS weight, NULL AS operation_codes, CASE WHEN s.setting = 'inpatient'
                   THEN s.nights END AS bed_days,
               CASE WHEN s.form <> 'blood' THEN d.icd10 END AS icd10_main, NULL AS icd10_other,
                   NULL AS icd10_referral, NULL AS icd10_autopsy,
               s.started_at, s.ended_at, CASE WHEN s.form = 'ambulance' THEN 'emergency'
                   ELSE 'planned' END AS admission,
               CASE WHEN s.setting = 'inpatient' THEN 'THERAPY' END AS bed_profile, CASE
                   WHEN s.setting = 'inpatient' THEN 'improved' END AS outcome,
               1 AS quantity, g.price AS unit_price, w.factor AS coefficient,
               CAST(round(CASE WHEN s.form = 'stay_bed_day' THEN s.nights
                   ELSE 1 END * g.price * w.factor, 2) AS DECIMAL(18,2)) AS amount,
               'D' || lpad(CAST(w.number AS VARCHAR), 4, '0') || '-' || lpad(CAST(s.dice % 40 AS
                   VARCHAR), 2, '0') AS performer_id,
               NULL AS referral_no, NULL AS referral_date, NULL AS referring_bin,
                   NULL AS subcontract_bin, 'K-' || w.number AS contract_no,
               s.ended_at + INTERVAL 3 HOUR AS registered_at, NULL AS sample_taken_at
        FROM (SELECT f.*, CASE WHEN f.form IN ('stay_group', 'stay_bed_day') THEN 'inpatient'
            WHEN f.form = 'ambulance' THEN 'call' ELSE 'visit' END AS setting,
                     2 + f.dice % 2 AS nights, f.started_at + CASE
                         WHEN f.form IN ('stay_group', 'stay_bed_day')
                        THEN to_days(CAST(2 + f.dice % 2 AS INTEGER))
                            ELSE INTERVAL 20 MINUTE END AS ended_at
              FROM (SELECT b.i, b.iin, b.k, b.dice, {_form()} AS form,
                  CAST(c.day AS TIMESTAMP) + to_minutes(CAST(510 + b.dice % 397 AS INTEGER)) AS
                  started_at
                    FROM (SELECT e.i, e.iin, k.k, k.first, k.width,
                        ((e.i * 2654435761 + k.k * 40503 + {back} * 69069) % 4294967296) // 64 AS
                        dice
                          FROM everyone e, (VALUES {slots}) k(k, first, width)
                          WHERE e.died IS NULL AND (k.k + 1) * 100 <= {per_hundred} + 99 - (e.i *
                              37) % 100) b
                    JOIN (VALUES {calendar}) c(n, day) ON c.n = b.first + b.dice % b.width) f) s
        JOIN places w ON w.care_form = s.form AND w.n = s.i % w.of_form
        JOIN goods g ON g.n = CASE s.form WHEN 'stay_group'
            THEN 100 + (s.i * 7 + s.k + 3 * {back}) % {len(GROUPS)} WHEN 'stay_bed_day' THEN 200
                                          ELSE (s.i * 5 + s.k + 3 * {back}) %
                                              {len(VISITS) + len(EXAMINATIONS)} END
        JOIN ills d ON d.n = (s.i * 7 + s.k + 3 * {back}) % {len(DISEASES)}"""


def _iin(thousand: str) -> str:
    """The IIN with serials of that thousand, NULL where the check digit does not exist."""
    century = "CASE WHEN year(born) < 2000 THEN 3 ELSE 5 END + CASE WHEN female THEN 1 ELSE 0 END"
    first = (
        f"(strftime(born, '%y%m%d') || ({century}) || '{thousand}' || lpad(CAST(serial % 1000 "
        "AS VARCHAR), 3, '0'))"
    )
    digit = check_digit_of(first)
    return f"CASE WHEN {digit} < 10 THEN {first} || {digit} END"


def _form() -> str:
    cases, upto = [], 0
    for form, share in SHARES:
        upto += share
        cases.append(f"WHEN (b.dice // 400) % 1000 < {upto} THEN {literal(form)}")
    return f"CASE {' '.join(cases)} END"


def _working_days(month: Month) -> list[date]:
    days = [month.first + timedelta(days=n) for n in range((month.last - month.first).days + 1)]
    return [day for day in days if is_working_day(day)]
