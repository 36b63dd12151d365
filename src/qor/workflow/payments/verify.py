"""Proving the money: every identity of acts, lines, ledger, deductions and orders, on any database. Each check counts what breaks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q, Sum

from qor.workflow.fields import total
from qor.workflow.payments.ceilings import accepted_above_year, paid_above_contract
from qor.workflow.payments.fundings import sums_by_funding
from qor.workflow.payments.later import active
from qor.workflow.payments.models import (
    Act,
    ActLine,
    Advance,
    AdvanceKept,
    Closing,
    Debt,
    DebtTaken,
    Deduction,
    HeldService,
    Order,
    OtherSum,
)  # fmt: skip
from qor.workflow.payments.postings import Account, Posting

_SUMS = ("claimed", "released", "returned", "held", "disallowed", "beyond")
_SQL = {
    "claims_are_empty_after_a_closing": """SELECT count(*) FROM (SELECT act_id FROM payments_posting WHERE debit = 'claims' OR credit = 'claims'
        GROUP BY act_id HAVING sum(CASE WHEN debit = 'claims' THEN amount ELSE -amount END) <> 0) a""",
    "each_act_is_payable_once": """SELECT count(*) FROM payments_act a LEFT JOIN (
        SELECT act_id, sum(CASE WHEN credit = 'payable' THEN amount ELSE -amount END) AS owing
        FROM payments_posting WHERE debit = 'payable' OR credit = 'payable' GROUP BY act_id) p ON p.act_id = a.id
        LEFT JOIN (SELECT act_id, sum(amount) AS paid FROM payments_order WHERE state = 'paid' GROUP BY act_id) o ON o.act_id = a.id
        WHERE coalesce(p.owing, 0) <> a.to_pay - coalesce(o.paid, 0)""",
    "lines_sum_to_their_act": """SELECT count(*) FROM payments_act a LEFT JOIN (SELECT act_id, sum(claimed) AS claimed, sum(released) AS released,
        sum(returned) AS returned, sum(held) AS held, sum(disallowed) AS disallowed, sum(beyond) AS beyond FROM payments_actline GROUP BY act_id) l
        ON l.act_id = a.id WHERE a.claimed <> coalesce(l.claimed, 0) OR a.released <> coalesce(l.released, 0) OR a.returned <> coalesce(l.returned, 0)
        OR a.held <> coalesce(l.held, 0) OR a.disallowed <> coalesce(l.disallowed, 0) OR a.beyond <> coalesce(l.beyond, 0)""",
    "deductions_sum_to_their_act": """SELECT count(*) FROM payments_act a LEFT JOIN
        (SELECT act_id, sum(disallowed) AS d FROM payments_deduction GROUP BY act_id) d ON d.act_id = a.id WHERE a.disallowed <> coalesce(d.d, 0)""",
    "held_sums_to_its_act": """SELECT count(*) FROM payments_act a LEFT JOIN
        (SELECT held_by_id, sum(amount) AS h FROM payments_heldservice WHERE reopens_id IS NULL GROUP BY held_by_id) h
        ON h.held_by_id = a.id WHERE a.held <> coalesce(h.h, 0)""",
    "released_sums_to_its_act": """SELECT count(*) FROM payments_act a LEFT JOIN (SELECT released_by_id, sum(amount) AS h FROM payments_heldservice
        WHERE released_by_id IS NOT NULL GROUP BY released_by_id) h ON h.released_by_id = a.id WHERE a.released <> coalesce(h.h, 0)""",
    "nothing_owed_below_zero": """SELECT count(*) FROM (SELECT d.id FROM payments_debt d JOIN payments_debttaken t ON t.debt_id = d.id
        GROUP BY d.id, d.amount HAVING sum(t.amount) > d.amount) x""",
    "advances_kept_at_most_once": """SELECT count(*) FROM (SELECT a.id FROM payments_advance a JOIN payments_advancekept k ON k.advance_id = a.id
        GROUP BY a.id, a.amount HAVING sum(k.amount) > a.amount OR sum(k.amount) < 0) x""",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One invariant and how many places break it."""

    name: str
    broken: int


def verify() -> list[Proof]:
    """Check every invariant; the ledger's table is read three times. Sources: 291/2020:4, 291/2020:13, 291/2020:19, 291/2020:23, 291/2020:27."""
    proofs = [Proof(name, _count(query)) for name, query in _SQL.items()]
    return proofs + [Proof(name, check()) for name, check in _CHECKS.items()]


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _acts_close() -> int:
    gross = (
        F("claimed") + F("released") + F("other_payments") - F("returned") - F("held") - F("disallowed") - F("beyond")
    )
    wrong = ~Q(accepted=gross - F("other_deductions")) | ~Q(to_pay=F("accepted") - F("advance_kept"))
    return Act.objects.filter(wrong).count()


