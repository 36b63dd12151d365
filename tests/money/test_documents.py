"""Protocols and acts: who does what and by when, what the sums become, orders and advances; each posting in the ledger."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.engine.registers import csv_text, take
from tests.workflow.people import World, an_act, at

from qor.engine.lake import Lake
from qor.interfaces.documents.bank_files import Payer, orders_1c, orders_csv, pain_001, schema
from qor.interfaces.documents.papers import as_pdf, as_workbook, paper_of
from qor.law.advances import AdvanceKind, AdvanceTooLarge, NoAdvance, Standing
from qor.law.identifiers import check_iban, has_check_digits
from qor.law.machines import EventNotAllowed, TermIsOver
from qor.law.months import Month
from qor.workflow.disputes.actions import WordsMissing
from qor.workflow.disputes.rights import NotYours
from qor.workflow.payments.actions import NothingCorrected, Other, enter_other, move, tick_acts
from qor.workflow.payments.models import Act, Debt, OtherSum
from qor.workflow.payments.net import net_acts
from qor.workflow.payments.orders import (
    AdvanceAsked,
    NoBankAccount,
    NotABankDay,
    OrderStands,
    confirm_paid,
    grant_advance,
    make_orders,
    owes,
    refund_advance,
    repeat_order,
    return_order,
)  # fmt: skip
from qor.workflow.payments.postings import Account, Posting
from qor.workflow.payments.verify import balances, verify

FRIDAY = date(2026, 3, 20)  # closed; the term of three working days ends on 30 March: Nauryz lies between
LAST = date(2026, 3, 30)
PAYER = Payer("Фонд", "990140000017", check_iban("KZ", "9990000000000000"), "DEMOKZKA")
THOUSAND = Decimal("1000.00")


@pytest.fixture
def lake(tmp_path: Path, world: World) -> Lake:
    """A lake with the bank account of the provider in region 71."""
    made = Lake(tmp_path / "lake")
    bin_ = world.providers["71"].organisation.bin
    take(made, tmp_path, "p.csv", csv_text([{"bin": bin_, "region": "71"}]), "providers", None)
    account = {"bin": bin_, "iban": check_iban("KZ", "9990000000000001"), "bic": "DEMOKZKA", "valid_from": "2024-01-01"}
    take(made, tmp_path, "b.csv", csv_text([account]), "bank_accounts", None)
    return made


def broken() -> list[str]:
    """The invariants that do not hold."""
    return [proof.name for proof in verify() if proof.broken]


def sign(act: Act, world: World, on: date = FRIDAY) -> None:
    """Agreed and signed by both."""
    provider, accountant = world.providers["71"], world.accountants["71"]
    move(act.pk, "agree", by=provider, at=at(on))
    move(act.pk, "sign", by=provider, at=at(on))
    move(act.pk, "countersign", by=accountant, at=at(on))


def test_a_protocol_is_agreed_and_the_act_signed(world: World) -> None:
    """291/2020:13, 291/2020:18, 291/2020:26: each side in its turn; payment within ten calendar days of the second signature."""
    act = an_act(world, claimed=THOUSAND)
    sign(act, world)
    act.refresh_from_db()
    assert (act.state, act.signed_on, act.pay_by) == ("signed", FRIDAY, FRIDAY + timedelta(days=10))
    with pytest.raises(EventNotAllowed):
        move(act.pk, "agree", by=world.providers["71"], at=at(FRIDAY))


@pytest.mark.parametrize(("on", "late"), [(LAST, False), (LAST + timedelta(days=1), True)])
def test_a_refusal_comes_within_three_working_days(world: World, on: date, late: bool) -> None:
    """291/2020:20: with holidays in between; a day later it is too late, and agreeing is still possible."""
    act = an_act(world, claimed=THOUSAND)
    if late:
        with pytest.raises(TermIsOver):
            move(act.pk, "refuse", by=world.providers["71"], at=at(on), words="too little")
        assert move(act.pk, "agree", by=world.providers["71"], at=at(on)).state == "act_made"
    else:
        refused = move(act.pk, "refuse", by=world.providers["71"], at=at(on), words="too little")
        assert (refused.state, refused.due_on) == ("refused", date(2026, 4, 1))


def test_silence_decides_nothing(world: World) -> None:
    """The protocol that nobody answered is marked overdue once (291/2020:20 names no outcome)."""
    act = an_act(world, claimed=THOUSAND)
    assert tick_acts(at(LAST)) == 0
    assert (tick_acts(at(LAST + timedelta(days=1))), tick_acts(at(LAST + timedelta(days=2)))) == (1, 0)
    act.refresh_from_db()
    assert (act.state, act.overdue_since) == ("protocol_sent", LAST + timedelta(days=1))


def test_a_correction_needs_something_to_correct(world: World) -> None:
    """Another payment, entered with its ground, changes the sums; the version counts up."""
    act, accountant = an_act(world, claimed=THOUSAND), world.accountants["71"]
    move(act.pk, "refuse", by=world.providers["71"], at=at(FRIDAY), words="a visit is missing")
    with pytest.raises(NothingCorrected):
        move(act.pk, "correct", by=accountant, at=at(FRIDAY), words="x")
    enter_other(
        Other(act.provider, act.contract_no, True, OtherSum.Ground.RECONCILIATION, Decimal("250.00"), "a visit"),
        by=accountant,
        at=at(FRIDAY),
    )
    corrected = move(act.pk, "correct", by=accountant, at=at(FRIDAY), words="right")
    assert (corrected.version, corrected.accepted, corrected.to_pay) == (2, Decimal("1250.00"), Decimal("1250.00"))
    assert broken() == []


def test_who_may_not(world: World) -> None:
    """Another provider, another region's accountant, the provider in the Fund's turn; a refusal without reasons."""
    act = an_act(world, claimed=THOUSAND)
    for user in (world.providers["75"], world.accountants["71"], world.office):
        with pytest.raises(NotYours):
            move(act.pk, "agree", by=user, at=at(FRIDAY))
    with pytest.raises(WordsMissing):
        move(act.pk, "refuse", by=world.providers["71"], at=at(FRIDAY), words=" ")
    move(act.pk, "refuse", by=world.providers["71"], at=at(FRIDAY), words="x")
    with pytest.raises(NotYours):
        move(act.pk, "send_again", by=world.accountants["75"], at=at(FRIDAY), words="x")


def test_a_debt_is_netted_and_carried(world: World) -> None:
    """291/2020:19:2): a penalty above what the act comes to: nothing below zero, the rest is owed on, and taken from the next."""
    act, accountant = an_act(world, claimed=THOUSAND), world.accountants["71"]
    penalty = Other(act.provider, act.contract_no, False, OtherSum.Ground.PENALTY, Decimal("1300.00"), "no licence")
    enter_other(penalty, by=accountant, at=at(FRIDAY))
    with transaction.atomic():
        net_acts([act], Month(2026, 2), at(FRIDAY))
    act.refresh_from_db()
    assert (act.other_deductions, act.accepted, act.to_pay) == (THOUSAND, Decimal(0), Decimal(0))
    assert owes(act.provider) and Debt.objects.get().amount == Decimal("1300.00")
    assert broken() == []


def test_orders_of_a_bank_day(world: World, lake: Lake) -> None:
    """Only signed acts; once; paid, returned by the bank, repeated; the ledger mirrors what came back."""
    act = an_act(world, claimed=THOUSAND)
    assert make_orders(lake, date(2026, 3, 26), by="x", at=at(FRIDAY)) == []
    sign(act, world)
    with pytest.raises(NotABankDay):
        make_orders(lake, date(2026, 3, 28), by="x", at=at(FRIDAY))
    (order,) = make_orders(lake, date(2026, 3, 26), by="x", at=at(FRIDAY))
    assert make_orders(lake, date(2026, 3, 26), by="x", at=at(FRIDAY)) == []
    assert (confirm_paid([order.pk], by="x", at=at(LAST)), confirm_paid([order.pk], by="x", at=at(LAST))) == (1, 0)
    assert cash() == -THOUSAND and broken() == []
    return_order(order.pk, by="x", at=at(LAST))
    assert cash() == 0
    again = repeat_order(lake, order.pk, date(2026, 3, 31), by="x", at=at(LAST))
    with pytest.raises(OrderStands):
        repeat_order(lake, order.pk, date(2026, 3, 31), by="x", at=at(LAST))
    confirm_paid([again.pk], by="x", at=at(LAST))
    assert cash() == -THOUSAND and broken() == []


def cash() -> Decimal:
    """What left the Fund's account, by the ledger."""
    return balances().get(Account.CASH.value, Decimal(0))


