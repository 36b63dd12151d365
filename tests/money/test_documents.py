"""Protocols and acts: who does what and by when, what the sums become, orders and advances; each
posting in the ledger."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.engine.registers import csv_text, load
from tests.workflow.people import World, an_act, at, seal

from qor.engine.storage.lake import Lake
from qor.interfaces.documents.bank_files import KINDS, bank_format
from qor.interfaces.documents.papers import as_pdf, as_workbook, paper_of
from qor.interfaces.documents.payer import Payer
from qor.interfaces.documents.payment_codes import payment_codes
from qor.law.nouns.identifiers import check_iban
from qor.law.nouns.months import Month
from qor.law.reading.machines import EventNotAllowed, TermIsOver
from qor.workflow.acts.actions import NothingCorrected, move, tick_acts
from qor.workflow.acts.fundings import FundingNotNamed
from qor.workflow.acts.models import Act, Debt, OtherSum
from qor.workflow.acts.netting import net_acts
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.disputes.actions import StatementMissing
from qor.workflow.disputes.rights import NotYours
from qor.workflow.ledger.postings import Account, Posting
from qor.workflow.proof import balances, verify
from qor.workflow.treasury.advances import owes
from qor.workflow.treasury.orders import (
    NotABankDay,
    OrderStands,
    confirm_paid,
    make_orders,
    repeat_order,
    return_order,
)
from qor.workflow.treasury.sending import send_orders

# closed; the term of three working days ends on 30 March: Nauryz lies between
FRIDAY = date(2026, 3, 20)
LAST = date(2026, 3, 30)
PAYER = Payer("Фонд", "990140000017", check_iban("KZ", "9990000000000000"), "DEMOKZKA")
FORMS = {kind: bank_format(kind, PAYER, payment_codes(), "utf-8") for kind in KINDS}
THOUSAND = Decimal("1000.00")


@pytest.fixture
def lake(tmp_path: Path, world: World) -> Lake:
    """A lake with the bank account of the provider in region 71, and its contract of the year
    before."""
    lake = Lake(tmp_path / "lake")
    bin_ = world.providers["71"].organisation.bin
    load(lake, tmp_path, "p.csv", csv_text([{"bin": bin_, "region": "71"}]), "providers", None)
    account = {
        "bin": bin_,
        "iban": check_iban("KZ", "9990000000000001"),
        "bic": "DEMOKZKA",
        "valid_from": "2024-01-01",
    }
    load(lake, tmp_path, "b.csv", csv_text([account]), "bank_accounts", None)
    ended = {
        "contract_no": "K-2025",
        "line": 1,
        "bin": bin_,
        "care_form": "outpatient",
        "funding": "tmkkk",
        "service_code": "*",
        "month": "2025-01",
        "amount": "500.00",
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
    }
    load(lake, tmp_path, "c.csv", csv_text([ended]), "contracts", None)
    return lake


def net(act: Act) -> None:
    """Net an act past the actions, and seal what that wrote."""
    with transaction.atomic():
        net_acts([act], Month(2026, 2), at(FRIDAY))
    seal(act=[act.pk])


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
    """291/2020:13, 291/2020:18, 291/2020:26: each side in its turn; payment within ten calendar
    days of the second signature."""
    act = an_act(world, claimed=THOUSAND)
    sign(act, world)
    act.refresh_from_db()
    assert (act.state, act.signed_on, act.pay_by) == ("signed", FRIDAY, FRIDAY + timedelta(days=10))
    with pytest.raises(EventNotAllowed):
        move(act.pk, "agree", by=world.providers["71"], at=at(FRIDAY))


@pytest.mark.parametrize(("on", "late"), [(LAST, False), (LAST + timedelta(days=1), True)])
def test_a_refusal_comes_within_three_working_days(world: World, on: date, late: bool) -> None:
    """291/2020:20: with holidays in between; a day later it is too late, and agreeing is still
    possible."""
    act = an_act(world, claimed=THOUSAND)
    if late:
        with pytest.raises(TermIsOver):
            move(act.pk, "refuse", by=world.providers["71"], at=at(on), statement="too little")
        assert move(act.pk, "agree", by=world.providers["71"], at=at(on)).state == "act_made"
    else:
        refused = move(
            act.pk, "refuse", by=world.providers["71"], at=at(on), statement="too little"
        )
        assert (refused.state, refused.due_on) == ("refused", date(2026, 4, 1))


def test_silence_decides_nothing(world: World) -> None:
    """The protocol that nobody answered is marked overdue once (291/2020:20 names no outcome)."""
    act = an_act(world, claimed=THOUSAND)
    assert tick_acts(at(LAST)) == 0
    assert (tick_acts(at(LAST + timedelta(days=1))), tick_acts(at(LAST + timedelta(days=2)))) == (
        1,
        0,
    )
    act.refresh_from_db()
    assert (act.state, act.overdue_since) == ("protocol_sent", LAST + timedelta(days=1))


def test_a_correction_needs_something_to_correct(world: World) -> None:
    """Another payment, entered with its ground, changes the sums; the version counts up."""
    act, accountant = an_act(world, claimed=THOUSAND), world.accountants["71"]
    move(act.pk, "refuse", by=world.providers["71"], at=at(FRIDAY), statement="a visit is missing")
    with pytest.raises(NothingCorrected):
        move(act.pk, "correct", by=accountant, at=at(FRIDAY), statement="x")
    enter_other(
        Other(
            act.provider,
            act.contract_no,
            True,
            OtherSum.Ground.RECONCILIATION,
            Decimal("250.00"),
            "a visit",
        ),
        by=accountant,
        at=at(FRIDAY),
    )
    corrected = move(act.pk, "correct", by=accountant, at=at(FRIDAY), statement="right")
    assert (corrected.version, corrected.accepted, corrected.to_pay) == (
        2,
        Decimal("1250.00"),
        Decimal("1250.00"),
    )
    assert broken() == []


def test_who_may_not(world: World) -> None:
    """Another provider, another region's accountant, the provider in the Fund's turn; a refusal
    without reasons."""
    act = an_act(world, claimed=THOUSAND)
    for user in (world.providers["75"], world.accountants["71"], world.office):
        with pytest.raises(NotYours):
            move(act.pk, "agree", by=user, at=at(FRIDAY))
    with pytest.raises(StatementMissing):
        move(act.pk, "refuse", by=world.providers["71"], at=at(FRIDAY), statement=" ")
    move(act.pk, "refuse", by=world.providers["71"], at=at(FRIDAY), statement="x")
    with pytest.raises(NotYours):
        move(act.pk, "send_again", by=world.accountants["75"], at=at(FRIDAY), statement="x")


def test_a_debt_is_netted_and_carried(world: World) -> None:
    """291/2020:19:2): a penalty above what the act comes to: nothing below zero, the rest is owed
    on, and taken from the next."""
    act, accountant = an_act(world, claimed=THOUSAND), world.accountants["71"]
    penalty = Other(
        act.provider,
        act.contract_no,
        False,
        OtherSum.Ground.PENALTY,
        Decimal("1300.00"),
        "no licence",
    )
    enter_other(penalty, by=accountant, at=at(FRIDAY))
    net(act)
    act.refresh_from_db()
    assert (act.other_deductions, act.accepted, act.to_pay) == (THOUSAND, Decimal(0), Decimal(0))
    assert owes(act.provider) and Debt.objects.get().amount == Decimal("1300.00")
    assert broken() == []


def send(day: date) -> None:
    """The made orders of a bank day go to the bank."""
    send_orders(day, FORMS["pain001"], by="x", at=at(FRIDAY))


def test_orders_of_a_bank_day(world: World, lake: Lake) -> None:
    """Only signed acts; once; made, sent, paid; returned by the bank, repeated; the ledger mirrors
    what came back (291/2020:26)."""
    act, day = an_act(world, claimed=THOUSAND), date(2026, 3, 26)
    assert make_orders(lake, day, by="x", at=at(FRIDAY)) == []
    sign(act, world)
    with pytest.raises(NotABankDay):
        make_orders(lake, date(2026, 3, 28), by="x", at=at(FRIDAY))
    (order,) = make_orders(lake, day, by="x", at=at(FRIDAY))
    assert make_orders(lake, day, by="x", at=at(FRIDAY)) == []
    with pytest.raises(OrderStands):
        confirm_paid([order.pk], by="x", at=at(LAST))
    send(day)
    assert make_orders(lake, day, by="x", at=at(FRIDAY)) == []
    assert (
        confirm_paid([order.pk], by="x", at=at(LAST)),
        confirm_paid([order.pk], by="x", at=at(LAST)),
    ) == (1, 0)
    assert cash() == -THOUSAND and broken() == []
    return_order(order.pk, by="x", at=at(LAST))
    assert cash() == 0
    again = repeat_order(lake, order.pk, date(2026, 3, 31), by="x", at=at(LAST))
    with pytest.raises(OrderStands):
        repeat_order(lake, order.pk, date(2026, 3, 31), by="x", at=at(LAST))
    send_orders(date(2026, 3, 31), FORMS["csv"], by="x", at=at(LAST))
    confirm_paid([again.pk], by="x", at=at(LAST))
    assert cash() == -THOUSAND and broken() == []


def cash() -> Decimal:
    """What left the Fund's account, by the ledger."""
    return balances().get(Account.CASH.value, Decimal(0))


