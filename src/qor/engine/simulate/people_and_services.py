"""The country's everyday life, by the million: people, their insurance and their services, made
by named steps so that any size is quick.

Everything follows from the number of the person and of the service by fixed arithmetic: the same
size gives the same country. By construction nothing here is a defect: each person's services of a
month lie in slots apart from each other, codes and diseases never repeat within three months, each
doctor works at one provider, every row is priced by tariff and entered the same day.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from qor.engine.intake.identifier_digits import check_digit_of
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
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.steps import listed_rows, make_table, query_of, run_step
from qor.law.nouns.months import Month
from qor.law.reading.calendar import is_working_day

BIRTHS_FROM = date(1946, 1, 1)
BIRTH_DAYS = 29_150
_BED_DAY = Decimal("24500.00")
_PLACES = {
    "care_form": "VARCHAR",
    "n": "INTEGER",
    "of_form": "INTEGER",
    "bin": "VARCHAR",
    "number": "INTEGER",
    "factor": "DECIMAL(9,4)",
}
_GOODS = {"n": "INTEGER", "code": "VARCHAR", "price": "DECIMAL(18,2)"}
_ILLS = {"n": "INTEGER", "icd10": "VARCHAR"}
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
    places = ((n, home.bin, home.region) for n, home in enumerate(homes))
    kinds = {"n": "INTEGER", "bin": "VARCHAR", "region": "VARCHAR"}
    make_table(connection, "homes", listed_rows(places, kinds))
    younger, older = (", ".join(map(_iin, each)) for each in ("9876", "5432"))
    run_step(
        connection,
        "everyone",
        births_from=literal(BIRTHS_FROM),
        birth_days=literal(BIRTH_DAYS),
        people=literal(count),
        homes=literal(len(homes)),
        iin=f"CASE WHEN serial < 1000 THEN coalesce({younger}) ELSE coalesce({older}) END",
    )


def people_query() -> str:
    """SQL: everyone as rows of the table `people`."""
    return query_of("invented_people")


def insured_query() -> str:
    """SQL: everyone alive is insured, as rows of the table `insured`."""
    return query_of("invented_insured")


def make_places(connection: Connection, all_providers: list[Provider]) -> None:
    """The tables `places` (the providers of each form, numbered) and `goods` (codes and prices of
    each form)."""
    lines = []
    for form in {form for forms in FORMS_OF_ROLE.values() for form in forms}:
        serving = [provider for provider in all_providers if form in FORMS_OF_ROLE[provider.role]]
        lines += [
            (form, n, len(serving), p.bin, p.number, coefficient(p, form))
            for n, p in enumerate(serving)
        ]
    codes = [
        *((n, code) for n, code in enumerate((*VISITS, *EXAMINATIONS))),
        *((100 + n, code) for n, code in enumerate(GROUPS)),
    ]
    prices = [*((n, code, price(code)) for n, code in codes), (200, "BD.001", _BED_DAY)]
    make_table(connection, "places", listed_rows(lines, _PLACES))
    make_table(connection, "goods", listed_rows(prices, _GOODS))
    make_table(connection, "ills", listed_rows(enumerate(DISEASES), _ILLS))


def services_query(month: Month, back: int, per_hundred: int) -> str:
    """SQL: the month's services as typed rows of `services`; `per_hundred` services a hundred
    people, `back` tells the months apart.

    Needs `everyone`, `places`, `goods`, `ills`. At most 300 per hundred (three slots a month).
    """
    days = ", ".join(f"({n}, {literal(day)})" for n, day in enumerate(_working_days(month)))
    return query_of(
        "invented_services",
        month=literal(str(month)),
        back=literal(back),
        per_hundred=literal(per_hundred),
        form=_form(),
        slots=", ".join(f"({k}, {first}, {width})" for k, (first, width) in enumerate(SLOTS)),
        working_days=days,
        groups=literal(len(GROUPS)),
        codes=literal(len(VISITS) + len(EXAMINATIONS)),
        ills=literal(len(DISEASES)),
    )


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
