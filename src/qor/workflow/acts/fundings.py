"""An act's sums by source of funding: derived from its lines, other sums, and what was taken and
kept, never written apart (291/2020:3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from qor.law.nouns.refusals import Refusal
from qor.workflow.acts.models import Act, ActLine, AdvanceKept, DebtTaken, OtherSum
from qor.workflow.acts.order_state import OrderState

_NOTHING = Decimal(0)
_CHUNK = 500


class FundingNotNamed(Refusal):
    """The contract has several sources of funding, or no act yet that says which: whose money it is
    must be named."""

    key = "funding_not_named"


@dataclass(slots=True)
class FundingSums:
    """What an act comes to of one funding, in tenge: services and other payments, and what is
    netted and kept from them."""

    services: Decimal = _NOTHING
    other_payments: Decimal = _NOTHING
    other_deductions: Decimal = _NOTHING
    advance_kept: Decimal = _NOTHING

    @property
    def accepted(self) -> Decimal:
        """What is accepted of it."""
        return self.services + self.other_payments - self.other_deductions

    @property
    def to_pay(self) -> Decimal:
        """What is paid of it."""
        return self.accepted - self.advance_kept


def sums_by_funding(acts: Iterable[Act]) -> dict[tuple[int, str], FundingSums]:
    """The sums of each act and funding, by (act, funding); they add up to the act's own. Sources:
    291/2020:3, 291/2020:21."""
    by_funding: dict[tuple[int, str], FundingSums] = {}
    numbers = [act.pk for act in acts]
    for start in range(0, len(numbers), _CHUNK):
        some = numbers[start : start + _CHUNK]
        _add(by_funding, "services", ActLine.objects.filter(act__in=some), "accepted")
        _add(by_funding, "other_payments", OtherSum.objects.filter(act__in=some, pays=True))
        _add(by_funding, "other_deductions", DebtTaken.objects.filter(act__in=some))
        _add(by_funding, "advance_kept", AdvanceKept.objects.filter(act__in=some))
    return by_funding


def _add(
    by_funding: dict[tuple[int, str], FundingSums],
    name: str,
    rows: QuerySet[Any],
    column: str = "amount",
) -> None:
    for row in (
        rows.values("act_id", "funding").annotate(s=Sum(column)).order_by("act_id", "funding")
    ):
        sums = by_funding.setdefault((row["act_id"], row["funding"]), FundingSums())
        setattr(sums, name, getattr(sums, name) + Decimal(row["s"]))


def paid_days(acts: Iterable[Act]) -> dict[tuple[int, str], date | None]:
    """The bank day on which each act's sum of a funding was paid, None while it is not; where
    nothing was to be paid, the day of the signature.

    Sources: 291/2020:26.
    """
    known = {act.pk: act for act in acts}
    # The treasury's orders are reached through the act that they pay.
    orders = Act.objects.filter(pk__in=list(known), orders__state=OrderState.PAID)
    paid = {
        (number, funding): day
        for number, funding, day in orders.values_list("pk", "orders__funding", "orders__bank_day")
    }
    return {
        (number, funding): paid.get((number, funding))
        if each.to_pay > 0
        else known[number].signed_on
        for (number, funding), each in sums_by_funding(known.values()).items()
    }
