"""What decisions made after a month was closed change, each service by its account (291/2020:19;
321/2020, clauses 9, 53, 53-1, 53-2).

A deduction whose case was rejected is withdrawn before the next closing: its part of the price
waits again, and goes back through the limits of its own month like any service set free; what was
taken back and the sanction are given back. What is confirmed after a service was settled is taken
from what was not paid of it first, then taken back, at most what was paid; what lies above the
price is a sanction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from qor.engine.settlement.norms import Norms
from qor.engine.storage.lake import Lake
from qor.law.nouns.states import Outcome
from qor.law.rules.later_decisions import Taken, taken_after
from qor.workflow.acts.debts import owe_later
from qor.workflow.acts.decisions import HOLDING, Decision, decisions_of
from qor.workflow.acts.entries import deduction_entry
from qor.workflow.acts.models import Closing, Debt, DebtTaken, Deduction, HeldService, OtherSum
from qor.workflow.acts.service_account import Key, ServiceAccount, accounts_of, standing
from qor.workflow.disputes.models import Case
from qor.workflow.fields import total
from qor.workflow.ledger.entries import Entry, moved, post
from qor.workflow.ledger.postings import Account

_NOTHING = Decimal(0)
_GONE = Q(given_back__isnull=False) | Q(withdrawn__isnull=False) | Q(reopened__isnull=False)
_SAME = {"provider": OuterRef("provider"), "service_id": OuterRef("service_id")}


@dataclass(slots=True)
class Retroactive:
    """The services of earlier months on which something was decided, as they stood before this
    closing."""

    accounts: dict[Key, ServiceAccount] = field(default_factory=dict)
    decisions: dict[Key, Decision] = field(default_factory=dict)

    def of_waiting(self) -> dict[Key, Decimal]:
        """What decisions may still take of services whose deduction was withdrawn, so that a part
        of their price waits again, in tenge."""
        may_take = {}
        for key, account in self.accounts.items():
            if account.held:
                of_price = min(self.decisions.get(key, Decision()).stake, account.due)
                left = max(of_price - account.disallowed - account.taken_back, _NOTHING)
                may_take[key] = min(left, account.held)
        return may_take


def active() -> QuerySet[Deduction]:
    """The deductions for defects that stand."""
    return standing().filter(case__isnull=False)


def withdraw(closing: Closing) -> int:
    """Withdraw the deductions whose case was rejected, whatever else is open on the service: only
    its price may wait; how many.

    Sources: 291/2020:19, 291/2020:23, 321/2020:31, 321/2020:34, 321/2020:37.
    """
    gone = (
        active()
        .filter(case__outcome__in=(Outcome.REJECTED, Outcome.NONE))
        .select_related("act", "provider")
        .order_by("pk")
    )
    deductions = list(gone)
    post([entry for deduction in deductions for entry in _withdraw(deduction, closing)], closing.at)
    return len(deductions)


def look_back(lake: Lake, closing: Closing, norms: Norms) -> Retroactive:
    """The accounts of services that decisions made since their closing may change."""
    keys = {(provider, service): of for provider, service, of in (*_unmet(closing), *_reopened())}
    accounts = accounts_of(lake, ((*key, of) for key, of in keys.items()))
    return Retroactive(accounts, decisions_of(set(accounts), norms))


def recover_after_payment(retroactive: Retroactive, closing: Closing, at: datetime) -> int:
    """Take what was confirmed after its service was settled, once all its cases are decided; how
    many services.

    Nothing is taken of a returned service. Sources: 291/2020:19, 321/2020:27, 321/2020:35,
    321/2020:38, 321/2020:53.
    """
    entries: list[Entry] = []
    for key, account in sorted(retroactive.accounts.items()):
        decision = retroactive.decisions.get(key, Decision())
        if decision.open or decision.case is None or account.went_back:
            continue
        decided = _taken(account, decision)
        back = max(decided.taken_back - account.taken_back, _NOTHING)
        above = max(decided.sanction - account.sanction, _NOTHING)
        if back or above:
            deduction = Deduction.objects.create(
                act=None,
                contract_no=account.contract_no,
                provider_id=key[0],
                service_id=key[1],
                care_form=account.care_form,
                funding=account.funding,
                service_month=account.service_month,
                case=decision.case,
                reason="later",
                ended_on=account.ended_on,
                disallowed=_NOTHING,
                taken_back=back,
                sanction=above,
                taken_on=closing.closed_on,
            )
            entries.append(deduction_entry(deduction))
            owe_later(deduction, account, decision.case, at)
    post(entries, at)
    return len(entries)


def _taken(account: ServiceAccount, decision: Decision) -> Taken:
    """What the decision takes, of the service as it is worth now."""
    worth, settled = account.worth - account.spared, account.accepted + account.moved
    return taken_after(worth, settled, decision.stake, closed_at=account.due)


def _unmet(closing: Closing) -> list[tuple[int, str, str]]:
    """Services of earlier closings with a confirmed deduction above what stands as taken of them;
    those held since their month are the engine's."""
    earlier = Closing.objects.filter(month__lt=closing.month).values("month")
    whole = F("disallowed") + F("taken_back") + F("sanction")
    stands = (
        active()
        .filter(**_SAME)
        .order_by()
        .values("provider", "service_id")
        .annotate(s=Sum(whole))
        .values("s")
    )
    cases = Case.objects.filter(
        month__in=earlier, outcome=Outcome.CONFIRMED, kind__in=HOLDING
    ).annotate(taken=Subquery(stands))
    more = Q(proposed_deduction__gt=0, taken__isnull=True) | Q(proposed_deduction__gt=F("taken"))
    unpriced = Q(proposed_deduction__isnull=True) & (
        ~Exists(active().filter(case=OuterRef("pk")))
        | Exists(Deduction.objects.exclude(pk__in=standing()).filter(**_SAME))
    )
    first_held = HeldService.objects.filter(released_by__isnull=True, reopens__isnull=True, **_SAME)
    unmet = cases.filter(more | unpriced).exclude(Exists(first_held))
    return list(unmet.order_by("pk").values_list("provider_id", "service_id", "month"))


