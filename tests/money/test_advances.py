"""Advances (291/2020:8-11): the base is the contract as the lake has it, by funding and year; a
refund only of what was paid and is left."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.engine.registers import csv_text, load
from tests.money.bank import DAY, FRIDAY, lake_of, send
from tests.workflow.people import World, an_act, at, seal

from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.reading.interpretations import interpretation
from qor.law.rules.advances import AdvanceKind, AdvanceTooLarge, NoAdvance
from qor.workflow.acts.fundings import FundingNotNamed
from qor.workflow.acts.models import Advance
from qor.workflow.acts.netting import net_acts
from qor.workflow.acts.rights import NoSuchContract
from qor.workflow.disputes.rights import NotYours
from qor.workflow.proof import verify
from qor.workflow.treasury.advances import (
    AdvanceAsked,
    RefundTooLarge,
    UnknownAdvance,
    grant_advance,
    refund_advance,
    refundable,
)
from qor.workflow.treasury.orders import AdvanceIsKept, confirm_paid, make_orders, return_order

FEBRUARY = Month(2026, 2)
THOUSAND = Decimal("1000.00")


@pytest.fixture
def lake(tmp_path: Path, world: World) -> Lake:
    """Two contracts of region 71 and one of region 75; K-71 has two sources of funding and an
    agreement that lessened it from April."""
    lake = lake_of(tmp_path, world)
    lines: list[dict[str, Any]] = []

    def line(
        region: str,
        number: str,
        month: str,
        amount: str,
        funding: str = "tmkkk",
        since: str = "2026-01-01",
    ) -> None:
        bin_ = world.providers[region].organisation.bin
        lines.append(
            {
                "contract_no": number,
                "line": len(lines),
                "bin": bin_,
                "care_form": "outpatient",
                "funding": funding,
                "service_code": "*",
                "month": month,
                "amount": amount,
                "valid_from": since,
                "valid_to": "",
            }
        )

    for n in range(1, 13):
        line("71", "K-71", f"2026-{n:02d}", "100.00")
        line("71", "K-71", f"2026-{n:02d}", "40.00", "osms")
    for n in range(4, 13):
        line("71", "K-71", f"2026-{n:02d}", "10.00", since="2026-04-01")
    line("71", "K-old", "2025-01", "1.00", since="2025-01-01")
    line("71", "K-whole", "", "900.00")
    line("75", "K-75", "2026-01", "1000.00")
    load(lake, tmp_path, "c.csv", csv_text(lines), "contracts", None)
    return lake


def asked(world: World, amount: str, **changed: Any) -> AdvanceAsked:
    """An advance under K-71 of the guaranteed care, kept from February."""
    facts = AdvanceAsked(
        world.providers["71"].organisation,
        "K-71",
        AdvanceKind.GENERAL,
        Decimal(amount),
        FEBRUARY,
        "tmkkk",
    )
    return replace(facts, **changed)


def grant(lake: Lake, world: World, amount: str, on: date = FRIDAY, **changed: Any) -> Advance:
    """Granted by the payer."""
    return grant_advance(lake, asked(world, amount, **changed), by=world.payer, at=at(on))


def pay(lake: Lake) -> None:
    """All that waits is ordered, sent and paid."""
    orders = make_orders(lake, DAY, by="x", at=at(FRIDAY))
    send()
    confirm_paid([order.pk for order in orders], by="x", at=at(DAY))


def broken() -> list[str]:
    """The invariants that do not hold."""
    return [proof.name for proof in verify() if proof.broken]


def test_thirty_per_cent_of_the_contract_itself(world: World, lake: Lake) -> None:
    """504 of 1,680 and not a tiyn more, all advances together, whatever their source; nobody tells
    the base (291/2020:8 1))."""
    grant(lake, world, "200.00")
    grant(lake, world, "160.00")
    grant(lake, world, "144.00", funding="osms")
    for funding in ("tmkkk", "osms"):
        with pytest.raises(AdvanceTooLarge):
            grant(lake, world, "0.01", funding=funding)


def test_a_setting_bounds_each_source(
    world: World, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """advance_base: funding: 360 of 1,200 of one source, 144 of 480 of the other."""
    chosen = replace(interpretation("advance_base"), choice="funding")
    monkeypatch.setattr("qor.workflow.treasury.advances.interpretation", lambda _: chosen)
    for funding, most in (("tmkkk", "360.00"), ("osms", "144.00")):
        grant(lake, world, most, funding=funding)
        with pytest.raises(AdvanceTooLarge):
            grant(lake, world, "0.01", funding=funding)


def test_the_agreement_in_force_counts(world: World, lake: Lake) -> None:
    """From April one source's lines are 10 a month: 30 % of 390 and 480, not of 1,680."""
    april = {"first_month": Month(2026, 4), "on": date(2026, 4, 2)}
    with pytest.raises(AdvanceTooLarge):
        grant(lake, world, "261.01", **april)
    assert grant(lake, world, "261.00", **april).amount == Decimal("261.00")


