"""The Fund's cash: what is to be paid by when, and what must be kept (291/2020:26; strategy
2020-2025)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from qor.engine.results.contracts import monthly_receipts
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.nouns.states import ActState
from qor.law.rules.fund_cash import reserve, uninvested_balance
from qor.workflow.acts.fundings import sums_by_funding
from qor.workflow.acts.models import Act
from qor.workflow.fields import MoneyField
from qor.workflow.treasury.models import Order

_YEAR = 12


@dataclass(frozen=True, slots=True)
class CashDay:
    """So much to be paid by a day, in so many acts; `ordered` of it is made already; `sources`:
    what is to be paid of each funding."""

    pay_by: date
    acts: int
    to_pay: Decimal
    ordered: Decimal
    sources: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Kept:
    """Receipts of the last twelve months before a month, the reserve and the uninvested balance
    that they ask for."""

    receipts: Decimal
    reserve: Decimal
    uninvested: Decimal


def unpaid(acts: QuerySet[Act]) -> QuerySet[Act]:
    """Signed acts of which the bank has not paid all, with what it paid of each (`paid`, empty
    where nothing). Sources: 291/2020:26."""
    signed = acts.filter(state=ActState.SIGNED, to_pay__gt=0).annotate(
        paid=Subquery(_PAID, output_field=MoneyField())
    )
    return signed.filter(Q(paid__isnull=True) | Q(paid__lt=F("to_pay")))


def past_pay_by(acts: QuerySet[Act], today: date) -> QuerySet[Act]:
    """Acts that should have been paid before today and are not, the longest waiting first. Sources:
    291/2020:26."""
    return (
        unpaid(acts)
        .filter(pay_by__lt=today)
        .select_related("provider", "closing")
        .order_by("pay_by", "pk")
    )


def cash_plan(acts: QuerySet[Act]) -> list[CashDay]:
    """What of signed acts is not paid, by the last day of their payment and by source. Sources:
    291/2020:3, 291/2020:26."""
    signed = list(unpaid(acts).filter(pay_by__isnull=False).order_by("pay_by", "pk"))
    live = Order.objects.filter(act__in=signed).exclude(state=Order.State.RETURNED)
    orders = {
        (number, funding): state
        for number, funding, state in live.values_list("act_id", "funding", "state")
    }
    by_act: dict[int, dict[str, Decimal]] = {}
    for (number, funding), sums in sums_by_funding(signed).items():
        if sums.to_pay > 0 and orders.get((number, funding)) != Order.State.PAID:
            by_act.setdefault(number, {})[funding] = sums.to_pay
    days: dict[date, list[Act]] = {}
    for act in signed:
        if act.pay_by is not None and act.pk in by_act:
            days.setdefault(act.pay_by, []).append(act)
    return [
        _day(day, [(act.pk, by_act[act.pk]) for act in due], set(orders))
        for day, due in days.items()
    ]


def paid_by_source(orders: QuerySet[Order]) -> dict[str, Decimal]:
    """What paid orders came to of each funding. Sources: 291/2020:3."""
    paid = (
        orders.filter(state=Order.State.PAID)
        .values("funding")
        .annotate(s=Sum("amount"))
        .order_by("funding")
    )
    return {row["funding"]: Decimal(row["s"]) for row in paid}


def _day(
    day: date, due: list[tuple[int, dict[str, Decimal]]], ordered: set[tuple[int | None, str]]
) -> CashDay:
    sources: dict[str, Decimal] = {}
    ordered_sum = Decimal(0)
    for number, sums in due:
        for funding, amount in sorted(sums.items()):
            sources[funding] = sources.get(funding, Decimal(0)) + amount
            ordered_sum += amount if (number, funding) in ordered else Decimal(0)
    return CashDay(day, len(due), sum(sources.values(), Decimal(0)), ordered_sum, sources)


def kept_back(lake: Lake, month: Month) -> Kept:
    """What must stand aside in a month, by the receipts of the twelve before it."""
    months = [str(month.shift(-n)) for n in range(1, _YEAR + 1)]
    listed = [row for row in monthly_receipts(lake) if row["month"] in months]
    receipts = sum((Decimal(row["amount"]) for row in listed), Decimal(0))
    return Kept(receipts, reserve(receipts, month.first), uninvested_balance(receipts, month.first))


_PAID = (
    Order.objects.filter(act=OuterRef("pk"), state=Order.State.PAID)
    .order_by()
    .values("act")
    .annotate(s=Sum("amount"))
    .values("s")
)
