"""A difference that a person entered by hand and one that a closing enters: both stand, and the
closing names it, so that the same money is not paid or taken twice unseen. Which closing entered a
sum, the sum says."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.four_contracts import Two, accounts, make_two
from tests.money.test_late_lists import FEBRUARY, JANUARY, MARCH, close, entered, patients, tariff
from tests.workflow.people import World, at

from qor.workflow.acts.models import Closing, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.unready import unready_of
from qor.workflow.proof import verify

D = Decimal
BY_HAND = "recalculated_by_hand"


@pytest.fixture
def two(tmp_path: Path, world: World) -> Two:
    """Two providers; January's one patient was paid by a tariff of 1,300."""
    fund = make_two(tmp_path, world)
    accounts(fund, BIN, OTHER)
    fund.contract("K-3", "pathology", "9000.00")
    fund.contract("K-1", "mental", "900000.00")
    patients(fund, 1)
    tariff(fund, "1300.00")
    close(fund, JANUARY)
    return fund


def enter(two: Two, ground: OtherSum.Ground, *, pays: bool) -> None:
    """A person enters 200 under K-1."""
    provider = two.world.providers["71"].organisation
    other = Other(provider, "K-1", pays, ground, D(200), "the tariff of January", "tmkkk")
    enter_other(other, by=two.world.payer, at=at(date(2026, 3, 2)), lake=two.lake)


@pytest.mark.parametrize(
    ("ground", "pays", "now", "named"),
    [
        (OtherSum.Ground.RECALCULATION, True, "1500.00", [(BIN, "2026-01", D(200))]),
        (OtherSum.Ground.RECALCULATION, False, "1100.00", [(BIN, "2026-01", D(-200))]),
        (OtherSum.Ground.RECALCULATION, True, "1100.00", []),
        (OtherSum.Ground.RECALCULATION, True, "1300.00", []),
        (OtherSum.Ground.COURT, True, "1500.00", []),
    ],
)
def test_a_recalculation_of_a_person_is_named_beside_that_of_the_closing(
    two: Two, ground: OtherSum.Ground, pays: bool, now: str, named: list[tuple[str, str, Decimal]]
) -> None:
    """291/2020:19: 1,300 paid, the tariff is 200 more or less now, and a person entered the 200:
    named where the closing enters a difference in the same direction, and nowhere else."""
    enter(two, ground, pays=pays)
    tariff(two, now)
    close(two, FEBRUARY)
    change = D(now) - D(1300)
    of_closing = OtherSum.objects.filter(ground="recalculation", closing__isnull=False)
    assert [each.amount for each in of_closing] == ([abs(change)] if change else [])
    unready = unready_of(FEBRUARY)
    assert [(m.bin, m.service_month, m.amount) for m in unready if m.what == BY_HAND] == named


def test_one_of_before_the_month_was_closed_is_another(two: Two) -> None:
    """291/2020:19: what was entered before February was closed cannot be its difference."""
    enter(two, OtherSum.Ground.RECALCULATION, pays=True)
    patients(two, 1, FEBRUARY)
    close(two, FEBRUARY)
    assert entered() == [("K-1", "2026-03", D(200))]
    two.load("norms", {"bin": BIN, "kind": "КТ", "valid_from": "2026-02-01", "value": "1500.00"})
    close(two, MARCH)
    assert [m.what for m in unready_of(MARCH) if m.what == BY_HAND] == []


def test_two_closings_of_one_moment_enter_each_its_own(tmp_path: Path, world: World) -> None:
    """291/2020:19: January and February are closed late, at one moment, and February's closing
    enters 200 of January: they are not looked for in January's part of the lake too."""
    two = make_two(tmp_path, world)
    accounts(two, BIN, OTHER)
    two.contract("K-3", "pathology", "9000.00")
    two.contract("K-1", "mental", "900000.00")
    patients(two, 1)
    for month, value in ((JANUARY, "1300.00"), (FEBRUARY, "1500.00")):
        tariff(two, value)
        two.services(month, 1, "K-3", "pathology")
        two.run(month)
        two.close(month, date(2026, 3, 20))
    assert entered() == [("K-1", "2026-03", D(200))]
    assert OtherSum.objects.get().closing == Closing.objects.get(month="2026-02")
    assert len(set(Closing.objects.values_list("at", flat=True))) == 1
    assert [proof.name for proof in verify(two.lake) if proof.broken] == []
