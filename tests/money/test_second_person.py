"""Other payments and deductions (291/2020:19): the contract exists, the region is one's own, large
ones need two people, who enters does not countersign."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.engine.registers import csv_text, load
from tests.money.bank import FRIDAY, lake_of
from tests.workflow.people import World, an_act, at, seal

from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.reading.figures import figure
from qor.workflow.accounts.models import User
from qor.workflow.acts.actions import move
from qor.workflow.acts.models import Act, Debt, OtherSum, ProposedSum
from qor.workflow.acts.netting import net_acts
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.rights import NoSuchContract, SamePerson
from qor.workflow.acts.second_person import NotWaiting, decide_sum, sums_waiting_for
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.rights import NotYours
from qor.workflow.proof import verify

LIMIT = figure("second_person_sum", FRIDAY).value
TIYN = Decimal("0.01")
LARGE = LIMIT + TIYN


@pytest.fixture
def lake(tmp_path: Path, world: World) -> Lake:
    """Contracts K-71 and K-75 of two regions, and K-1 of the first without an act."""
    lake = lake_of(tmp_path, world)
    rows = [
        {
            "contract_no": number,
            "line": 1,
            "bin": world.providers[region].organisation.bin,
            "care_form": "outpatient",
            "funding": "tmkkk",
            "service_code": "*",
            "month": "2026-01",
            "amount": "1.00",
            "valid_from": "2026-01-01",
        }
        for region, number in (("71", "K-1"), ("71", "K-71"), ("75", "K-75"))
    ]
    load(lake, tmp_path, "c.csv", csv_text(rows), "contracts", None)
    return lake


def other(act: Act, amount: Decimal = TIYN, pays: bool = True, number: str = "") -> Other:
    """A court's sum."""
    return Other(
        act.provider,
        number or act.contract_no,
        pays,
        OtherSum.Ground.COURT,
        amount,
        "by the court",
        "tmkkk",
    )


def enter(what: Other, by: User, lake: Lake | None = None) -> OtherSum | ProposedSum:
    """Entered on the day."""
    return enter_other(what, by=by, at=at(FRIDAY), lake=lake)


def broken() -> list[str]:
    """The invariants that do not hold."""
    return [proof.name for proof in verify() if proof.broken]


def test_the_contract_must_exist(world: World, lake: Lake) -> None:
    """By an act or by the lake, and of this provider; a misspelt one is refused, nothing is
    entered."""
    act = an_act(world, claimed=Decimal(1000))
    an_act(world, "75", claimed=Decimal(1000))
    for number in ("K-17", "K-75"):
        with pytest.raises(NoSuchContract):
            enter(other(act, number=number), world.office, lake)
    with pytest.raises(NoSuchContract):
        enter(other(act, number="K-1"), world.office)
    enter(other(act, number="K-1"), world.office, lake)
    enter(other(act), world.office)
    assert OtherSum.objects.count() == 2


def test_only_in_ones_own_region(world: World) -> None:
    """Another region's accountant is refused; head office's may."""
    act = an_act(world, claimed=Decimal(1000))
    for user in (world.accountants["75"], world.providers["71"], world.experts["71"][0]):
        with pytest.raises(NotYours):
            enter(other(act), user)
    for user in (world.accountants["71"], world.payer, world.office):
        assert isinstance(enter(other(act), user), OtherSum)


@pytest.mark.parametrize("pays", [True, False])
def test_above_the_limit_two_people(world: World, pays: bool) -> None:
    """At the limit one is enough; a tiyn above nothing happens before a second accepts: no payment,
    no debt, no posting."""
    act, first = an_act(world, claimed=Decimal(1000)), world.accountants["71"]
    assert isinstance(enter(other(act, LIMIT, pays), world.office), OtherSum)
    before = (OtherSum.objects.count(), Debt.objects.count())
    waits = enter(other(act, LARGE, pays), first)
    assert (
        isinstance(waits, ProposedSum)
        and (OtherSum.objects.count(), Debt.objects.count()) == before
    )
    with pytest.raises(SamePerson):
        decide_sum(waits.pk, True, by=first, at=at(FRIDAY))
    for user in (world.accountants["75"], world.providers["71"], world.auditor):
        with pytest.raises(NotYours):
            decide_sum(waits.pk, True, by=user, at=at(FRIDAY))
    entered = decide_sum(waits.pk, True, by=world.payer, at=at(FRIDAY))
    assert entered is not None and (entered.amount, entered.by) == (LARGE, first)
    assert Debt.objects.count() == before[1] + (not pays) and broken() == []
    with pytest.raises(NotWaiting):
        decide_sum(waits.pk, True, by=world.office, at=at(FRIDAY))
    assert Entry.objects.get(verb="accept_sum").by == "payer"


def test_a_declined_sum_is_gone(world: World) -> None:
    """Nothing of it stands; it waits for nobody; the database itself knows two people."""
    act = an_act(world, claimed=Decimal(1000))
    waits = enter(other(act, LARGE), world.office)
    assert [each.pk for each in sums_waiting_for(world.accountants["71"])] == [waits.pk]
    assert (
        not sums_waiting_for(world.accountants["75"]).exists()
        and not sums_waiting_for(world.providers["71"]).exists()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedSum.objects.update(decided_by=world.office)
    assert decide_sum(waits.pk, False, by=world.accountants["71"], at=at(FRIDAY)) is None
    assert not OtherSum.objects.exists() and not sums_waiting_for(world.office).exists()


def test_a_large_sum_in_small_parts(world: World) -> None:
    """The same person, the same contract, within a day: the parts count together; a day later, or
    another person, they do not."""
    act, half = an_act(world, claimed=Decimal(1000)), LIMIT / 2
    assert isinstance(enter(other(act, half), world.office), OtherSum)
    assert isinstance(enter(other(act, half), world.office), OtherSum)
    assert isinstance(enter(other(act, TIYN), world.office), ProposedSum)
    assert isinstance(enter(other(act, TIYN), world.payer), OtherSum)
    later = at(FRIDAY) + timedelta(days=1)
    assert isinstance(enter_other(other(act, LIMIT), by=world.office, at=later), OtherSum)


@pytest.mark.parametrize("pays", [True, False])
def test_who_enters_does_not_countersign(world: World, pays: bool) -> None:
    """A payment or a deduction that the act takes in: another accountant signs for the Fund; of
    another act he still does."""
    act, accountant = an_act(world, claimed=Decimal(1000)), world.accountants["71"]
    enter(other(act, Decimal(10), pays), accountant)
    with transaction.atomic():
        net_acts([act], Month(2026, 2), at(FRIDAY))
    seal(act=[act.pk])
    for event in ("agree", "sign"):
        move(act.pk, event, by=world.providers["71"], at=at(FRIDAY))
    with pytest.raises(SamePerson):
        move(act.pk, "countersign", by=accountant, at=at(FRIDAY))
    assert move(act.pk, "countersign", by=world.payer, at=at(FRIDAY)).state == "signed"
