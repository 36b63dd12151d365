"""A contract lessened below what its provider still has of an advance: paid rightly, and owed back
(291/2020:10); what is paid after that above the sum is not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.workflow.people import World, an_act, at

from qor.law.rules.advances import AdvanceKind
from qor.workflow.acts.models import Advance, AdvanceKept, Closing, ContractSum
from qor.workflow.proof.ceilings import paid_above_contract
from qor.workflow.treasury.models import Order

CLOSED = {2: date(2026, 3, 20), 3: date(2026, 4, 20), 4: date(2026, 5, 20)}


def advance(world: World, amount: str, on: date) -> Advance:
    """An advance of K-71, granted and ordered on a day."""
    provider = world.providers["71"].organisation
    facts = {"provider": provider, "contract_no": "K-71", "funding": "tmkkk"}
    granted = Advance.objects.create(
        **facts,
        kind=AdvanceKind.GENERAL,
        amount=Decimal(amount),
        first_month="2026-02",
        at=at(on),
        by=world.payer,
    )
    Order.objects.create(
        **facts, advance=granted, amount=Decimal(amount), bank_day=on, iban="KZ1", bic="B"
    )
    return granted


def find_sum(month: int, amount: str) -> Closing:
    """A closing that found this sum of K-71's year."""
    closing, _ = Closing.objects.get_or_create(
        month=f"2026-{month:02d}",
        defaults={
            "closed_on": CLOSED[month],
            "at": at(CLOSED[month]),
            "by": "x",
            "settled": str(month),
        },
    )
    ContractSum.objects.create(
        closing=closing, contract_no="K-71", year="2026", amount=Decimal(amount)
    )
    return closing


@pytest.mark.parametrize("sums", [("200", "200"), ("1000", "200"), ("1000", "200", "250")])
def test_what_was_advanced_before_stays(world: World, sums: tuple[str, ...]) -> None:
    """291/2020:10, 291/2020:27: three hundred advanced when the year had a thousand; lessened to
    two hundred, also before the first closing or raised a little again: nothing more may be paid,
    and the three hundred are no fault."""
    advance(world, "300", date(2026, 1, 5))
    for month, amount in enumerate(sums, 2):
        find_sum(month, amount)
    assert paid_above_contract() == []
    advance(world, "0.01", max(CLOSED.values()) + timedelta(days=1))
    assert paid_above_contract() == ["K-71"]


def test_what_was_kept_before_is_counted_once(world: World) -> None:
    """291/2020:10: an act accepted a hundred and kept them of three hundred advanced: three hundred
    are paid, as many stay when the sum falls."""
    act = an_act(world, "71", claimed=Decimal(100))
    granted = advance(world, "300", date(2026, 1, 5))
    find_sum(2, "1000")
    AdvanceKept.objects.create(
        advance=granted, act=act, funding="tmkkk", due=Decimal(100), amount=Decimal(100)
    )
    find_sum(3, "0")
    assert paid_above_contract() == []
    advance(world, "0.01", CLOSED[3] + timedelta(days=1))
    assert paid_above_contract() == ["K-71"]


def test_an_advance_is_no_room_where_nothing_was_lessened(world: World) -> None:
    """291/2020:27: two hundred a year throughout, and three hundred advanced after the first
    closing: above the sum."""
    find_sum(2, "200")
    advance(world, "300", date(2026, 3, 25))
    find_sum(3, "200")
    assert paid_above_contract() == ["K-71"]
