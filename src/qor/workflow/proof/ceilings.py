"""Proving that no contract was paid above its sum: each year by itself, and a lessened contract
above its lower sum no further (291/2020:13, 27, 28)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from qor.workflow.acts.models import (
    ActLine,
    Advance,
    AdvanceKept,
    Closing,
    ContractSum,
    DebtTaken,
    OtherSum,
)
from qor.workflow.treasury.models import Order

_NOTHING = Decimal(0)
Year = tuple[str, str]  # contract, year


def accepted_above_year() -> list[str]:
    """Contracts and years under which a closing accepted more than the year's sum, as that closing
    found it, left room for.

    What was accepted before the sum was lessened stays; above it nothing more. Sources:
    291/2020:13, 291/2020:27, 291/2020:28.
    """
    accepted = _accepted_by_closing()
    so_far: dict[Year, Decimal] = defaultdict(Decimal)
    broken: set[Year] = set()
    sums = _sums_by_closing()
    for closing in sorted({*accepted, *sums}):
        for key, amount in accepted.get(closing, {}).items():
            ceiling = sums.get(closing, {}).get(key)
            if (
                amount > 0
                and ceiling is not None
                and so_far[key] + amount > max(ceiling, so_far[key])
            ):
                broken.add(key)
            so_far[key] += amount
    return sorted({contract for contract, _ in broken})


def paid_above_contract() -> list[str]:
    """Contracts under which more was paid, advances included, than their years' sums and other
    payments come to.

    The sum of a year is the latest that a closing found, but never less than what was accepted
    before it was lessened and what was left of advances then: that comes back from the provider
    (291/2020:10). Sources: 291/2020:10, 291/2020:27.
    """
    ceilings: dict[str, Decimal] = defaultdict(Decimal)
    for (contract, _), amount in _years().items():
        ceilings[contract] += amount
    paid = _by_contract(Order.objects.exclude(state=Order.State.RETURNED))
    refunds = _by_contract(AdvanceKept.objects.filter(act__isnull=True), "advance__contract_no")
    taken_in = OtherSum.objects.filter(pays=True, act__isnull=False)
    free = _by_contract(taken_in.exclude(ground=OtherSum.Ground.LATER_DECISION), "act__contract_no")
    back = _by_contract(taken_in.filter(ground=OtherSum.Ground.LATER_DECISION), "act__contract_no")
    netted = _by_contract(DebtTaken.objects.all(), "act__contract_no")
    above = []
    for number, most in ceilings.items():
        allowed = most + free[number] + min(back[number], netted[number])
        if paid[number] - refunds[number] > allowed:
            above.append(number)
    return above


def _years() -> dict[Year, Decimal]:
    """What each contract and year may have been paid: the latest sum, or what was accepted until it
    became that low, with what was left of its advances then."""
    sums, accepted, advances = _sums_by_closing(), _accepted_by_closing(), _advances_by_closing()
    years: dict[Year, Decimal] = {}
    latest: dict[Year, Decimal] = {}
    so_far: dict[Year, Decimal] = defaultdict(Decimal)
    stays: dict[Year, Decimal] = defaultdict(Decimal)
    for closing in sorted({*accepted, *sums}):
        for key, amount in sums.get(closing, {}).items():
            if amount < latest.get(key, amount + 1):
                stays[key] = max(stays[key], so_far[key] + advances[closing][key])
            latest[key] = amount
            years[key] = max(amount, so_far[key], stays[key])
        for key, amount in accepted.get(closing, {}).items():
            so_far[key] += amount
    return years


def _advances_by_closing() -> dict[str, dict[Year, Decimal]]:
    """What providers still had of advances when a month was closed: granted by then, less what acts
    of earlier closings kept, by contract and year. Sources: 291/2020:8, 291/2020:10."""
    moments = dict(Closing.objects.values_list("month", "at"))
    by_closing: dict[str, dict[Year, Decimal]] = {of: defaultdict(Decimal) for of in moments}
    withheld: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for number, of, amount in AdvanceKept.objects.filter(act__isnull=False).values_list(
        "advance_id", "act__closing__month", "amount"
    ):
        withheld[number][of] += amount
    for number, contract, year, at, amount in Advance.objects.values_list(
        "pk", "contract_no", "first_month", "at", "amount"
    ):
        for closing in (of for of, moment in moments.items() if at <= moment):
            before = sum((part for of, part in withheld[number].items() if of < closing), _NOTHING)
            by_closing[closing][contract, year[:4]] += amount - before
    return by_closing


def _sums_by_closing() -> dict[str, dict[Year, Decimal]]:
    by_closing: dict[str, dict[Year, Decimal]] = defaultdict(dict)
    for month, contract, year, amount in ContractSum.objects.values_list(
        "closing__month", "contract_no", "year", "amount"
    ):
        by_closing[month][contract, year] = Decimal(amount)
    return by_closing


def _accepted_by_closing() -> dict[str, dict[Year, Decimal]]:
    """What each closing accepted, by contract and year of service."""
    by = ("act__closing__month", "act__contract_no", "service_month")
    by_closing: dict[str, dict[Year, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    lines = (
        ActLine.objects.exclude(act__contract_no="")
        .values(*by)
        .annotate(s=Sum("accepted"))
        .order_by(*by)
    )
    for row in lines:
        key = (row["act__contract_no"], row["service_month"][:4])
        by_closing[row["act__closing__month"]][key] += Decimal(row["s"] or 0)
    return by_closing


def _by_contract(rows: QuerySet[Any], column: str = "contract_no") -> dict[str, Decimal]:
    sums = rows.values(column).annotate(s=Sum("amount")).order_by(column)
    return defaultdict(Decimal, {row[column]: Decimal(row["s"]) for row in sums})
