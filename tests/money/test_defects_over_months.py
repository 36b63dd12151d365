"""A defect over several closings: its sanction carried, withdrawn, found no room, confirmed after
payment."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.money.small_fund import Fund, close_case, make_fund
from tests.workflow.people import World, at

from qor.law.nouns.months import Month
from qor.workflow.acts.actions import StakeIsKnown, set_stake
from qor.workflow.acts.models import OtherSum
from qor.workflow.disputes.rights import NotYours


@pytest.fixture
def fund(tmp_path: Path, world: World) -> Fund:
    """Plans of twelve thousand a month."""
    return make_fund(tmp_path, world)


JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


@pytest.mark.slow
def test_a_sanction_is_carried_until_it_is_gone(fund: Fund) -> None:
    """Nothing to pay in January; the rest of the sanction in February."""
    fund.month(JANUARY, 2)
    close_case(fund.case(JANUARY, 1), "confirmed")
    fund.close(JANUARY, date(2026, 2, 20))
    assert fund.act(JANUARY).to_pay == 0
    fund.month(FEBRUARY, 5)
    fund.close(FEBRUARY, date(2026, 3, 20))
    assert (fund.act(FEBRUARY).other_deductions, fund.act(FEBRUARY).to_pay) == (
        Decimal(1000),
        Decimal(4000),
    )


@pytest.mark.slow
def test_a_withdrawn_defect_is_given_back(fund: Fund) -> None:
    """291/2020:19:1): deducted in January, rejected after an outage: its price is released in
    February, its sanction another payment; once."""
    fund.month(JANUARY, 10)
    case = fund.case(JANUARY, 3)
    close_case(case, "confirmed")
    fund.close(JANUARY, date(2026, 2, 20))
    close_case(case, "rejected")
    for month, on in ((FEBRUARY, date(2026, 3, 20)), (MARCH, date(2026, 4, 20))):
        fund.month(month, 1)
        fund.close(month, on)
    later = fund.act(FEBRUARY)
    assert (later.released, later.other_payments, later.to_pay) == (
        Decimal(1000),
        Decimal(2000),
        Decimal(4000),
    )
    assert (fund.act(MARCH).released, fund.act(MARCH).other_payments) == (Decimal(0), Decimal(0))
    assert OtherSum.objects.count() == 1


@pytest.mark.slow
def test_a_withdrawn_defect_finds_no_room(fund: Fund) -> None:
    """January's sum was used by the others: what is set free again is beyond it, and nothing is
    paid above the contract."""
    fund.month(JANUARY, 14)
    case = fund.case(JANUARY, 3, proposed_deduction=Decimal("1000.00"))
    close_case(case, "confirmed")
    fund.close(JANUARY, date(2026, 2, 20))
    assert fund.act(JANUARY).to_pay == Decimal(12000)
    close_case(case, "rejected")
    fund.month(FEBRUARY, 1)
    fund.close(FEBRUARY, date(2026, 3, 20))
    assert (fund.act(FEBRUARY).released, fund.act(FEBRUARY).beyond, fund.act(FEBRUARY).to_pay) == (
        Decimal(1000),
        Decimal(1000),
        Decimal(1000),
    )


@pytest.mark.slow
def test_the_other_defect_of_a_service_stays(fund: Fund) -> None:
    """Of two confirmed defects the larger counts; when it is rejected, the smaller does: two
    thousand come back, one thousand stays."""
    fund.month(JANUARY, 10)
    larger = fund.case(JANUARY, 3)
    close_case(larger, "confirmed")
    close_case(
        fund.case(
            JANUARY, 3, check_slug="repeat-diagnostics", proposed_deduction=Decimal("1000.00")
        ),
        "confirmed",
    )
    fund.close(JANUARY, date(2026, 2, 20))
    assert fund.act(JANUARY).to_pay == Decimal(7000)
    close_case(larger, "rejected")
    fund.month(FEBRUARY, 1)
    fund.close(FEBRUARY, date(2026, 3, 20))
    later = fund.act(FEBRUARY)
    assert (later.disallowed, later.other_payments, later.to_pay) == (
        Decimal(1000),
        Decimal(2000),
        Decimal(3000),
    )


@pytest.mark.slow
def test_a_defect_confirmed_after_payment_is_owed(fund: Fund) -> None:
    """A case made after the closing and confirmed: a debt in the next act, once."""
    fund.month(JANUARY, 10)
    fund.close(JANUARY, date(2026, 2, 20))
    close_case(fund.case(JANUARY, 3), "confirmed")
    for month, on in ((FEBRUARY, date(2026, 3, 20)), (MARCH, date(2026, 4, 20))):
        fund.month(month, 5)
        fund.close(month, on)
    assert [fund.act(m).other_deductions for m in (FEBRUARY, MARCH)] == [Decimal(3000), Decimal(0)]


@pytest.mark.slow
def test_a_sum_that_nobody_knows_holds_the_service(fund: Fund) -> None:
    """The classification leaves the cell unprinted: held, until head office says what it takes."""
    fund.month(JANUARY, 3)
    case = fund.case(JANUARY, 1, code="14.0", proposed_deduction=None)
    close_case(case, "confirmed")
    fund.close(JANUARY, date(2026, 2, 20))
    assert (fund.act(JANUARY).held, fund.act(JANUARY).to_pay) == (Decimal(1000), Decimal(2000))
    with pytest.raises(NotYours):
        set_stake(
            case.pk, Decimal("400.00"), by=fund.world.payer, at=at(date(2026, 2, 21)), statement="x"
        )
    set_stake(
        case.pk,
        Decimal("400.00"),
        by=fund.world.office,
        at=at(date(2026, 2, 21)),
        statement="by the contract",
    )
    with pytest.raises(StakeIsKnown):
        set_stake(
            case.pk,
            Decimal("500.00"),
            by=fund.world.office,
            at=at(date(2026, 2, 21)),
            statement="again",
        )
    fund.month(FEBRUARY, 1)
    fund.close(FEBRUARY, date(2026, 3, 20))
    assert (
        fund.act(FEBRUARY).released,
        fund.act(FEBRUARY).disallowed,
        fund.act(FEBRUARY).to_pay,
    ) == (Decimal(1000), Decimal(400), Decimal(1600))