def test_december(world: World, lake: Lake) -> None:
    """Seventy per cent of December's plan, at most what is left of the contract (291/2020:8 2)); in
    two parts no more than at once."""
    december = {
        "kind": AdvanceKind.DECEMBER,
        "first_month": Month(2026, 12),
        "on": date(2026, 12, 1),
    }
    with pytest.raises(AdvanceTooLarge):
        grant(lake, world, "35.01", **december)
    an_act(world, claimed=Decimal("865.00"))
    with pytest.raises(AdvanceTooLarge):
        grant(lake, world, "5.01", **december)
    grant(lake, world, "3.00", **december)
    grant(lake, world, "2.00", **december)
    with pytest.raises(AdvanceTooLarge):
        grant(lake, world, "0.01", **december)


def test_a_year_without_months(world: World, lake: Lake) -> None:
    """A line that names no month is the year's sum and covers it."""
    grant(lake, world, "270.00", contract_no="K-whole")
    with pytest.raises(AdvanceTooLarge):
        grant(lake, world, "0.01", contract_no="K-whole")


@pytest.mark.parametrize("number", ["K-99", "K-75", "K-old"])
def test_no_contract_no_advance(world: World, lake: Lake, number: str) -> None:
    """Unknown, another provider's, last year's: refused by its number, not as too large."""
    with pytest.raises(NoSuchContract):
        grant(lake, world, "1.00", contract_no=number)


def test_who_gets_none(world: World, lake: Lake) -> None:
    """A month of contract and none before (291/2020:11): none, unless a person says that clause 11
    excepts it."""
    short = {"provider": world.providers["75"].organisation, "contract_no": "K-75"}
    with pytest.raises(NoAdvance):
        grant(lake, world, "1.00", **short)
    assert grant(lake, world, "1.00", excepted=True, **short).funding == "tmkkk"


def test_whose_money(world: World, lake: Lake) -> None:
    """With two sources one must be named, and one that the contract has; another region's
    accountant grants nothing."""
    for funding in ("", "other"):
        with pytest.raises(FundingNotNamed):
            grant(lake, world, "1.00", funding=funding)
    with pytest.raises(NotYours):
        grant_advance(lake, asked(world, "1.00"), by=world.accountants["75"], at=at(FRIDAY))


def test_only_what_was_paid_is_refunded(world: World, lake: Lake) -> None:
    """Granted: nothing. Sent: nothing. Paid: what acts did not keep, once (291/2020:10)."""
    advance = grant(lake, world, "300.00")
    with pytest.raises(RefundTooLarge):
        refund_advance(advance.pk, Decimal("0.01"), by=world.payer, at=at(FRIDAY))
    (order,) = make_orders(lake, DAY, by="x", at=at(FRIDAY))
    send()
    with pytest.raises(RefundTooLarge):
        refund_advance(advance.pk, Decimal("0.01"), by=world.payer, at=at(FRIDAY))
    confirm_paid([order.pk], by="x", at=at(DAY))
    act = an_act(world, claimed=THOUSAND)
    with transaction.atomic():
        net_acts([act], FEBRUARY, at(FRIDAY))
    seal(act=[act.pk])
    assert (act.advance_kept, refundable(advance)) == (Decimal("30.00"), Decimal("270.00"))
    refund_advance(advance.pk, Decimal("200.00"), by=world.accountants["71"], at=at(DAY))
    with pytest.raises(RefundTooLarge):
        refund_advance(advance.pk, Decimal("70.01"), by=world.payer, at=at(DAY))
    refund_advance(advance.pk, Decimal("70.00"), by=world.payer, at=at(DAY))
    assert refundable(advance) == 0 and broken() == []


def test_who_may_not_refund(world: World, lake: Lake) -> None:
    """Another region, a provider, an expert; an advance that is not there."""
    advance = grant(lake, world, "300.00")
    pay(lake)
    for user in (
        world.accountants["75"],
        world.providers["71"],
        world.experts["71"][0],
        world.auditor,
    ):
        with pytest.raises(NotYours):
            refund_advance(advance.pk, Decimal("1.00"), by=user, at=at(DAY))
    with pytest.raises(UnknownAdvance):
        refund_advance(4711, Decimal("1.00"), by=world.payer, at=at(DAY))


def test_an_advance_that_came_back_is_not_kept(world: World, lake: Lake) -> None:
    """Sent back by the bank before an act kept of it: nothing is kept of it. Kept already: its
    payment is not undone, what is left is refunded."""
    back, stays = grant(lake, world, "200.00"), grant(lake, world, "100.00")
    pay(lake)
    return_order(back.orders.get().pk, by="x", at=at(DAY))
    act = an_act(world, claimed=THOUSAND)
    with transaction.atomic():
        net_acts([act], FEBRUARY, at(FRIDAY))
    seal(act=[act.pk])
    assert (act.advance_kept, refundable(back), refundable(stays)) == (
        Decimal("10.00"),
        Decimal(0),
        Decimal("90.00"),
    )
    with pytest.raises(AdvanceIsKept):
        return_order(stays.orders.get().pk, by="x", at=at(DAY))
    assert broken() == []
