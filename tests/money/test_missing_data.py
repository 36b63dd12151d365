"""What was not loaded: told by name, never without a limit, never nothing in silence, and it stops
nobody else."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.engine.registers import BIN, OTHER
from tests.money.four_contracts import Two, accounts, choose, make_two
from tests.tiny import PEOPLE
from tests.workflow.people import World, at

from qor.engine.monitoring.month import NothingToRun
from qor.engine.settlement.unready import REASONS
from qor.interfaces import messages
from qor.interfaces.cli.main import main
from qor.interfaces.web.features.disputes.notices import worded
from qor.law.nouns.months import Month
from qor.workflow.acts.closing import close_acts
from qor.workflow.acts.models import ActLine, ContractSum, HeldService
from qor.workflow.acts.unready import unready_of
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.models import Notice
from qor.workflow.proof.ceilings import accepted_above_year

JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


@pytest.fixture
def two(tmp_path: Path, world: World) -> Two:
    """Two providers with two contracts each."""
    return make_two(tmp_path, world)


def missing(month: Month) -> set[tuple[str, str, str, str]]:
    """The list of a closing: contract, care form, kind, what."""
    return {(m.contract_no, m.care_form, m.kind, m.what) for m in unready_of(month)}


def test_a_provider_that_the_portal_does_not_know_stops_nobody(two: Two, world: World) -> None:
    """291/2020:18: a provider of the list without an organisation gets one and its act; the journal
    says so; the other is paid too."""
    accounts(two, BIN, OTHER)
    new = world.providers["75"].organisation
    assert new.bin == OTHER
    world.providers["75"].delete()
    new.delete()
    two.contract("K-1", "outpatient", "5000.00")
    two.contract("K-3", "outpatient", "5000.00")
    two.services(JANUARY, 1, "K-1")
    two.services(JANUARY, 2, "K-3")
    two.run(JANUARY)
    two.close(JANUARY)
    assert [two.act(JANUARY, number).to_pay for number in ("K-1", "K-3")] == [
        Decimal(1000),
        Decimal(2000),
    ]
    entered = Entry.objects.get(verb="enter_provider")
    assert (entered.facts["bin"], two.act(JANUARY, "K-3").provider.bin) == (OTHER, OTHER)


def test_a_line_without_a_sum_waits_until_it_has_one(two: Two) -> None:
    """291/2020:27: K-1's line has no sum, so its services wait and are named; the other contracts
    are paid; the sum comes, and they are paid within it."""
    accounts(two, BIN, OTHER)
    two.contract("K-1", "outpatient", None)
    two.contract("K-2", "pathology", "5000.00")
    two.contract("K-3", "outpatient", "5000.00")
    two.services(JANUARY, 3, "K-1")
    two.services(JANUARY, 2, "K-2", "pathology")
    two.services(JANUARY, 2, "K-3")
    two.run(JANUARY)
    closed = two.close(JANUARY)
    assert (two.act(JANUARY, "K-1").held, two.act(JANUARY, "K-1").to_pay) == (
        Decimal(3000),
        Decimal(0),
    )
    assert [two.act(JANUARY, number).to_pay for number in ("K-2", "K-3")] == [
        Decimal(2000),
        Decimal(2000),
    ]
    assert missing(JANUARY) == {
        ("K-1", "outpatient", "", "no_sum"),
        ("K-1", "outpatient", "", "line_without_sum"),
    }
    assert closed.unready == 2
    two.contract("K-1", "outpatient", "2000.00", line=50, valid_from="2026-02-01", agreement_no="2")
    two.services(FEBRUARY, 1, "K-3")
    two.run(FEBRUARY)
    two.close(FEBRUARY)
    act = two.act(FEBRUARY, "K-1")
    assert (act.released, act.beyond, act.to_pay) == (Decimal(3000), Decimal(1000), Decimal(2000))
    assert not HeldService.objects.filter(released_by__isnull=True).exists()
    assert missing(FEBRUARY) == {("K-1", "outpatient", "", "scale_not_loaded")}


def test_a_month_without_its_own_line_waits(two: Two) -> None:
    """291/2020:61: the contract has sums for January alone: February's services wait, they are not
    paid without a limit; January's are."""
    accounts(two, BIN, OTHER)
    two.contract("K-1", "outpatient", "2000.00", range(1, 2))
    two.contract("K-3", "outpatient", "2000.00")
    for month in (JANUARY, FEBRUARY):
        two.services(month, 2, "K-1")
        two.services(month, 2, "K-3")
        two.run(month)
        two.close(month)
    assert [two.act(JANUARY, n).to_pay for n in ("K-1", "K-3")] == [Decimal(2000), Decimal(2000)]
    assert [two.act(FEBRUARY, n).to_pay for n in ("K-1", "K-3")] == [Decimal(0), Decimal(2000)]
    assert (missing(JANUARY), missing(FEBRUARY)) == (set(), {("K-1", "outpatient", "", "no_sum")})
    waiting = next(m for m in unready_of(FEBRUARY) if m.what == "no_sum")
    assert (waiting.bin, waiting.services, waiting.amount) == (BIN, 2, Decimal(2000))


