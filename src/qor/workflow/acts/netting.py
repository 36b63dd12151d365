"""Netting an act: other payments, debts and advances between what services come to and what is paid
(291/2020, clauses 8-10, 19, 27).

Everything is netted by funding: the sums of an act and funding are read from `fundings`, and what
is taken or kept names the funding that it came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from qor.law.nouns.months import Month, month
from qor.law.rules.act_sums import GrossAmounts, act_sums
from qor.law.rules.advances import AdvanceKind, due_in, keep_advances
from qor.law.rules.debts import netting_rank, share_debts
from qor.workflow.acts.fundings import FundingSums, sums_by_funding
from qor.workflow.acts.models import (
    Act,
    Advance,
    AdvanceKept,
    ContractSum,
    Debt,
    DebtTaken,
    OtherSum,
)
from qor.workflow.acts.order_state import OrderState
from qor.workflow.fields import total
from qor.workflow.ledger.entries import Entry, lock_ledger, moved, post, settled_between
from qor.workflow.ledger.postings import Account

Sums = dict[tuple[int, str], FundingSums]
_NOTHING = Decimal(0)


def net_acts(acts: list[Act], of: Month, at: datetime, *, across: bool = True) -> int:
    """Take in other payments, debts and advances, set each act's sums, post what that moves; how
    many postings. Acts go in the order of their contracts.

    Not `across`: only what belongs to the acts' own contracts is taken in, as when one of them is
    corrected. Sources: 291/2020:10, 291/2020:19.
    """
    lock_ledger()
    by_provider: dict[int, list[Act]] = defaultdict(list)
    for act in acts:
        if act.contract_no:
            by_provider[act.provider_id].append(act)
    debts, payments, advances = _debts(by_provider), _payments(by_provider), _advances(by_provider)
    sums = sums_by_funding(acts)
    entries: list[Entry] = []
    for provider, own in by_provider.items():
        own.sort(key=lambda act: act.contract_no)
        belonging = [each for each in payments.get(provider, []) if across or each.contract_no]
        entries += _pay_others(own, belonging, sums)
        entries += _take_debts(
            own, debts.get(provider, []), sums, netting_rank if across else _own_contract
        )
        for act in own:
            entries += _close(act, advances.get((act.provider_id, act.contract_no), []), sums, of)
    Act.objects.bulk_update(
        acts,
        ["other_payments", "other_deductions", "accepted", "advance_due", "advance_kept", "to_pay"],
        batch_size=500,
    )
    return post(entries, at)


def gross_amounts(act: Act) -> GrossAmounts:
    """The sums of an act's services and other payments."""
    return GrossAmounts(
        act.claimed,
        act.released,
        act.returned,
        act.held,
        act.disallowed,
        act.beyond,
        act.other_payments,
    )


def _own_contract(debt: tuple[str, str], act: tuple[str, str]) -> int | None:
    return netting_rank(debt, act) if debt[0] == act[0] else None


def _pay_others(acts: list[Act], payments: list[OtherSum], sums: Sums) -> list[Entry]:
    """Take each payment into the act of its contract; one whose contract has no act here waits for
    its own. What is given back for a service of no contract belongs to none: the first act of its
    funding pays it, as any act's sum of that funding could have been lessened by it."""
    by_contract, entries = {act.contract_no: act for act in acts}, []
    for other in payments:
        act = by_contract.get(other.contract_no)
        if not other.contract_no:
            act = next((each for each in acts if (each.pk, other.funding) in sums), acts[0])
        if act is not None and OtherSum.objects.filter(pk=other.pk, act__isnull=True).update(
            act=act
        ):
            act.other_payments += other.amount
            sums.setdefault((act.pk, other.funding), FundingSums()).other_payments += other.amount
            moves = (moved(Account.OTHER_PAYMENTS, Account.PAYABLE, other.amount),)
            entries.append(
                Entry(
                    moves,
                    act.provider_id,
                    act.contract_no,
                    other.funding,
                    act.pk,
                    f"other:{other.pk}",
                )
            )
    return entries


def _take_debts(
    acts: list[Act],
    debts: list[tuple[Debt, Decimal]],
    sums: Sums,
    rank: Callable[[tuple[str, str], tuple[str, str]], int | None],
) -> list[Entry]:
    """Net debts from the acts' sums, each of its own contract and funding first."""
    parts = [(act, funding) for act in acts for number, funding in sorted(sums) if number == act.pk]
    headroom = [
        ((act.contract_no, funding), sums[act.pk, funding].accepted) for act, funding in parts
    ]
    owed = [((debt.contract_no, debt.funding), left) for debt, left in debts]
    entries: list[Entry] = []
    for (debt, _), netted in zip(debts, share_debts(owed, headroom, rank), strict=True):
        for (act, funding), amount in zip(parts, netted, strict=True):
            if amount:
                DebtTaken.objects.create(debt=debt, act=act, funding=funding, amount=amount)
                act.other_deductions += amount
                sums[act.pk, funding].other_deductions += amount
                of = (act.provider_id, act.contract_no, act.pk)
                entries += settled_between(
                    Account.OWED, debt.funding, funding, amount, of, f"debt:{debt.pk}"
                )
    return entries


