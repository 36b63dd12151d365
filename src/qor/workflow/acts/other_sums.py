"""Other payments and deductions: entered with their ground, taken in by the contract's next act
(291/2020:19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from qor.engine.settlement.contract_facts import contract_exists, contract_fundings
from qor.engine.storage.lake import Lake
from qor.law.nouns.refusals import BadValue
from qor.law.reading.figures import figure
from qor.law.rules.civil_time import civil_day
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.debts import record_debt
from qor.workflow.acts.fundings import FundingNotNamed
from qor.workflow.acts.models import Act, ActLine, OtherSum, ProposedSum
from qor.workflow.acts.penalty_cases import cases_for_penalty, tie_cases
from qor.workflow.acts.rights import NoSuchContract, covers
from qor.workflow.disputes.actions import StatementMissing
from qor.workflow.disputes.rights import NotYours
from qor.workflow.fields import total
from qor.workflow.ledger.sealing import open_ledger, record_sealed


@dataclass(frozen=True, slots=True)
class Other:
    """Another payment or deduction to be entered: for whom, under which contract, why, how much and
    of whose money; `found_on`: when a defect was found after the payment, by unscheduled monitoring
    (321/2020:53). `cases`: the numbers of the cases that a penalty is for; None: all of the
    contract that are open for one, as the lake has them (321/2020:10).
    """

    provider: Organisation
    contract_no: str
    pays: bool
    ground: OtherSum.Ground
    amount: Decimal
    statement: str
    funding: str = ""
    found_on: date | None = None
    cases: tuple[int, ...] | None = None


def enter_other(
    other: Other, *, by: User, at: datetime, lake: Lake | None = None
) -> OtherSum | ProposedSum:
    """Enter another payment or deduction with its ground; it is taken in by the contract's next
    act, or by a correction. Sources: 291/2020:19, 321/2020:10, 321/2020:53, 321/2020:53-1.

    Above the limit of one person it waits for a second (`second_person`). The contract is one that
    an act of the provider names, or the lake. Head office and the accountants of the region may;
    NotYours, BadValue, StatementMissing, FundingNotNamed, NoSuchContract, CaseWithoutPenalty.
    """
    if by.role not in {User.Role.HEAD_OFFICE, User.Role.ACCOUNTANT} or not covers(
        by, other.provider.region
    ):
        raise NotYours()
    if other.amount <= 0:
        raise BadValue(field="amount", value=other.amount)
    if not other.statement.strip():
        raise StatementMissing()
    if other.ground == OtherSum.Ground.UNSCHEDULED and not other.pays and other.found_on is None:
        raise BadValue(field="found_on", value="")
    if other.cases and not _is_penalty(other):
        raise BadValue(field="cases", value=", ".join(map(str, other.cases)))
    _check_contract(other, lake, civil_day(at))
    _check_funding(other, lake, civil_day(at))
    with transaction.atomic():
        open_ledger()
        cases = _cases_of(other, lake)
        if (
            other.amount + _entered_lately(other, by, at)
            > figure("second_person_sum", civil_day(at)).value
        ):
            return _propose(other, cases, by, at)
        return post_other(other, by=by, at=at, cases=cases)


def post_other(other: Other, *, by: User, at: datetime, cases: Sequence[int] = ()) -> OtherSum:
    """Write another payment or deduction that may be, in the caller's transaction: a deduction
    becomes a debt at once, the cases that a penalty is for are tied to it."""
    entered = OtherSum.objects.create(
        provider=other.provider,
        contract_no=other.contract_no,
        funding=_funding_of(other),
        pays=other.pays,
        ground=other.ground,
        amount=other.amount,
        statement=other.statement.strip(),
        found_on=other.found_on,
        at=at,
        by=by,
    )
    if not other.pays:
        record_debt(entered, at)
    tie_cases(cases, other_id=entered.pk)
    record_sealed(
        by=by.username,
        at=at,
        verb="enter_other",
        subject=f"other:{entered.pk}",
        facts=_facts(other, entered.funding, cases),
    )
    return entered


def _entered_lately(other: Other, by: User, at: datetime) -> Decimal:
    """What the same person entered under the contract within a day before: a large sum in small
    parts is a large sum."""
    same = OtherSum.objects.filter(
        provider=other.provider, contract_no=other.contract_no, pays=other.pays, by=by
    )
    return total(same.filter(at__gt=at - timedelta(days=1), at__lte=at, proposed__isnull=True))


def _propose(other: Other, cases: Sequence[int], by: User, at: datetime) -> ProposedSum:
    funding = _funding_of(other)
    proposed = ProposedSum.objects.create(
        provider=other.provider,
        contract_no=other.contract_no,
        funding=funding,
        pays=other.pays,
        ground=other.ground,
        amount=other.amount,
        statement=other.statement.strip(),
        found_on=other.found_on,
        at=at,
        by=by,
    )
    tie_cases(cases, proposed_id=proposed.pk)
    record_sealed(
        by=by.username,
        at=at,
        verb="propose_other",
        subject=f"proposed:{proposed.pk}",
        facts=_facts(other, funding, cases),
    )
    return proposed


def _is_penalty(other: Other) -> bool:
    return other.ground == OtherSum.Ground.PENALTY and not other.pays


def _cases_of(other: Other, lake: Lake | None) -> list[int]:
    """The cases that the sum is a penalty for; none where it is no penalty."""
    if not _is_penalty(other):
        return []
    return cases_for_penalty(lake, other.provider, other.contract_no, other.cases)


def _facts(other: Other, funding: str, cases: Sequence[int]) -> dict[str, object]:
    facts: dict[str, object] = {
        "contract": other.contract_no,
        "funding": funding,
        "pays": other.pays,
        "ground": str(other.ground),
        "amount": str(other.amount),
    }
    return facts | {"cases": list(cases)} if cases else facts


def _check_contract(other: Other, lake: Lake | None, on: date) -> None:
    """The contract must be the provider's: one of its acts names it, or the lake has it by the day.
    NoSuchContract."""
    if (
        Act.objects.filter(provider=other.provider, contract_no=other.contract_no)
        .exclude(contract_no="")
        .exists()
    ):
        return
    if lake is None or not contract_exists(lake, str(other.provider.bin), other.contract_no, on):
        raise NoSuchContract(contract=other.contract_no, bin=str(other.provider.bin))


def _check_funding(other: Other, lake: Lake | None, on: date) -> None:
    """A funding that is named must be one of the contract's lines, of acts or in the lake.
    FundingNotNamed."""
    if not other.funding:
        return
    known = _fundings_in_acts(other)
    if lake is not None:
        known |= contract_fundings(lake, str(other.provider.bin), other.contract_no, on)
    if other.funding not in known:
        raise FundingNotNamed(contract=other.contract_no, fundings=", ".join(sorted(known)))


def _fundings_in_acts(other: Other) -> set[str]:
    lines = ActLine.objects.filter(act__provider=other.provider, act__contract_no=other.contract_no)
    return set(lines.exclude(funding="").values_list("funding", flat=True))


def _funding_of(other: Other) -> str:
    """The funding that is named, or the only one that the contract's acts have. FundingNotNamed."""
    if other.funding:
        return other.funding
    known = sorted(_fundings_in_acts(other))
    if len(known) != 1:
        raise FundingNotNamed(contract=other.contract_no, fundings=", ".join(known))
    return known[0]