@pytest.mark.slow
def test_a_years_sum_is_no_sum_of_the_next_year(two: Two) -> None:
    """291/2020:13: a sum without months bounds its own year: K-1's, of 2025, leaves January 2026
    waiting; K-3's, of 2026, pays within it."""
    accounts(two, BIN, OTHER)
    line = {
        "line": 1,
        "care_form": "outpatient",
        "funding": "tmkkk",
        "service_code": "*",
        "amount": "1500.00",
    }
    two.load(
        "contracts",
        line | {"contract_no": "K-1", "bin": BIN, "valid_from": "2025-03-01"},
        line | {"contract_no": "K-3", "bin": OTHER, "valid_from": "2026-01-01"},
    )
    for number in ("K-1", "K-3"):
        two.services(JANUARY, 2, number)
    two.run(JANUARY)
    two.close(JANUARY)
    assert (two.act(JANUARY, "K-1").held, two.act(JANUARY, "K-1").to_pay) == (
        Decimal(2000),
        Decimal(0),
    )
    assert (two.act(JANUARY, "K-3").beyond, two.act(JANUARY, "K-3").to_pay) == (
        Decimal(500),
        Decimal(1500),
    )
    assert missing(JANUARY) == {("K-1", "outpatient", "", "no_sum")}


@pytest.mark.slow
def test_a_norm_that_comes_later_is_paid_in_its_own_month(two: Two) -> None:
    """291/2020:47, 43: no norm in January: named, not nothing in silence; loaded in February,
    both months are paid, each once; urgent care has none in either."""
    accounts(two, BIN, OTHER)
    two.contract("K-1", "primary", "900000.00")
    two.contract("K-3", "primary", "900000.00")
    two.load("norms", {"bin": OTHER, "kind": "КЖН", "valid_from": "2024-01-01", "value": "100.00"})
    for month in ("2026-01", "2026-02"):
        two.load(
            "attached",
            *(
                {"bin": b, "month": month, "sex": "f", "persons": n}
                for b, n in ((BIN, 7), (OTHER, 5))
            ),
            of=month,
        )
    two.services(JANUARY, 1, "K-3", "primary")
    two.run(JANUARY)
    two.close(JANUARY)
    urgent = {(number, "primary", "urgent_care", "no_norm") for number in ("K-1", "K-3")}
    assert missing(JANUARY) == {("K-1", "primary", "per_capita", "no_norm")} | urgent
    assert two.lines(JANUARY, "K-3")["2026-01", "primary", "per_capita"] == Decimal(500)
    two.load("norms", {"bin": BIN, "kind": "КЖН", "valid_from": "2024-01-01", "value": "200.00"})
    two.services(FEBRUARY, 1, "K-3", "primary")
    two.run(FEBRUARY)
    two.close(FEBRUARY)
    late, now = ("2026-01", "primary", "per_capita"), ("2026-02", "primary", "per_capita")
    assert two.lines(FEBRUARY, "K-1") == {late: Decimal(1400), now: Decimal(1400)}
    assert {key for key in two.lines(FEBRUARY, "K-3") if key[2]} == {now}
    assert missing(FEBRUARY) == urgent


def test_people_that_were_not_loaded_are_named(two: Two) -> None:
    """291/2020:39: an ambulance without a row of `attached` is paid nothing, by name; primary care
    is counted in the register, and that is said."""
    accounts(two, BIN, OTHER)
    two.contract("K-1", "ambulance", "900000.00")
    two.contract("K-3", "primary", "900000.00")
    norm = {"bin": "*", "valid_from": "2024-01-01", "value": "100.00"}
    two.load("norms", norm | {"kind": "КЖН"}, norm | {"kind": "ЖБН"})
    person = {
        "sex": "f",
        "birth_date": "1980-03-14",
        "attached_bin": OTHER,
        "attached_since": "2025-01-01",
        "iin": PEOPLE["A"],
    }
    two.load("people", person)
    two.services(JANUARY, 1, "K-3", "primary")
    two.run(JANUARY)
    two.close(JANUARY)
    assert missing(JANUARY) == {
        ("K-1", "ambulance", "per_capita", "no_attached"),
        ("K-3", "primary", "per_capita", "counted_from_register"),
        ("K-3", "primary", "urgent_care", "no_norm"),
    }
    two.load(
        "attached", {"bin": BIN, "month": "2026-01", "sex": "f", "persons": 7}, of="2026-01"
    )  # late, for a month that was closed
    two.load("attached", {"bin": BIN, "month": "2026-02", "sex": "f", "persons": 9}, of="2026-02")
    two.close(FEBRUARY)
    assert two.lines(FEBRUARY, "K-1") == {
        ("2026-01", "ambulance", "per_capita"): Decimal(700),
        ("2026-02", "ambulance", "per_capita"): Decimal(900),
    }