def test_an_order_needs_an_account(world: World, lake: Lake) -> None:
    """No bank account on the day: named, and nothing is made."""
    act = an_act(world, region="71", claimed=THOUSAND)
    sign(act, world)
    with pytest.raises(NoBankAccount):
        make_orders(Lake(lake.root.parent / "other"), date(2026, 3, 26), by="x", at=at(FRIDAY))
    assert not act.orders.exists()


def test_an_advance_within_its_share(world: World, lake: Lake) -> None:
    """Thirty per cent of the contract and not a tiyn more, all advances together; kept in even parts; refunded what is left."""
    provider = world.providers["71"].organisation
    standing = Standing(contract_months=12, owes=False, had_contracts=True)
    asked = AdvanceAsked(
        provider, "K-71", AdvanceKind.GENERAL, Decimal("300.00"), Month(2026, 2), THOUSAND, THOUSAND, standing
    )
    advance = grant_advance(asked, by=world.payer, at=at(FRIDAY))
    with pytest.raises(AdvanceTooLarge):
        grant_advance(replace(asked, amount=Decimal("0.01")), by=world.payer, at=at(FRIDAY))
    with pytest.raises(NoAdvance):
        short = replace(asked, contract_no="K-72", standing=replace(standing, contract_months=6))
        grant_advance(short, by=world.payer, at=at(FRIDAY))
    (order,) = make_orders(lake, date(2026, 3, 26), by="x", at=at(FRIDAY))
    confirm_paid([order.pk], by="x", at=at(FRIDAY))
    act = an_act(world, claimed=THOUSAND)
    with transaction.atomic():
        net_acts([act], Month(2026, 2), at(FRIDAY))
    assert (act.advance_kept, act.to_pay) == (Decimal("30.00"), Decimal("970.00"))
    refund_advance(advance.pk, Decimal("270.00"), by="x", at=at(FRIDAY))
    assert broken() == []


