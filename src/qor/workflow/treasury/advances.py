"""Advances: what a contract allows, granting within it, and paying back what could not be kept
(291/2020, clauses 8-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from qor.engine.settlement.contract_facts import ContractFacts, contract_facts
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import BadValue, Refusal
from qor.law.reading.interpretations import interpretation
from qor.law.rules.advances import (
    AdvanceKind,
    AdvanceTooLarge,
    NoAdvance,
    Standing,
    may_have_advance,
    most_advance,
)
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.fundings import FundingNotNamed
from qor.workflow.acts.models import Act, Advance, AdvanceKept, Debt, DebtTaken
from qor.workflow.acts.rights import NoSuchContract, covers
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.rights import NotYours
from qor.workflow.fields import total
from qor.workflow.ledger.entries import Entry, moved, post
from qor.workflow.ledger.postings import Account
from qor.workflow.ledger.sealing import open_ledger, record_sealed
from qor.workflow.treasury.models import Order

_DECEMBER = 12


class RefundTooLarge(Refusal):
    """More than what was paid of the advance and neither kept nor paid back yet."""

    key = "refund_too_large"


class UnknownAdvance(Refusal):
    """There is no advance of that number."""

    key = "unknown_advance"


@dataclass(frozen=True, slots=True)
class AdvanceAsked:
    """An advance that is asked for: for whom, under which contract, what for, how much, from which
    month it is kept, of which funding.

    `funding` is the contract's only one where none is named; `excepted`: a person says that clause
    11 excepts the provider.
    """

    provider: Organisation
    contract_no: str
    kind: AdvanceKind
    amount: Decimal
    first_month: Month
    funding: str = ""
    excepted: bool = False


def grant_advance(lake: Lake, asked: AdvanceAsked, *, by: User, at: datetime) -> Advance:
    """Grant an advance within the shares of the rules, of the contract as its lines in force on the
    day say; the next orders pay it.

    Sources: 291/2020:8, 291/2020:9, 291/2020:11. NotYours, BadValue, NoSuchContract,
    FundingNotNamed, NoAdvance, AdvanceTooLarge (all advances of one kind, contract and year count
    together).
    """
    if by.role not in {User.Role.HEAD_OFFICE, User.Role.ACCOUNTANT} or not covers(
        by, asked.provider.region
    ):
        raise NotYours()
    if asked.amount <= 0:
        raise BadValue(field="amount", value=asked.amount)
    contract = _contract(lake, asked, max(civil_day(at), asked.first_month.first))
    funding = _funding(asked, contract)
    with transaction.atomic():
        open_ledger()
        standing = Standing(contract.months, owes(asked.provider), contract.earlier, asked.excepted)
        if not may_have_advance(standing, asked.first_month):
            raise NoAdvance(contract=asked.contract_no)
        base, most = _limit(asked, contract, funding)
        if asked.amount > most:
            raise AdvanceTooLarge(amount=asked.amount, most=max(most, Decimal(0)))
        advance = Advance.objects.create(
            provider=asked.provider,
            contract_no=asked.contract_no,
            funding=funding,
            kind=asked.kind.value,
            amount=asked.amount,
            first_month=str(asked.first_month),
            at=at,
            by=by,
        )
        facts = {
            "amount": str(asked.amount),
            "contract": asked.contract_no,
            "funding": funding,
            "base": str(base),
        }
        record_sealed(
            by=by.username,
            at=at,
            verb="grant_advance",
            subject=f"advance:{advance.pk}",
            facts=facts,
        )
        return advance


def refund_advance(advance_id: int, amount: Decimal, *, by: User, at: datetime) -> AdvanceKept:
    """A provider paid back what could not be kept; at most what was paid to it and is left.
    Sources: 291/2020:10.

    NotYours, UnknownAdvance, BadValue, RefundTooLarge.
    """
    with transaction.atomic():
        open_ledger()
        advance = Advance.objects.select_related("provider").filter(pk=advance_id).first()
        if advance is None:
            raise UnknownAdvance(advance=advance_id)
        if by.role not in {User.Role.HEAD_OFFICE, User.Role.ACCOUNTANT} or not covers(
            by, advance.provider.region
        ):
            raise NotYours()
        if amount <= 0:
            raise BadValue(field="amount", value=amount)
        most = refundable(advance)
        if amount > most:
            raise RefundTooLarge(advance=advance.pk, amount=amount, most=most)
        refund = AdvanceKept.objects.create(
            advance=advance, act=None, funding=advance.funding, due=Decimal(0), amount=amount
        )
        moves = (moved(Account.CASH, Account.ADVANCES, amount),)
        entry = Entry(
            moves,
            advance.provider_id,
            advance.contract_no,
            advance.funding,
            None,
            f"refund:{refund.pk}",
        )
        post([entry], at)
        facts = {"amount": str(amount)}
        record_sealed(
            by=by.username,
            at=at,
            verb="refund_advance",
            subject=f"advance:{advance.pk}",
            facts=facts,
        )
        return refund


def refundable(advance: Advance) -> Decimal:
    """What a provider still has of an advance, in tenge: paid by the bank, not kept by an act, not
    paid back. Sources: 291/2020:10."""
    paid = total(advance.orders.filter(state=Order.State.PAID))
    return max(paid - total(advance.kept.all()), Decimal(0))


def left_of(provider: Organisation, contract_no: str, year: str, whole: Decimal) -> Decimal:
    """What is left of a contract's sum of a year: less what its months were accepted for, and the
    advances not kept yet (291/2020:8)."""
    same = {"provider": provider, "contract_no": contract_no}
    advances = Advance.objects.filter(first_month__startswith=year, **same)
    open_ = total(advances) - total(AdvanceKept.objects.filter(advance__in=advances))
    return (
        whole
        - total(Act.objects.filter(closing__month__startswith=year, **same), "accepted")
        - open_
    )


def owes(provider: Organisation) -> bool:
    """Whether a provider owes the Fund anything that is not netted yet (291/2020:11)."""
    return total(Debt.objects.filter(provider=provider)) > total(
        DebtTaken.objects.filter(debt__provider=provider)
    )


def _contract(lake: Lake, asked: AdvanceAsked, on: date) -> ContractFacts:
    """The contract as the lake has it on a day (that of the grant, or the first of a month still to
    come), for the year of the first month. NoSuchContract."""
    facts = contract_facts(
        lake, str(asked.provider.bin), asked.contract_no, asked.first_month.year, on
    )
    if not facts.sums:
        raise NoSuchContract(contract=asked.contract_no, bin=str(asked.provider.bin))
    return facts


def _limit(asked: AdvanceAsked, contract: ContractFacts, funding: str) -> tuple[Decimal, Decimal]:
    """The base of the advance by the contract (of all its sources, or of one: interpretation
    advance_base), and how much more may be granted."""
    of = funding if interpretation("advance_base").choice == "funding" else None
    year = str(asked.first_month.year)
    granted = Advance.objects.filter(
        provider=asked.provider,
        contract_no=asked.contract_no,
        kind=asked.kind,
        first_month__startswith=year,
    )
    before = total(granted if of is None else granted.filter(funding=of))
    base = contract.plan(of, _DECEMBER if asked.kind is AdvanceKind.DECEMBER else None)
    left = left_of(asked.provider, asked.contract_no, year, contract.plan())
    if asked.kind is AdvanceKind.DECEMBER:
        left += before
    return base, most_advance(asked.kind, base, left, asked.first_month) - before


def _funding(asked: AdvanceAsked, contract: ContractFacts) -> str:
    fundings = contract.fundings
    if asked.funding and asked.funding not in fundings:
        raise FundingNotNamed(contract=asked.contract_no, fundings=", ".join(fundings))
    if not asked.funding and len(fundings) > 1:
        raise FundingNotNamed(contract=asked.contract_no, fundings=", ".join(fundings))
    return asked.funding or fundings[0]


def advances_visible_to(user: User) -> QuerySet[Advance]:
    """The advances that a user may see: a provider its own, a branch's accountant those of its
    region, head office and the auditor all."""
    advances = Advance.objects.select_related("provider").order_by("-pk")
    if user.role in {User.Role.HEAD_OFFICE, User.Role.AUDITOR}:
        return advances
    if user.role == User.Role.PROVIDER and user.organisation_id:
        return advances.filter(provider_id=user.organisation_id)
    office = user.organisation
    if user.role != User.Role.ACCOUNTANT or office is None:
        return advances.none()
    return (
        advances
        if office.kind == Organisation.Kind.HEAD_OFFICE
        else advances.filter(provider__region=office.region)
    )