@pytest.mark.slow
def test_several_contracts_for_one_sum_are_named(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """291/2020:47: two contracts cover primary care: the first by number is paid and head office is
    told; or nothing is paid until it is decided."""
    accounts(two, BIN)
    for number in ("K-1", "K-2"):
        two.contract(number, "primary", "900000.00")
    two.load("norms", {"bin": "*", "kind": "КЖН", "valid_from": "2024-01-01", "value": "100.00"})
    for month in (JANUARY, FEBRUARY):
        two.load(
            "attached", {"bin": BIN, "month": str(month), "sex": "f", "persons": 7}, of=str(month)
        )
    two.close(JANUARY)
    several = {
        ("K-1", "primary", "per_capita", "several_contracts"),
        ("K-1", "primary", "urgent_care", "several_contracts"),
        ("K-1", "primary", "urgent_care", "no_norm"),
    }
    assert (two.act(JANUARY, "K-1").to_pay, missing(JANUARY)) == (Decimal(700), several)
    choose(monkeypatch, "per_capita_of_several_contracts", "wait")
    two.close(FEBRUARY)
    assert not ActLine.objects.filter(act__closing__month="2026-02").exists()
    assert missing(FEBRUARY) == several


def test_a_missing_account_is_told_to_who_can_give_it(two: Two) -> None:
    """291/2020:26: the act is made, no account stands: head office, the branch and the provider are
    told; a provider with an account is not."""
    accounts(two, OTHER)
    two.contract("K-1", "outpatient", "5000.00")
    two.contract("K-3", "outpatient", "5000.00")
    two.services(JANUARY, 2, "K-1")
    two.services(JANUARY, 2, "K-3")
    two.run(JANUARY)
    two.close(JANUARY)
    assert [(m.bin, m.what, m.amount) for m in unready_of(JANUARY)] == [
        (BIN, "no_bank_account", Decimal(2000))
    ]
    notices = Notice.objects.filter(state="unready.no_bank_account")
    assert {n.user for n in notices} == {
        two.world.office,
        two.world.accountants["71"],
        two.world.providers["71"],
    }
    assert "bank_accounts" in worded(notices[0])[1]


def test_a_complex_tariff_that_is_not_loaded_is_named(two: Two) -> None:
    """291/2020:28: patients of a form with a complex tariff are worth nothing without one: who and
    how many is said."""
    accounts(two, BIN, OTHER)
    two.contract("K-1", "mental", "900000.00")
    two.contract("K-3", "mental", "900000.00")
    two.load("norms", {"bin": OTHER, "kind": "КТ", "valid_from": "2024-01-01", "value": "300.00"})
    two.services(JANUARY, 3, "K-1", "mental")
    two.services(JANUARY, 3, "K-3", "mental")
    two.run(JANUARY)
    two.close(JANUARY)
    assert [(m.bin, m.care_form, m.what, m.services) for m in unready_of(JANUARY)] == [
        (BIN, "mental", "no_norm", 3)
    ]
    assert two.act(JANUARY, "K-3").to_pay == Decimal(900)


def test_a_month_without_services_closes_when_sums_are_due(two: Two) -> None:
    """291/2020:47: nobody was treated, the sum per capita is due all the same; not before the month
    is over, and not where nothing is due."""
    accounts(two, BIN)
    two.contract("K-3", "outpatient", "5000.00")
    with pytest.raises(NothingToRun):
        close_acts(two.lake, JANUARY, by="test", at=at(date(2026, 2, 20)))
    two.contract("K-1", "primary", "900000.00")
    two.load("norms", {"bin": "*", "kind": "КЖН", "valid_from": "2024-01-01", "value": "100.00"})
    two.load("attached", {"bin": BIN, "month": "2026-01", "sex": "f", "persons": 7}, of="2026-01")
    with pytest.raises(NothingToRun):
        close_acts(two.lake, JANUARY, by="test", at=at(date(2026, 1, 31)))
    two.close(JANUARY)
    assert two.act(JANUARY, "K-1").to_pay == Decimal(700)


def _agreement(two: Two, number: str, begins: str, line: int, sums: dict[range, str]) -> None:
    """Outpatient sums of K-1 restated by an agreement from a day on, for these months each."""
    for months, amount in sums.items():
        two.contract(
            "K-1", "outpatient", amount, months, line=line, valid_from=begins, agreement_no=number
        )


@pytest.mark.slow
def test_a_lessened_contract_is_held_to_its_lower_sum(two: Two) -> None:
    """291/2020:27, 291/2020:28: 24,000 a year; lessened to 6,000 in March: what January and
    February were paid stays, March finds what is left."""
    accounts(two, BIN, OTHER)
    two.contract("K-1", "outpatient", "2000.00")
    two.contract("K-3", "outpatient", "2000.00")
    for month in (JANUARY, FEBRUARY):
        two.services(month, 2, "K-1")
        two.services(month, 2, "K-3")
        two.run(month)
        two.close(month)
    _agreement(two, "2", "2026-03-01", 50, {range(1, 13): "500.00"})
    _agreement(two, "3", "2026-03-02", 70, {range(3, 4): "2000.00"})
    two.services(MARCH, 2, "K-1")
    two.services(MARCH, 2, "K-3")
    two.run(MARCH)
    two.close(MARCH)
    lessened = ContractSum.objects.get(closing__month="2026-03", contract_no="K-1")
    assert lessened.amount == Decimal(7500)
    assert [two.act(MARCH, n).to_pay for n in ("K-1", "K-3")] == [Decimal(2000), Decimal(2000)]
    april = Month(2026, 4)
    sums = {range(4, 5): "2000.00", range(5, 13): "0.00", range(1, 3): "0.00"}
    _agreement(two, "4", "2026-04-02", 80, sums)
    two.services(april, 2, "K-1")
    two.run(april)
    two.close(april, date(2026, 5, 20))
    # 4,000 for the year, 6,000 accepted before it was lessened
    assert two.act(april, "K-1").beyond == Decimal(2000)
    assert accepted_above_year() == []


@pytest.mark.slow
def test_verify_sees_a_closing_above_the_lower_sum(two: Two) -> None:
    """291/2020:27: had a later closing found a sum of 3,000 and still accepted 2,000 after 2,000,
    the proof says so; another year's sum does not help."""
    accounts(two, BIN, OTHER)
    for number in ("K-1", "K-3"):
        two.contract(number, "outpatient", "2000.00")
    for month in (JANUARY, FEBRUARY):
        for number in ("K-1", "K-3"):
            two.services(month, 2, number)
        two.run(month)
        two.close(month)
    closing = two.act(FEBRUARY, "K-1").closing
    ContractSum.objects.create(
        closing=closing, contract_no="K-1", year="2025", amount=Decimal(90000)
    )
    assert accepted_above_year() == []
    ContractSum.objects.create(
        closing=closing, contract_no="K-1", year="2026", amount=Decimal(3999)
    )
    assert accepted_above_year() == ["K-1"]


def test_a_service_for_a_closed_month_is_rejected_with_the_way_left(two: Two) -> None:
    """291/2020:19: it came late for a closed month: rejected, and told that another payment by
    reconciliation is left; one for an open month is taken."""
    accounts(two, BIN)
    two.contract("K-1", "outpatient", "5000.00")
    two.services(JANUARY, 1, "K-1")
    two.run(JANUARY)
    two.close(JANUARY)
    before = len(two.lake.paths("services"))
    two.services(JANUARY, 1, "K-1", start=9)
    assert len(two.lake.paths("services")) == before
    two.services(FEBRUARY, 1, "K-1", start=9)
    assert len(two.lake.paths("services")) == before + 1
    for language in ("kk", "ru", "en"):
        assert "291/2020" in messages.text("rows.frozen_month", language)


def test_the_command_prints_the_list(two: Two, capsys: pytest.CaptureFixture[str]) -> None:
    """291/2020:27: `money close` says what waits and what to load, as JSON and in words; each
    reason has its words in three languages."""
    accounts(two, BIN)
    two.contract("K-1", "outpatient", None)
    two.services(JANUARY, 3, "K-1")
    two.run(JANUARY)
    assert main(["money", "close", "2026-01", "--lake", str(two.lake.root), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert (
        "its services wait; load the contract's line" in printed
        and "3 000,00" in printed.replace("\u00a0", " ")
    )
    for what in REASONS:
        assert all(
            len(messages.text(f"unready.{what}", language)) > 20 for language in ("kk", "ru", "en")
        )
        assert len(what) <= 24
    entry = Entry.objects.filter(verb="close_acts").latest("pk")
    assert entry.facts["unready"] == 2
