"""December's recalculation of primary care: attached people whom their provider never served in the
year (291/2020:47-1)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from qor.engine.settlement.capitation_amounts import PER_CAPITA, UNPAID
from qor.engine.settlement.values import make_norms, never_served
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month, year_upto
from qor.law.reading.figures import figure
from qor.law.rules.per_capita import PaidMonth, brought_to_eighty
from qor.workflow.accounts.models import Organisation
from qor.workflow.acts.debts import record_debt
from qor.workflow.acts.models import ActLine, OtherSum

_DECEMBER = 12


def recalculate(
    connection: Connection,
    lake: Lake,
    month: Month,
    providers: dict[str, Organisation],
    at: datetime,
) -> int:
    """In December, enter what each provider of primary care must give back, as another deduction of
    the contract that was paid; how many.

    Only months whose acts paid per capita count, December's own included. Needs
    `coefficient_lines`; leaves `tariffs_of` as it is for December.
    Sources: 291/2020:47-1.
    """
    if month.number != _DECEMBER:
        return 0
    paid = _paid_lines(month.year)
    norms, back = (
        _norms_of_the_year(connection, lake, month.year),
        defaultdict[tuple[str, str], list[PaidMonth]](list),
    )
    for bin_, name, insured, uninsured in never_served(connection, lake, month.year):
        for contract, (whole, lowered) in paid.get((bin_, name), {}).items():
            norm = norms.get((bin_, name))
            if norm is not None:
                back[bin_, contract].append(PaidMonth(norm, insured, whole))
                share = whole if lowered is None else lowered * _lowered_share(month)
                back[bin_, contract].append(PaidMonth(norm, uninsured, share, contributions=False))
    done = 0
    for (bin_, contract), months in sorted(back.items()):
        amount = brought_to_eighty(months, month.year)
        if bin_ in providers and amount > 0:
            _enter(providers[bin_], contract, amount, max(m.people for m in months), at)
            done += 1
    return done


def _lowered_share(month: Month) -> Fraction:
    return Fraction(figure("unpaid_contributions_share", month.last).value) / 100


def _paid_lines(year: int) -> dict[tuple[str, str], dict[str, tuple[Fraction, Fraction | None]]]:
    """By BIN and month, by contract: the part of the sum per capita that was accepted, and of that
    without contributions (None where none was made)."""
    kinds = {PER_CAPITA: 0, UNPAID: 1}
    found: dict[tuple[str, str], dict[str, list[Fraction | None]]] = defaultdict(
        lambda: defaultdict(lambda: [None, None])
    )
    lines = ActLine.objects.filter(
        care_form="primary", kind__in=kinds, service_month__startswith=f"{year}-", claimed__gt=0
    )
    for bin_, contract, name, kind, claimed, accepted in lines.values_list(
        "act__provider__bin", "act__contract_no", "service_month", "kind", "claimed", "accepted"
    ):
        found[str(bin_), name][contract][kinds[kind]] = Fraction(accepted) / Fraction(claimed)
    return {
        key: {
            contract: (whole or Fraction(0), lowered)
            for contract, (whole, lowered) in contracts.items()
        }
        for key, contracts in found.items()
    }


def _norms_of_the_year(
    connection: Connection, lake: Lake, year: int
) -> dict[tuple[str, str], Decimal]:
    """The norm of primary care of each provider in each month, with the coefficients of that
    month."""
    found: dict[tuple[str, str], Decimal] = {}
    for of in year_upto(Month(year, _DECEMBER)):
        make_norms(connection, lake, of)
        query = f"""SELECT t.bin, t.value, coalesce(k.value, 1) FROM tariffs_of t LEFT
            JOIN coefficient_lines k ON k.bin = t.bin
            AND k.care_form = t.care_form AND DATE '{of.last}' BETWEEN k.valid_from AND k.valid_to
                WHERE t.care_form = 'primary'"""
        for bin_, value, factor in connection.execute(query).fetchall():
            found[bin_, str(of)] = Decimal(value) * Decimal(factor)
    return found


def _enter(
    provider: Organisation, contract_no: str, amount: Decimal, persons: int, at: datetime
) -> None:
    made = OtherSum.objects.create(
        provider=provider,
        contract_no=contract_no,
        funding="tmkkk",
        pays=False,
        ground=OtherSum.Ground.RECALCULATION,
        amount=amount,
        statement=f"291/2020:47-1, {persons}",
        at=at,
    )
    record_debt(made, at)