def _close(act: Act, advances: list[Advance], sums: Sums, of: Month) -> list[Entry]:
    """Set the act's sums with what it keeps of its contract's advances."""
    dues = [_due(advance, act, of) for advance in advances]
    accepted = [
        (funding, each.accepted)
        for (number, funding), each in sorted(sums.items())
        if number == act.pk
    ]
    paid, ceiling = _paid_and_ceiling(act) if advances else (_NOTHING, None)
    least = (
        _NOTHING
        if ceiling is None
        else paid + sum((amount for _, amount in accepted), _NOTHING) - ceiling
    )
    asked = [
        (a.funding, now + before, left)
        for a, (now, before, left) in zip(advances, dues, strict=True)
    ]
    withheld = keep_advances(asked, accepted, least)
    now, carried = sum((due[0] for due in dues), _NOTHING), sum((due[1] for due in dues), _NOTHING)
    whole = sum((sum(parts, _NOTHING) for parts in withheld), _NOTHING)
    came = act_sums(
        gross_amounts(act),
        owed=act.other_deductions,
        advance_due=now,
        advance_carried=carried,
        already_paid=paid,
        ceiling=ceiling,
        advance_kept=whole,
    )
    act.accepted, act.advance_due, act.advance_kept, act.to_pay = (
        came.accepted,
        came.advance_due,
        came.advance_kept,
        came.to_pay,
    )
    entries: list[Entry] = []
    for advance, due, parts in zip(advances, dues, withheld, strict=True):
        entries += _keep(
            act,
            advance,
            due[0],
            dict(zip((funding for funding, _ in accepted), parts, strict=True)),
        )
    return entries


def _keep(act: Act, advance: Advance, due: Decimal, parts: dict[str, Decimal]) -> list[Entry]:
    """Write what is kept of an advance from each funding's sum; of an act netted anew only what
    changed."""
    entries: list[Entry] = []
    before = {
        row["funding"]: Decimal(row["s"])
        for row in advance.kept.filter(act=act)
        .values("funding")
        .annotate(s=Sum("amount"))
        .order_by("funding")
    }
    for funding in sorted({*parts, *before} or {advance.funding}):
        change = parts.get(funding, _NOTHING) - before.get(funding, _NOTHING)
        if change or funding == advance.funding:
            due_now = due if funding == advance.funding else _NOTHING
            AdvanceKept.objects.create(
                advance=advance, act=act, funding=funding, due=due_now, amount=change
            )
        if change:
            of, cause = (act.provider_id, act.contract_no, act.pk), f"advance:{advance.pk}"
            entries += settled_between(
                Account.ADVANCES, advance.funding, funding, change, of, cause
            )
    return entries


def _due(advance: Advance, act: Act, of: Month) -> tuple[Decimal, Decimal, Decimal]:
    """What falls due this month, what earlier months left, and all that is left of an advance, this
    act's own part aside."""
    so_far = total(advance.kept.exclude(act=act)) if advance.pk else _NOTHING
    kind, first, left = (
        AdvanceKind(advance.kind),
        month(advance.first_month),
        advance.amount - so_far,
    )
    months = (of.year - first.year) * 12 + of.number - first.number
    due = due_in(kind, advance.amount, first, of)
    before = sum(
        (due_in(kind, advance.amount, first, first.shift(n)) for n in range(max(months, 0))),
        _NOTHING,
    )
    now = min(due, left)
    return now, min(max(before - so_far, _NOTHING), left - now), left


def _paid_and_ceiling(act: Act) -> tuple[Decimal, Decimal | None]:
    """What was paid or promised under the contract before this act, advances included, and its sum
    (291/2020:27)."""
    same = {"provider_id": act.provider_id, "contract_no": act.contract_no}
    earlier = Act.objects.filter(**same).exclude(pk=act.pk)
    advances = Advance.objects.filter(orders__state=OrderState.PAID, **same)
    refunds = total(AdvanceKept.objects.filter(advance__in=advances, act__isnull=True))
    paid = total(earlier, "to_pay") + total(advances) - refunds
    sums = ContractSum.objects.filter(closing=act.closing, contract_no=act.contract_no)
    others = total(earlier, "other_payments") + act.other_payments
    return paid, total(sums) + others if sums.exists() else None


def _debts(by_provider: dict[int, list[Act]]) -> dict[int, list[tuple[Debt, Decimal]]]:
    """Each provider's debts that are netted and not gone, oldest first, with what is left of
    them."""
    debts: dict[int, list[tuple[Debt, Decimal]]] = defaultdict(list)
    owed = Debt.objects.filter(provider__in=list(by_provider), way=Debt.Way.NET).annotate(
        so_far=Sum("taken__amount")
    )
    for debt in owed.order_by("pk"):
        left = debt.amount - Decimal(debt.so_far or 0)
        if left > 0:
            debts[debt.provider_id].append((debt, left))
    return debts


def _payments(by_provider: dict[int, list[Act]]) -> dict[int, list[OtherSum]]:
    """Other payments that wait for an act."""
    payments: dict[int, list[OtherSum]] = defaultdict(list)
    waiting = OtherSum.objects.filter(act__isnull=True, provider__in=list(by_provider), pays=True)
    for other in waiting.order_by("pk"):
        payments[other.provider_id].append(other)
    return payments


def _advances(by_provider: dict[int, list[Act]]) -> dict[tuple[int, str], list[Advance]]:
    advances: dict[tuple[int, str], list[Advance]] = defaultdict(list)
    paid = Advance.objects.filter(
        provider__in=list(by_provider), orders__state=OrderState.PAID
    ).distinct()
    for advance in paid.order_by("pk"):
        advances[advance.provider_id, advance.contract_no].append(advance)
    return advances
