"""What decisions made after a month was closed change: a defect confirmed later is owed, one withdrawn later is given back (291/2020:19)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Subquery

from qor.workflow.disputes.models import Case
from qor.workflow.payments.ledger import deduction_entry, post
from qor.workflow.payments.models import Act, Closing, Debt, Deduction, HeldService, OtherSum
from qor.workflow.payments.tell import HOLDING, stake_of

_LATER = OtherSum.Ground.LATER_DECISION


def give_back_and_take(closing: Closing, acts: list[Act], at: datetime) -> None:
    """For the acts of a closing: what was deducted for a case that is rejected now becomes another payment; what was confirmed since, a debt.

    Each flows one by one into an act of the same provider and contract, or waits for one. Sources: 291/2020:19, 321/2020:9, 321/2020:53.
    """
    by_contract = {(act.provider_id, act.contract_no): act for act in acts}
    withdrawn = Deduction.objects.filter(
        case__outcome__in=["rejected", "none"], given_back__isnull=True
    ).select_related("act")
    for made in withdrawn.order_by("pk"):
        act = by_contract.get((made.provider_id, made.act.contract_no))
        if act is not None:
            _give_back(made, act, at)
    for case in _confirmed_later(closing):
        act = next((a for a in acts if a.provider_id == case.provider_id and a.contract_no), None)
        stake = stake_of(case, None)
        if act is not None and stake:
            _take(case, act, stake, at)


def _give_back(made: Deduction, act: Act, at: datetime) -> None:
    OtherSum.objects.create(
        provider_id=made.provider_id, contract_no=act.contract_no, pays=True, ground=_LATER, amount=made.disallowed + made.sanction,
        words=f"case:{made.case_id}", deduction=made, at=at, by=None,
    )  # fmt: skip


def _take(case: Case, act: Act, stake: Decimal, at: datetime) -> None:
    made = Deduction.objects.create(
        act=act, provider_id=case.provider_id, service_id=case.service_id, care_form=case.care_form,
        service_month=case.month, case=case, reason="later",
        disallowed=Decimal(0), sanction=stake,
    )  # fmt: skip
    Debt.objects.create(provider_id=case.provider_id, contract_no=act.contract_no, amount=stake, act=act)
    post([deduction_entry(made)], at)


def _confirmed_later(closing: Closing) -> list[Case]:
    """Confirmed cases of services settled at earlier closings, of which nothing was taken: the largest of each service."""
    same = {"provider": OuterRef("provider"), "service_id": OuterRef("service_id")}
    largest = (
        Case.objects.filter(outcome="confirmed", kind__in=HOLDING, **same)
        .order_by("-amount_at_stake", "pk")
        .values("pk")[:1]
    )
    earlier = Closing.objects.filter(month__lt=closing.month).values("month")
    found = (
        Case.objects.filter(month__in=earlier, outcome="confirmed", kind__in=HOLDING, pk=Subquery(largest))
        .exclude(Exists(Deduction.objects.filter(**same)))
        .exclude(Exists(HeldService.objects.filter(**same)))
    )
    return list(found.select_related("provider").order_by("pk"))
