"""What the invented fund bought: month's sums of each contract line, populations served, bank
accounts. Some providers' plans are too small."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from qor.engine.simulate.rule_tables import norm_rows
from qor.engine.simulate.world import FORMS_OF_ROLE, OPEN_FROM, Provider
from qor.engine.storage.duck import Connection
from qor.engine.storage.steps import make_table, step_rows
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.identifiers import check_iban
from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month
from qor.law.rules.deductions import norm_kinds
from qor.law.rules.ways_of_paying import Way, way_of

Row = dict[str, Any]
FIRST, MONTHS = Month(2025, 12), 13
_LINES_FROM = 1000
_AMPLE, _SCARCE = Decimal("1.15"), Decimal("0.93")
_EVERY = 7


def plan_rows(
    connection: Connection, providers: list[Provider], people: int, month_query: str
) -> Iterator[Row]:
    """A line of sums for each provider, care form, funding and month from December: what a month
    comes to, and some; every seventh too little."""
    make_table(connection, "bought", month_query)
    sums = {
        (bin_, form, funding): (amount, patients)
        for bin_, form, funding, amount, patients in step_rows(connection, "bought_sums")
    }
    line = _LINES_FROM
    for provider in providers:
        for form in FORMS_OF_ROLE[provider.role]:
            for funding in ("tmkkk", "osms"):
                worth = _worth(
                    provider,
                    form,
                    funding,
                    sums.get((provider.bin, form, funding), (Decimal(0), 0)),
                    _served(provider, providers, people),
                )
                factor = _SCARCE if provider.number % _EVERY == 3 else _AMPLE
                for n in range(MONTHS):
                    line += 1
                    yield _line(
                        provider, line, form, funding, FIRST.shift(n), round_tenge(worth * factor)
                    )


def attached_rows(providers: list[Provider], people: int, months: list[Month]) -> list[Row]:
    """The population of rural providers and ambulance stations; that of polyclinics stands in the
    population register."""
    return [
        {
            "bin": p.bin,
            "month": str(month),
            "sex": "f",
            "age_group": "all",
            "persons": _served(p, providers, people),
        }
        for p in providers
        if p.role in {"rural", "station"}
        for month in months
    ]


def account_rows(providers: list[Provider]) -> list[Row]:
    """An invented bank account for every provider."""
    return [
        {
            "bin": p.bin,
            "iban": check_iban("KZ", f"999{p.number:013d}"),
            "bic": "DEMOKZKA",
            "valid_from": OPEN_FROM,
            "valid_to": None,
        }
        for p in providers
    ]


def _served(provider: Provider, providers: list[Provider], people: int) -> int:
    alike = sum(other.role == provider.role for other in providers)
    return people // (alike if provider.role in {"polyclinic", "station"} else alike * 10)


def _worth(
    provider: Provider, form: str, funding: str, month: tuple[Decimal, int], served: int
) -> Decimal:
    way = way_of(CareForm(form)).way
    norms = {(row["bin"], row["kind"]): row["value"] for row in norm_rows([provider])}
    norm = Decimal(str(next((norms["*", kind] for kind in norm_kinds(CareForm(form))), 0)))
    if way is Way.PER_CAPITA:
        return norm * served if funding == "tmkkk" else Decimal(0)
    return norm * month[1] if way is Way.COMPLEX else month[0]


def _line(
    provider: Provider, line: int, form: str, funding: str, month: Month, amount: Decimal
) -> Row:
    return {
        "contract_no": f"K-{provider.number}",
        "line": line,
        "bin": provider.bin,
        "care_form": form,
        "funding": funding,
        "service_code": "*",
        "month": str(month),
        "amount": amount,
        "valid_from": month.first.replace(month=1, day=1),
        "valid_to": None,
    }


def receipt_rows(people: int) -> list[Row]:
    """What the invented fund received in the twelve months before February."""
    return [
        {"month": str(FIRST.shift(-n)), "funding": funding, "amount": Decimal(people) * share}
        for n in range(-1, MONTHS - 1)
        for funding, share in (("tmkkk", 9_000), ("osms", 4_500))
    ]