def _deducted_without_decision() -> int:
    """Deductions whose case is not confirmed: rejected before the last closing and still not withdrawn, or never confirmed at all."""
    still = active().exclude(case__outcome="confirmed").exclude(case__outcome="")
    last = Closing.objects.order_by("-month").first()
    return still.filter(case__entered_on__lt=last.closed_on).count() if last else still.count()


def _deducted_without_cause() -> int:
    return Deduction.objects.filter(case__isnull=True).exclude(reason="short_death").count()


def _paid_twice() -> int:
    live = Order.objects.exclude(state=Order.State.RETURNED).exclude(act__isnull=True)
    orders = list(live.select_related("act"))
    sums = sums_by_funding({order.act for order in orders if order.act is not None})
    apart = sum(
        (order.act_id, order.funding) not in sums or sums[order.act_id, order.funding].to_pay != order.amount
        for order in orders if order.act_id is not None
    )  # fmt: skip
    return int(apart) + live.filter(~Q(act__state="signed")).count()


def _held_and_paid() -> int:
    """Services set free by the act that held them, or by an act of an earlier month."""
    return HeldService.objects.filter(released_by__closing__month__lte=F("held_by__closing__month")).count()


def _replayed() -> int:
    """Accounts whose balance differs from what the documents come to when they are posted anew."""
    booked = balances()
    return sum(booked.get(account.value, Decimal(0)) != balance for account, balance in documents().items())


def balances() -> dict[str, Decimal]:
    """The balance of each account by its postings, debits positive: one pass over the ledger."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in Posting.objects.values("debit", "credit").annotate(s=Sum("amount")).order_by("debit", "credit"):
        found[row["debit"]] += Decimal(row["s"])
        found[row["credit"]] -= Decimal(row["s"])
    return dict(found)


def documents() -> dict[Account, Decimal]:
    """The balance of each account as the documents alone give it: lines, deductions, other sums, debts, advances, orders."""
    lines, reopened = ActLine.objects.all(), total(HeldService.objects.filter(reopens__isnull=False))
    line = {name: total(lines, name) for name in (*_SUMS, "accepted")}
    disallowed = total(Deduction.objects.all(), "disallowed")
    imposed = _imposed()
    settled = {how: total(DebtTaken.objects.filter(how=how)) for how in DebtTaken.How}
    taken, kept = settled[DebtTaken.How.NETTED], AdvanceKept.objects.all()
    other_payments = total(OtherSum.objects.filter(pays=True, act__isnull=False))
    paid = Order.objects.filter(state=Order.State.PAID)
    for_acts, for_advances = total(paid.filter(act__isnull=False)), total(paid.filter(act__isnull=True))
    in_acts, refunds = total(kept.filter(act__isnull=False)), total(kept.filter(act__isnull=True))
    return {
        Account.CARE: line["claimed"] - line["returned"],
        Account.CLAIMS: line["returned"] + line["held"] + line["beyond"] + line["accepted"] - line["claimed"] - line["released"] + disallowed,
        Account.HELD: line["released"] - line["held"] - reopened,
        Account.BEYOND: -line["beyond"],
        Account.DISALLOWED: reopened - disallowed,
        Account.OWED: imposed - sum(settled.values()),
        Account.SANCTIONS: settled[DebtTaken.How.WITHDRAWN] - imposed,
        Account.OTHER_PAYMENTS: other_payments,
        Account.PAYABLE: taken + in_acts + for_acts - line["accepted"] - other_payments,
        Account.ADVANCES: for_advances - in_acts - refunds,
        Account.CASH: refunds + settled[DebtTaken.How.RETURNED] - for_acts - for_advances,
        Account.BETWEEN: Decimal(0),
    }  # fmt: skip


def _debts_are_imposed() -> int:
    """What providers owe by the debts is what deductions and other sums imposed."""
    return int(total(Debt.objects.all()) != _imposed())


def _imposed() -> Decimal:
    """What deductions took back or took above a price, and other deductions."""
    made = Deduction.objects.all()
    return total(made, "taken_back") + total(made, "sanction") + total(OtherSum.objects.filter(pays=False))


def _advances_unpaid_kept() -> int:
    """Advances of which something was kept though no order for them was ever made."""
    return Advance.objects.filter(kept__amount__gt=0).exclude(orders__state="paid").distinct().count()


_CHECKS: dict[str, Callable[[], int]] = {
    "acts_close": _acts_close,
    "replay_gives_the_same_ledger": _replayed,
    "debts_are_what_was_imposed": _debts_are_imposed,
    "no_deduction_without_a_decision": _deducted_without_decision,
    "no_deduction_without_a_cause": _deducted_without_cause,
    "an_act_is_paid_once_and_exactly": _paid_twice,
    "released_after_held": _held_and_paid,
    "paid_within_the_contract": paid_above_contract,
    "accepted_within_each_year": accepted_above_year,
    "advances_kept_were_paid": _advances_unpaid_kept,
}
