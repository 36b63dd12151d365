"""Netting an act: other payments, debts and advances between what services come to and what is paid (291/2020, clauses 8-10, 19, 27)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from qor.law.act_sums import ActSums, Reckoned, act_sums
from qor.law.advances import AdvanceKind, due_in
from qor.law.debts import share_debts
from qor.law.months import Month, month
from qor.workflow.fields import total
from qor.workflow.payments.ledger import Entry, lock_ledger, moved, post
from qor.workflow.payments.models import Act, Advance, AdvanceKept, ContractSum, Debt, DebtTaken, OtherSum
from qor.workflow.payments.postings import Account

_NOTHING = Decimal(0)


def net_acts(acts: list[Act], of: Month, at: datetime) -> int:
    """Take in other payments, debts and advances, set each act's sums, post what that moves; how many postings. Sources: 291/2020:10, 291/2020:19."""
    lock_ledger()
    by_provider: dict[int, list[Act]] = defaultdict(list)
    for act in acts:
        if act.contract_no:
            by_provider[act.provider_id].append(act)
    debts, payments, advances = _debts(by_provider), _payments(by_provider), _advances(by_provider)
    entries: list[Entry] = []
    for provider, own in by_provider.items():
        entries += _net_provider(own, debts.get(provider, []), payments.get(provider, []), advances, of)
    Act.objects.bulk_update(
        acts,
        ["other_payments", "other_deductions", "accepted", "advance_due", "advance_kept", "to_pay"],
        batch_size=500,
    )
    return post(entries, at)


def _net_provider(
    acts: list[Act],
    debts: list[tuple[Debt, Decimal]],
    payments: list[OtherSum],
    advances: dict[tuple[int, str], list[Advance]],
    of: Month,
) -> list[Entry]:
    entries: list[Entry] = []
    for other in payments:
        act = next((a for a in acts if a.contract_no == other.contract_no), acts[0])
        if OtherSum.objects.filter(pk=other.pk, act__isnull=True).update(act=act):
            act.other_payments += other.amount
            entries.append(_entry(act, Account.OTHER_PAYMENTS, Account.PAYABLE, other.amount, f"other:{other.pk}"))
    acts_left = [(act.contract_no, reckoned(act).gross - act.other_deductions) for act in acts]
    shares = share_debts([(debt.contract_no, left) for debt, left in debts], acts_left)
    for (debt, _), taken in zip(debts, shares, strict=True):
        for act, amount in zip(acts, taken, strict=True):
            if amount:
                DebtTaken.objects.create(debt=debt, act=act, amount=amount)
                act.other_deductions += amount
                entries.append(_entry(act, Account.PAYABLE, Account.OWED, amount, f"debt:{debt.pk}"))
    for act in acts:
        entries += _close(act, advances.get((act.provider_id, act.contract_no), []), of)
    return entries


def _close(act: Act, advances: list[Advance], of: Month) -> list[Entry]:
    """Set the act's sums with what it keeps of its contract's advances."""
    dues = [_due(advance, act, of) for advance in advances]
    now, carried = sum((d[0] for d in dues), _NOTHING), sum((d[1] for d in dues), _NOTHING)
    paid, ceiling = _paid_and_ceiling(act) if advances else (_NOTHING, None)
    sums = act_sums(
        reckoned(act),
        owed=act.other_deductions,
        advance_due=now,
        advance_carried=carried,
        already_paid=paid,
        ceiling=ceiling,
    )
    _set(act, sums)
    return _keep(act, advances, dues, sums.advance_kept)


def _set(act: Act, sums: ActSums) -> None:
    act.accepted, act.advance_due = sums.accepted, sums.advance_due
    act.advance_kept, act.to_pay = sums.advance_kept, sums.to_pay


def _keep(
    act: Act, advances: list[Advance], dues: list[tuple[Decimal, Decimal, Decimal]], whole: Decimal
) -> list[Entry]:
    """Share what is kept over the advances: what is due first, then what is kept early; of an act netted anew only what changed."""
    parts = [_NOTHING for _ in advances]
    for early in (False, True):
        for n, (now, before, left) in enumerate(dues):
            limit = left if early else now + before
            parts[n] += min(max(limit - parts[n], _NOTHING), whole - sum(parts, _NOTHING))
    entries = []
    for advance, due, part in zip(advances, dues, parts, strict=True):
        change = part - total(advance.kept.filter(act=act))
        AdvanceKept.objects.create(advance=advance, act=act, due=due[0], amount=change)
        if change:
            entries.append(_entry(act, Account.PAYABLE, Account.ADVANCES, change, f"advance:{advance.pk}"))
    return entries