def _reopened() -> list[tuple[int, str, str]]:
    """Services a part of whose price waits again."""
    waiting = HeldService.objects.filter(released_by__isnull=True, reopens__isnull=False)
    return list(waiting.values_list("provider_id", "service_id", "service_month"))


def _withdraw(deduction: Deduction, closing: Closing) -> list[Entry]:
    """Let its part of the price wait again, and give back what was owed for it; what that posts."""
    entries = []
    if deduction.disallowed and deduction.act is not None:
        HeldService.objects.create(
            provider_id=deduction.provider_id,
            service_id=deduction.service_id,
            contract_no=deduction.contract_no,
            care_form=deduction.care_form,
            funding=deduction.funding,
            service_month=deduction.service_month,
            ended_on=deduction.ended_on,
            amount=deduction.disallowed,
            short_death=False,
            unscaled=deduction.unscaled,
            held_by=deduction.act,
            reopens=deduction,
        )
        entries.append(_entry(deduction, Account.DISALLOWED, Account.HELD, deduction.disallowed))
    owed = deduction.taken_back + deduction.sanction
    return entries + (_give_back(deduction, owed, closing) if owed else [])


def _give_back(deduction: Deduction, owed: Decimal, closing: Closing) -> list[Entry]:
    """What is not settled of the debt is withdrawn; what was, is paid back by the next act of its
    contract."""
    of_act = Debt.objects.filter(
        act=deduction.act, funding=deduction.funding, other__isnull=True, deduction__isnull=True
    )
    debt = Debt.objects.filter(deduction=deduction).first() or of_act.get(
        contract_no=deduction.contract_no, act__isnull=False
    )
    gone = min(debt.amount - total(debt.taken.all()), owed)
    if gone:
        DebtTaken.objects.create(
            debt=debt,
            how=DebtTaken.How.WITHDRAWN,
            funding=debt.funding,
            amount=gone,
            deduction=deduction,
        )
    if owed > gone:
        OtherSum.objects.create(
            provider_id=deduction.provider_id,
            contract_no=_netted_from(debt),
            funding=deduction.funding,
            pays=True,
            ground=OtherSum.Ground.LATER_DECISION,
            amount=owed - gone,
            statement=f"case:{deduction.case_id}",
            deduction=deduction,
            at=closing.at,
            closing=closing,
        )
    return [_entry(deduction, Account.SANCTIONS, Account.OWED, gone)]


def _entry(deduction: Deduction, debit: Account, credit: Account, amount: Decimal) -> Entry:
    moves = (moved(debit, credit, amount),)
    return Entry(
        moves,
        deduction.provider_id,
        deduction.contract_no,
        deduction.funding,
        None,
        f"case:{deduction.case_id}",
    )


def _netted_from(debt: Debt) -> str:
    """The contract under which a debt is given back: its own; of a service of no contract, that
    from whose acts it was netted last."""
    netted = (
        debt.taken.filter(how=DebtTaken.How.NETTED).select_related("act").order_by("-pk").first()
    )
    return debt.contract_no or (
        netted.act.contract_no if netted is not None and netted.act is not None else ""
    )
