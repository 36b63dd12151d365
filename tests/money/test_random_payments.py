"""Random years of a small fund: bills, disputes, words taken back, penalties, advances, payments;
every invariant after every step."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import csv_text, load
from tests.money.small_fund import Fund, close_case, make_fund
from tests.workflow.people import World, at

from qor.engine.storage.duck import connect, parquet
from qor.interfaces.documents.bank_files import bank_format
from qor.interfaces.documents.payer import Payer
from qor.interfaces.documents.payment_codes import payment_codes
from qor.law.nouns.identifiers import check_iban
from qor.law.nouns.months import Month
from qor.law.rules.advances import AdvanceKind
from qor.workflow.acts.actions import move
from qor.workflow.acts.models import Act, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.disputes.models import Case
from qor.workflow.proof import verify
from qor.workflow.treasury.advances import AdvanceAsked, grant_advance
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.orders import confirm_paid, make_orders, return_order
from qor.workflow.treasury.sending import send_orders

MONTHS = 4
SEEDS = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(4)]
PAYER = Payer("Фонд", "990140000017", check_iban("KZ", "9990000000000000"), "DEMOKZKA")
FORM = bank_format("pain001", PAYER, payment_codes(), "utf-8")


def broken() -> list[str]:
    """The invariants that do not hold."""
    return [proof.name for proof in verify() if proof.broken]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_year(tmp_path: Path, world: World, seed: int) -> None:
    """Four months; after each closing and payment nothing is broken, no service is accepted above
    its price, no contract paid above its sum."""
    fund, dice = make_fund(tmp_path, world), random.Random(seed)
    _prepare(fund, dice)
    for number in range(1, MONTHS + 1):
        month, on = Month(2026, number), date(2026, number + 1, 20)
        fund.month(month, dice.randrange(1, 16))
        _dispute(fund, month, dice)
        _change_minds(dice)
        fund.close(month, on)
        _pay(fund, month, on, dice)
        assert broken() == []
    _no_service_above_its_price(fund)
    paid = sum((o.amount for o in Order.objects.filter(state="paid")), Decimal(0))
    others = sum(
        (o.amount for o in OtherSum.objects.filter(pays=True, act__isnull=False)), Decimal(0)
    )
    assert paid <= Decimal(12 * 12000) + others


def _prepare(fund: Fund, dice: random.Random) -> None:
    """A bank account, and sometimes an advance that is paid before January's acts."""
    provider = fund.world.providers["71"].organisation
    account = {
        "bin": provider.bin,
        "iban": check_iban("KZ", "9990000000000001"),
        "bic": "DEMOKZKA",
        "valid_from": "2024-01-01",
    }
    load(fund.lake, fund.root, "b.csv", csv_text([account]), "bank_accounts", None)
    if dice.random() < 0.7:
        sum_, first = Decimal("33333.33"), Month(2026, 1)
        asked = AdvanceAsked(provider, "K-1", AdvanceKind.GENERAL, sum_, first, excepted=True)
        grant_advance(fund.lake, asked, by=fund.world.payer, at=at(date(2026, 1, 5)))
        (order,) = make_orders(fund.lake, date(2026, 1, 6), by="test", at=at(date(2026, 1, 5)))
        send_orders(date(2026, 1, 6), FORM, by="test", at=at(date(2026, 1, 6)))
        confirm_paid([order.pk], by="test", at=at(date(2026, 1, 6)))


def _dispute(fund: Fund, month: Month, dice: random.Random) -> None:
    """Some services have one case, some two; some end before the closing, some do not."""
    for n in range(1, 12):
        for slug in ("after-death", "repeat-diagnostics")[: dice.choice((0, 0, 1, 1, 2))]:
            case = fund.case(
                month,
                n,
                check_slug=slug,
                proposed_deduction=Decimal(dice.choice(("0", "333.33", "1000.00", "3000.00"))),
            )
            if dice.random() < 0.6:
                close_case(case, dice.choice(("confirmed", "rejected", "none")))


def _change_minds(dice: random.Random) -> None:
    """Open cases end; a few that ended end otherwise after an outage."""
    for case in Case.objects.order_by("pk"):
        if case.outcome == "" and dice.random() < 0.5:
            close_case(case, dice.choice(("confirmed", "rejected")))
        elif case.outcome in ("confirmed", "rejected") and dice.random() < 0.15:
            close_case(case, "rejected" if case.outcome == "confirmed" else "confirmed")


def _pay(fund: Fund, month: Month, on: date, dice: random.Random) -> None:
    """Another payment or a penalty now and then; the act agreed or corrected first; an order that
    the bank may send back."""
    act, provider, accountant = (
        fund.act(month),
        fund.world.providers["71"],
        fund.world.accountants["71"],
    )
    if dice.random() < 0.5:
        other = Other(
            act.provider,
            "K-1",
            dice.random() < 0.5,
            OtherSum.Ground.COURT,
            Decimal(dice.randrange(1, 400000)) / 100,
            "x",
        )
        enter_other(other, by=fund.world.payer, at=at(on))
        move(act.pk, "refuse", by=provider, at=at(on), statement="x")
        fresh = fund.act(month)
        room = fresh.accepted > 0 or other.pays
        move(act.pk, "correct" if room else "send_again", by=accountant, at=at(on), statement="x")
        assert broken() == []
    for event, by in (("agree", provider), ("sign", provider), ("countersign", accountant)):
        move(act.pk, event, by=by, at=at(on))
    orders = make_orders(fund.lake, _bank_day(on), by="test", at=at(on))
    if orders:
        send_orders(_bank_day(on), FORM, by="test", at=at(on))
    confirm_paid([order.pk for order in orders], by="test", at=at(on))
    for order in orders:
        if dice.random() < 0.3:
            return_order(order.pk, by="test", at=at(on))


def _bank_day(on: date) -> date:
    from qor.law.reading.calendar import add_working_days

    return add_working_days(on, 1)


def _no_service_above_its_price(fund: Fund) -> None:
    """Over all closings: accepted of a service less what was put back is never above its price."""
    accepted: dict[str, Decimal] = defaultdict(Decimal)
    with connect() as connection:
        query = (
            f"SELECT service_id, sum(accepted) FROM {parquet(fund.lake.paths('settled'))} "
            "WHERE kind <> 'lump' GROUP BY service_id"
        )
        for service, amount in connection.execute(query).fetchall():
            accepted[service] += Decimal(amount)
    assert all(amount <= Decimal(1000) for amount in accepted.values())
    assert Act.objects.filter(to_pay__lt=0).count() == 0
