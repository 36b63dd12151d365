"""What a provider returned for a service of no contract comes back once its case is rejected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.four_contracts import Two, accounts, make_two
from tests.money.unchecked import run_unchecked
from tests.workflow.people import World, at

from qor.law.nouns.months import Month
from qor.workflow.acts.debts import return_money
from qor.workflow.acts.models import Act, Debt, OtherSum
from qor.workflow.disputes.models import Case
from qor.workflow.proof import verify

JANUARY, FEBRUARY, MARCH, APRIL = (Month(2026, number) for number in range(1, 5))
_OUTSIDE = "K-1-pathology-2026-01-3"


@pytest.fixture
def two(tmp_path: Path, world: World) -> Two:
    """Outpatient contracts of two providers; one service of a form that none of them covers."""
    two = make_two(tmp_path, world)
    accounts(two, BIN, OTHER)
    for number in ("K-1", "K-2", "K-3"):
        two.contract(number, "outpatient", "10000.00")
    return two


def _close(two: Two, month: Month, *numbers: str) -> None:
    for number in numbers:
        two.services(month, 1, number, contract_no=number)
    run_unchecked(two.lake, month)
    two.close(month)


def test_a_sanction_that_was_returned_comes_back(two: Two) -> None:
    """291/2020:19: what a decision takes above the price of a service of no contract (21) is owed
    by no contract; it was returned to the Fund, its case was rejected, and an act of the provider
    pays it, once."""
    two.services(JANUARY, 1, "K-1", "pathology", start=3, contract_no="")
    _close(two, JANUARY, "K-1", "K-2", "K-3")
    case = two.world.case(
        region="71",
        month="2026-01",
        service_id=_OUTSIDE,
        care_form="pathology",
        amount=Decimal(1000),
        proposed_deduction=Decimal(3000),
    )
    Case.objects.filter(pk=case.pk).update(outcome="confirmed", assigned_to=None)
    _close(two, FEBRUARY, "K-3")  # no act of this provider: nothing is netted
    debt = Debt.objects.get()
    assert (debt.contract_no, debt.amount) == ("", Decimal(2000))
    return_money(debt.pk, debt.amount, by=two.world.payer, at=at(date(2026, 3, 25)))
    Case.objects.filter(pk=case.pk).update(outcome="rejected")
    _close(two, MARCH, "K-1", "K-2", "K-3")
    (given,) = OtherSum.objects.all()
    assert given.act is not None and given.act.contract_no == "K-1"
    assert given.act.to_pay == given.act.claimed + 2000
    _close(two, APRIL, "K-1", "K-2", "K-3")
    paid = Act.objects.filter(provider=case.provider, other_payments__gt=0)
    assert [act.other_payments for act in paid] == [Decimal(2000)]
    assert [proof.name for proof in verify() if proof.broken] == []
