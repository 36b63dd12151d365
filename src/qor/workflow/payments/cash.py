"""The Fund's cash: what is to be paid by when, and what must be kept (291/2020:26; strategy 2020-2025)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from qor.engine.checks.features import source
from qor.engine.duck import connect
from qor.engine.lake import Lake
from qor.law.fund_cash import reserve, uninvested_balance
from qor.law.months import Month
from qor.workflow.payments.models import Act, Order

_YEAR = 12


@dataclass(frozen=True, slots=True)
class CashDay:
    """So much to be paid by a day, in so many acts; `orders` of it are made already."""

    pay_by: date
    acts: int
    to_pay: Decimal
    ordered: Decimal


@dataclass(frozen=True, slots=True)
class Kept:
    """Receipts of the last twelve months before a month, the reserve and the uninvested balance that they ask for."""

    receipts: Decimal
    reserve: Decimal
    uninvested: Decimal


def cash_plan(acts: QuerySet[Act]) -> list[CashDay]:
    """Signed acts that are not paid, by the last day of their payment. Sources: 291/2020:26."""
    waiting = acts.filter(state="signed", to_pay__gt=0).exclude(orders__state=Order.State.PAID)
    ordered = dict(
        Order.objects.filter(act__in=waiting, state=Order.State.MADE)
        .values_list("act__pay_by")
        .annotate(s=Sum("amount"))
    )
    days: dict[date, list[Decimal]] = {}
    for day, amount in waiting.values_list("pay_by", "to_pay").order_by("pay_by"):
        if day is not None:
            days.setdefault(day, []).append(amount)
    return [
        CashDay(day, len(sums), sum(sums, Decimal(0)), Decimal(ordered.get(day) or 0)) for day, sums in days.items()
    ]


def kept_back(lake: Lake, month: Month) -> Kept:
    """What must stand aside in a month, by the receipts of the twelve before it."""
    months = [str(month.shift(-n)) for n in range(1, _YEAR + 1)]
    with connect() as connection:
        rows = connection.execute(f"SELECT month, amount FROM ({source(lake, 'receipts')})").fetchall()
    receipts = sum((Decimal(amount) for name, amount in rows if name in months), Decimal(0))
    return Kept(receipts, reserve(receipts, month.first), uninvested_balance(receipts, month.first))