def _due(advance: Advance, act: Act, of: Month) -> tuple[Decimal, Decimal, Decimal]:
    """What falls due this month, what earlier months left, and all that is left of an advance, this act's own part aside."""
    so_far = total(advance.kept.exclude(act=act)) if advance.pk else _NOTHING
    kind, first, left = AdvanceKind(advance.kind), month(advance.first_month), advance.amount - so_far
    months = (of.year - first.year) * 12 + of.number - first.number
    due = due_in(kind, advance.amount, first, of)
    before = sum((due_in(kind, advance.amount, first, first.shift(n)) for n in range(max(months, 0))), _NOTHING)
    now = min(due, left)
    return now, min(max(before - so_far, _NOTHING), left - now), left


def impose(made: OtherSum, at: datetime) -> Debt:
    """Make a debt of another deduction that was entered, and post it (291/2020:19)."""
    moves = (moved(Account.OWED, Account.SANCTIONS, made.amount),)
    post([Entry(moves, made.provider_id, made.contract_no, None, f"other:{made.pk}")], at)
    return Debt.objects.create(
        provider_id=made.provider_id, contract_no=made.contract_no, amount=made.amount, other=made
    )


def reckoned(act: Act) -> Reckoned:
    """The sums of an act's services and other payments."""
    return Reckoned(act.claimed, act.released, act.returned, act.held, act.disallowed, act.beyond, act.other_payments)


def _paid_and_ceiling(act: Act) -> tuple[Decimal, Decimal | None]:
    """What was paid or promised under the contract before this act, advances included, and its sum (291/2020:27)."""
    same = {"provider_id": act.provider_id, "contract_no": act.contract_no}
    earlier = Act.objects.filter(**same).exclude(pk=act.pk)
    advances = Advance.objects.filter(orders__state="paid", **same)
    refunds = total(AdvanceKept.objects.filter(advance__in=advances, act__isnull=True))
    paid = total(earlier, "to_pay") + total(advances) - refunds
    sums = ContractSum.objects.filter(closing=act.closing, contract_no=act.contract_no)
    others = total(earlier, "other_payments") + act.other_payments
    return paid, total(sums) + others if sums.exists() else None


def _debts(by_provider: dict[int, list[Act]]) -> dict[int, list[tuple[Debt, Decimal]]]:
    """Each provider's debts that are not gone, oldest first, with what is left of them."""
    found: dict[int, list[tuple[Debt, Decimal]]] = defaultdict(list)
    held = Debt.objects.filter(provider__in=list(by_provider)).annotate(so_far=Sum("taken__amount"))
    for debt in held.order_by("pk"):
        left = debt.amount - Decimal(debt.so_far or 0)
        if left > 0:
            found[debt.provider_id].append((debt, left))
    return found


def _payments(by_provider: dict[int, list[Act]]) -> dict[int, list[OtherSum]]:
    """Other payments that wait for an act: of their own contract, or of the provider's first where that has none any more."""
    found: dict[int, list[OtherSum]] = defaultdict(list)
    waiting = OtherSum.objects.filter(act__isnull=True, provider__in=list(by_provider), pays=True)
    for other in waiting.order_by("pk"):
        found[other.provider_id].append(other)
    return found


def _advances(by_provider: dict[int, list[Act]]) -> dict[tuple[int, str], list[Advance]]:
    found: dict[tuple[int, str], list[Advance]] = defaultdict(list)
    for advance in Advance.objects.filter(provider__in=list(by_provider), orders__state="paid").order_by("pk"):
        found[advance.provider_id, advance.contract_no].append(advance)
    return found


def _entry(act: Act, debit: Account, credit: Account, amount: Decimal, cause: str) -> Entry:
    return Entry((moved(debit, credit, amount),), act.provider_id, act.contract_no, act.pk, cause)