def test_an_advance_that_was_not_paid_is_not_kept(world: World, lake: Lake) -> None:
    """Granted, ordered, sent back by the bank: nothing is kept of it, and nothing counts as paid."""
    provider = world.providers["71"].organisation
    standing = Standing(contract_months=12, owes=False, had_contracts=True)
    asked = AdvanceAsked(
        provider, "K-71", AdvanceKind.GENERAL, Decimal("300.00"), Month(2026, 2), THOUSAND, THOUSAND, standing
    )
    grant_advance(asked, by=world.payer, at=at(FRIDAY))
    (order,) = make_orders(lake, date(2026, 3, 26), by="x", at=at(FRIDAY))
    confirm_paid([order.pk], by="x", at=at(FRIDAY))
    return_order(order.pk, by="x", at=at(FRIDAY))
    act = an_act(world, claimed=THOUSAND)
    with transaction.atomic():
        net_acts([act], Month(2026, 2), at(FRIDAY))
    assert (act.advance_kept, act.to_pay) == (Decimal(0), THOUSAND)
    assert broken() == []


def test_a_payment_of_an_ended_contract_finds_another_act(world: World) -> None:
    """Last year's contract has no acts any more: what is owed to the provider under it comes with this year's act."""
    act = an_act(world, claimed=THOUSAND)
    ended = Other(act.provider, "K-2025", True, OtherSum.Ground.COURT, Decimal("70.00"), "by the court")
    enter_other(ended, by=world.office, at=at(FRIDAY))
    with transaction.atomic():
        net_acts([act], Month(2026, 2), at(FRIDAY))
    assert (act.other_payments, act.to_pay) == (Decimal("70.00"), Decimal("1070.00"))
    assert broken() == []


def test_payment_files(world: World, lake: Lake) -> None:
    """pain.001 fits its schema and carries the sum; the CSV has a line an order; 1C's file is Windows-1251."""
    act = an_act(world, claimed=Decimal("1234567.89"))
    sign(act, world)
    orders = make_orders(lake, date(2026, 3, 26), by="x", at=at(FRIDAY))
    told = pain_001(orders, PAYER, at(FRIDAY))
    schema().validate(told.decode())
    assert b'Ccy="KZT">1234567.89<' in told
    assert told == pain_001(orders, PAYER, at(FRIDAY)), "the same orders are the same message"
    assert orders_csv(orders).splitlines()[1].endswith(",1234567.89")
    assert "Сумма=1234567.89" in orders_1c(orders, PAYER, at(FRIDAY)).decode("cp1251")
    assert has_check_digits(orders[0].iban) and not has_check_digits(orders[0].iban[:-1] + "9")


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("kind", ["register", "protocol", "act"])
def test_papers(world: World, language: str, kind: str) -> None:
    """PDF/A and a workbook with the same sums, in Kazakh and in Russian."""
    paper = paper_of(an_act(world, claimed=THOUSAND, held=Decimal("100.00")), kind, language)
    assert as_pdf(paper, language).startswith(b"%PDF-1.") and as_workbook(paper).startswith(b"PK")
    assert paper.sums[-1][1] == paper.figures[0][-1] == (THOUSAND if kind == "register" else Decimal("900.00"))


def test_the_database_keeps_the_identities(world: World) -> None:
    """An act whose sums do not close cannot be written, whoever tries."""
    act = an_act(world, claimed=THOUSAND)
    with pytest.raises(IntegrityError), transaction.atomic():
        Act.objects.filter(pk=act.pk).update(accepted=Decimal("999.99"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.all().update(amount=Decimal(1))


def test_verify_sees_what_is_wrong(world: World) -> None:
    """A posting without its other side, a line beside its act: each is named."""
    act = an_act(world, claimed=THOUSAND)
    assert broken() == []
    facts = {
        "entry": 10**9,
        "debit": "claims",
        "credit": "payable",
        "provider_id": act.provider_id,
        "contract_no": "K-71",
    }
    Posting.objects.create(act=act, amount=Decimal(5), cause="x", at=at(FRIDAY), **facts)
    assert set(broken()) == {
        "claims_are_empty_after_a_closing",
        "each_act_is_payable_once",
        "replay_gives_the_same_ledger",
    }
    for wrong in ({"amount": Decimal(-5)}, {"amount": Decimal(5), "credit": "claims"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Posting.objects.create(cause="x", at=at(FRIDAY), **(facts | wrong))
    sums = dict.fromkeys(("released", "returned", "held", "disallowed", "beyond", "sanction"), 0)
    act.lines.create(
        care_form="blood", funding="tmkkk", service_month="2026-02", services=1, claimed=5, accepted=5, **sums
    )
    assert "lines_sum_to_their_act" in broken()