def test_a_payment_of_an_ended_contract_waits_for_its_own_act(world: World, lake: Lake) -> None:
    """Last year's contract has no act here: another contract's act takes nothing of it
    (291/2020:21: an act a contract)."""
    act = an_act(world, claimed=THOUSAND)
    ended = Other(
        act.provider,
        "K-2025",
        True,
        OtherSum.Ground.COURT,
        Decimal("70.00"),
        "by the court",
        "tmkkk",
    )
    other = enter_other(ended, by=world.office, at=at(FRIDAY), lake=lake)
    assert isinstance(other, OtherSum)
    net(act)
    other.refresh_from_db()
    assert (act.other_payments, act.to_pay, other.act) == (Decimal(0), THOUSAND, None)
    assert broken() == []


def test_whose_money_it_is_must_be_said(world: World, lake: Lake) -> None:
    """A contract without an act tells no funding: a sum that names none is refused."""
    act = an_act(world, claimed=THOUSAND)
    unknown = Other(
        act.provider, "K-2025", True, OtherSum.Ground.COURT, Decimal("70.00"), "by the court"
    )
    with pytest.raises(FundingNotNamed):
        enter_other(unknown, by=world.office, at=at(FRIDAY), lake=lake)
    known = replace(unknown, contract_no=act.contract_no)
    assert enter_other(known, by=world.office, at=at(FRIDAY)).funding == "tmkkk"


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("kind", ["register", "protocol", "act"])
def test_papers(world: World, language: str, kind: str) -> None:
    """PDF/A and a workbook with the same sums, in Kazakh and in Russian."""
    paper = paper_of(an_act(world, claimed=THOUSAND, held=Decimal("100.00")), kind, language)
    assert as_pdf(paper, language).startswith(b"%PDF-1.") and as_workbook(paper).startswith(b"PK")
    assert (
        paper.sums[-1][1]
        == paper.figures[0][-1]
        == (THOUSAND if kind == "register" else Decimal("900.00"))
    )


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
    Posting.objects.create(act_id=act.pk, amount=Decimal(5), cause="x", at=at(FRIDAY), **facts)
    assert set(broken()) == {
        "claims_are_empty_after_a_closing",
        "each_act_is_payable_once",
        "replay_gives_the_same_ledger",
        "every_row_is_sealed",
        "every_posting_has_its_document",
        *(
            f"the_documents_give_the_ledger_by_{key}"
            for key in ("act", "contract", "provider", "funding")
        ),
    }
    for wrong in ({"amount": Decimal(-5)}, {"amount": Decimal(5), "credit": "claims"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Posting.objects.create(cause="x", at=at(FRIDAY), **(facts | wrong))
    sums = dict.fromkeys(("released", "returned", "held", "disallowed", "beyond", "sanction"), 0)
    act.lines.create(
        care_form="blood",
        funding="tmkkk",
        service_month="2026-02",
        services=1,
        claimed=5,
        accepted=5,
        **sums,
    )
    assert "lines_sum_to_their_act" in broken()
