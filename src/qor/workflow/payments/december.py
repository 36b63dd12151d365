"""December's recalculation of primary care: attached people whom their provider never served in the year (291/2020:47-1)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from qor.engine.duck import Connection
from qor.engine.lake import Lake
from qor.engine.settlement.values import make_norms, never_served
from qor.law.money import round_tenge
from qor.law.months import Month, year_upto
from qor.law.per_capita import december_recalculation
from qor.workflow.accounts.models import Organisation
from qor.workflow.payments.debts import impose
from qor.workflow.payments.models import OtherSum

_DECEMBER = 12


def recalculate(
    connection: Connection, lake: Lake, month: Month, providers: dict[str, Organisation], at: datetime
) -> int:
    """In December, enter what each provider of primary care must give back, as another deduction of its contract; how many. Sources: 291/2020:47-1.

    Needs `contract_forms`. The norms are those of the twelve months, coefficients of December; leaves `tariffs_of` as it is for December.
    """
    if month.number != _DECEMBER:
        return 0
    norms = _norms_of_the_year(connection, lake, month.year)
    primary = "SELECT bin, min(contract_no) FROM contract_forms WHERE care_form = 'primary' AND funding = 'tmkkk' GROUP BY bin"
    contracts, done = dict(connection.execute(primary).fetchall()), 0
    unserved = f"SELECT bin, persons FROM ({never_served(lake, month.year)}) ORDER BY bin"
    for bin_, persons in connection.execute(unserved).fetchall():
        amount = december_recalculation(norms.get(bin_, []), persons, month.year)
        if bin_ in contracts and bin_ in providers and amount > 0:
            _enter(providers[bin_], contracts[bin_], amount, persons, at)
            done += 1
    return done


def _norms_of_the_year(connection: Connection, lake: Lake, year: int) -> dict[str, list[Decimal]]:
    """The norm of primary care of each provider in each month, with December's coefficients."""
    factor = f"""SELECT t.bin, t.value * coalesce(k.value, 1) FROM tariffs_of t LEFT JOIN coefficient_lines k ON k.bin = t.bin AND k.care_form = t.care_form
        AND DATE '{Month(year, _DECEMBER).last}' BETWEEN k.valid_from AND k.valid_to WHERE t.care_form = 'primary'"""
    found: dict[str, list[Decimal]] = {}
    for month in year_upto(Month(year, _DECEMBER)):
        make_norms(connection, lake, month)
        for bin_, value in connection.execute(factor).fetchall():
            found.setdefault(bin_, []).append(round_tenge(Decimal(value)))
    return found


def _enter(provider: Organisation, contract_no: str, amount: Decimal, persons: int, at: datetime) -> None:
    made = OtherSum.objects.create(
        provider=provider, contract_no=contract_no, funding="tmkkk", pays=False, ground=OtherSum.Ground.RECALCULATION,
        amount=amount, words=f"291/2020:47-1, {persons}", at=at,
    )  # fmt: skip
    impose(made, at)
